import { type AipwState, emptyAipw, recordAipw, snapshotAipw } from '../stats/aipw';
import { allocateEscalations } from '../stats/escalation-allocation';
import { Z_95 } from '../stats/interval';

/** An item that could be labelled. */
export interface PlannedItem {
  /** Probability that people would pass it, as far as judges tell; fixed before any label is drawn. */
  readonly predicted: number;
  /** Published series that the item belongs to, e.g. `product=support`. */
  readonly series: string;
}

export interface LabelPlan {
  /** Probability of being labelled, in [floor, 1], in the order of the items; log it with the label. */
  readonly probabilities: readonly number[];
  readonly expectedLabels: number;
}

export interface PlanOptions {
  /** Labels to be spent, on average. */
  readonly labels: number;
  /** Least share of the uniform probability that every item keeps; default 0.3. It bounds what a confident error costs. */
  readonly uniformShare?: number;
}

const UNIFORM_SHARE = 0.3;
/** Nobody is as sure as a fitted probability of 0 or 1. */
const LEAST_DOUBT = 0.01;

/**
 * Spends labels where they narrow the published intervals most: with probabilities in proportion to the doubt about the
 * item, over the size of its series, so that a small series is not starved. The estimate by `plannedMean` is unbiased
 * whatever the predictions are worth.
 * Source: Zrnic & Candes, arXiv:2403.03208 (optimal sampling rule); Neyman 1934.
 */
export function planLabels(
  items: readonly PlannedItem[],
  { labels, uniformShare = UNIFORM_SHARE }: PlanOptions,
): LabelPlan {
  if (items.length === 0) return { probabilities: [], expectedLabels: 0 };
  const sizes = new Map<string, number>();
  for (const { series } of items) sizes.set(series, (sizes.get(series) ?? 0) + 1);
  const doubts = items.map(({ predicted, series }) => doubtOf(predicted) / (sizes.get(series) ?? 1));
  const floor = Math.min(1, (uniformShare * labels) / items.length);
  const { pi, cost } = allocateEscalations(
    doubts,
    items.map(() => 1),
    Math.min(labels, items.length),
    Math.max(floor, Number.EPSILON),
  );
  return { probabilities: pi, expectedLabels: cost };
}

export interface PlannedMean {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly labels: number;
}

/**
 * Mean label of all items from the labels of some: predictions, put right where a label is known. Null below two items.
 * @param labels null where none was drawn.
 */
export function plannedMean(
  predicted: readonly number[],
  labels: readonly (number | null)[],
  probabilities: readonly number[],
): PlannedMean | null {
  let state: AipwState = emptyAipw();
  predicted.forEach((g, i) => (state = recordAipw(state, g, labels[i] ?? null, probabilities[i]!)));
  const { mean, standardError, escalated } = snapshotAipw(state);
  if (mean === null || standardError === null) return null;
  return { mean, lower: mean - Z_95 * standardError, upper: mean + Z_95 * standardError, labels: escalated };
}

/**
 * Half-width of the 95 % interval that labels drawn by these probabilities would give, by series, if the predictions'
 * own doubt is right. What ten more labels buy is the difference of two plans.
 */
export function expectedHalfWidths(
  items: readonly PlannedItem[],
  probabilities: readonly number[],
): ReadonlyMap<string, number> {
  const sums = new Map<string, { n: number; predicted: number; squares: number; doubt: number }>();
  items.forEach(({ predicted, series }, i) => {
    const sum = sums.get(series) ?? { n: 0, predicted: 0, squares: 0, doubt: 0 };
    sums.set(series, {
      n: sum.n + 1,
      predicted: sum.predicted + predicted,
      squares: sum.squares + predicted * predicted,
      doubt: sum.doubt + doubtOf(predicted) ** 2 / probabilities[i]!,
    });
  });
  return new Map(
    [...sums].map(([series, { n, predicted, squares, doubt }]) => {
      const spread = squares / n - (predicted / n) ** 2;
      return [series, Z_95 * Math.sqrt((spread + doubt / n) / n)];
    }),
  );
}

/** Standard deviation of a label whose probability is known. */
function doubtOf(predicted: number): number {
  const p = Math.min(1 - LEAST_DOUBT, Math.max(LEAST_DOUBT, predicted));
  return Math.sqrt(p * (1 - p));
}
