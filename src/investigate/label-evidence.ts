import type { Label } from '../domain/label';
import { judgeShift, pairedShift, type ShiftVerdict } from '../stats/attribution';
import { standardErrorOfMean, mean } from '../stats/moments';
import { type Effect, MINIMAL_EFFECT } from './effect';

/** What people's labels say about the change. */
export interface LabelEvidence {
  /** Change of (label - published score) on production items; null with too few labels. */
  readonly gap: Effect | null;
  readonly labelsBefore: number;
  readonly labelsAfter: number;
  /** The same frozen items labelled again: change of the label; null when nobody did. */
  readonly relabelled: Effect | null;
  readonly relabelledItems: number;
  readonly relabelledVerdict: ShiftVerdict | null;
}

const LEAST_LABELS = 20;

export function labelEvidence(before: readonly Label[], after: readonly Label[], criterion: string): LabelEvidence {
  const [a, b] = [before, after].map((labels) => labels.filter((label) => counts(label, criterion))) as [
    Label[],
    Label[],
  ];
  const gaps = [a, b].map((labels) => labels.flatMap(gapOf)) as [number[], number[]];
  const isKnown = Math.min(gaps[0].length, gaps[1].length) >= LEAST_LABELS;
  const again = relabelled(a, b);
  return {
    gap: isKnown
      ? {
          change: mean(gaps[1])! - mean(gaps[0])!,
          standardError: Math.hypot(standardErrorOfMean(gaps[0]) ?? 0, standardErrorOfMean(gaps[1]) ?? 0),
        }
      : null,
    labelsBefore: gaps[0].length,
    labelsAfter: gaps[1].length,
    ...again,
  };
}

function counts({ criterion, outcome, value }: Label, wanted: string): boolean {
  return (wanted === '' || criterion === wanted) && outcome === 'labelled' && value !== null;
}

function gapOf({ reason, value, score }: Label): number[] {
  return reason === 'golden' || score === null || value === null ? [] : [value - score];
}

/** Frozen items with a label of either period. */
function relabelled(
  before: readonly Label[],
  after: readonly Label[],
): Pick<LabelEvidence, 'relabelled' | 'relabelledItems' | 'relabelledVerdict'> {
  const means = [before, after].map((labels) => {
    const byItem = new Map<string, number[]>();
    for (const { reason, interactionId, criterion, value } of labels) {
      if (reason !== 'golden' || value === null) continue;
      const key = `${interactionId}\u0000${criterion}`;
      byItem.set(key, [...(byItem.get(key) ?? []), value]);
    }
    return byItem;
  }) as [Map<string, number[]>, Map<string, number[]>];
  const shared = [...means[0].keys()].filter((key) => means[1].has(key));
  const shift = pairedShift(
    shared.map((key) => mean(means[0].get(key) ?? [])),
    shared.map((key) => mean(means[1].get(key) ?? [])),
  );
  if (shift === null || shared.length < LEAST_LABELS) {
    return { relabelled: null, relabelledItems: shared.length, relabelledVerdict: null };
  }
  return { relabelled: shift, relabelledItems: shared.length, relabelledVerdict: judgeShift(shift, MINIMAL_EFFECT) };
}
