import { pairedWinP } from './stale-weights';

/** One item with a label that neither combination was learned from. */
export interface PromotionItem {
  readonly label: 0 | 1;
  readonly current: 0 | 1;
  readonly candidate: 0 | 1;
  readonly ageDays: number;
}

/** What becomes of newly learned weights. A promotion starts a new series: `offset` is how far its level moves. */
export type Promotion =
  | { readonly kind: 'promoted'; readonly p: number; readonly offset: number; readonly gain: number }
  | { readonly kind: 'kept'; readonly p: number; readonly gain: number }
  | {
      readonly kind: 'refused';
      readonly reason: 'too few labels' | 'labels too old';
      readonly have: number;
      readonly want: number;
    };

export interface PromotionOptions {
  /** Default 100. */
  readonly fewestLabels?: number;
  /** Labels older than this say little about today's judges; default 90 days. */
  readonly oldestDays?: number;
  /** Level of the paired test; default 0.05. */
  readonly level?: number;
}

/**
 * Promotes only what is better on other labels by a paired test: one-sided exact sign test over the items that only one
 * of the two gets right. `gain` is in share right, `offset` in share passed, both candidate minus current.
 * Source: McNemar 1947 (exact form).
 */
export function decidePromotion(items: readonly PromotionItem[], options: PromotionOptions = {}): Promotion {
  const { fewestLabels = 100, oldestDays = 90, level = 0.05 } = options;
  const recent = items.filter((item) => item.ageDays <= oldestDays);
  if (items.length < fewestLabels) {
    return { kind: 'refused', reason: 'too few labels', have: items.length, want: fewestLabels };
  }
  if (recent.length < fewestLabels) {
    return { kind: 'refused', reason: 'labels too old', have: recent.length, want: fewestLabels };
  }
  const count = (holds: (item: PromotionItem) => boolean): number => recent.filter(holds).length;
  const currentOnly = count(({ label, current, candidate }) => current === label && candidate !== label);
  const candidateOnly = count(({ label, current, candidate }) => current !== label && candidate === label);
  const p = pairedWinP(currentOnly, candidateOnly);
  const gain = (candidateOnly - currentOnly) / recent.length;
  if (p > level) return { kind: 'kept', p, gain };
  const offset = (count(({ candidate }) => candidate === 1) - count(({ current }) => current === 1)) / recent.length;
  return { kind: 'promoted', p, gain, offset };
}
