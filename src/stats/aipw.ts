import { type Interval, waldInterval } from './interval';

/**
 * Sums over items of which only some were escalated to the ensemble. Plain JSON; two states merge by addition, so a
 * window is the sum of its buckets. Eight numbers whatever the number of items.
 */
export interface AipwState {
  /** Items, escalated or not. */
  readonly n: number;
  /** Sum of the pseudo-outcomes and of their squares. */
  readonly sumPhi: number;
  readonly sumPhiSquared: number;
  /** Sum of the cheap judge's scores. */
  readonly sumCheap: number;
  /** Over escalated items, with weight 1/pi: sum of weights, of squared weights, of weight times ensemble score. */
  readonly sumWeight: number;
  readonly sumWeightSquared: number;
  readonly sumWeightedScore: number;
  /** Items escalated. */
  readonly escalated: number;
}

/** What an `AipwState` says about the mean ensemble score over all items. Null = not defined for so few items. */
export interface AipwSnapshot {
  readonly n: number;
  readonly escalated: number;
  /** AIPW estimate, null without items. Unbiased, hence not confined to [0, 1]; clip when displaying. */
  readonly mean: number | null;
  /** Sample variance of the pseudo-outcomes (n - 1), null below two items. */
  readonly variance: number | null;
  readonly standardError: number | null;
  /** Mean of the cheap scores: biased, for comparison only. */
  readonly cheapMean: number | null;
  /** Mean of xi y / pi. */
  readonly horvitzThompson: number | null;
  /** Horvitz-Thompson with estimated size: confined to the range of the scores; null when nothing was escalated. */
  readonly hajek: number | null;
  /** Kish: number of equally weighted escalations worth as much, (sum w)^2 / sum w^2; 0 when nothing was escalated. */
  readonly effectiveSampleSize: number;
}

/**
 * Pseudo-outcome of one item: `cheap + (1/pi)(ensemble - cheap)` when escalated, else `cheap`. Its expectation over the
 * draw is the ensemble's score, however poor the cheap judge is.
 *
 * @param cheap the cheap judge's score in [0, 1], or a prediction of the ensemble's score fixed before this item.
 * @param ensemble the ensemble's score in [0, 1]; null when the item was not escalated.
 * @param pi probability of escalation fixed before the draw, in (0, 1]. The result lies in [1 - 1/pi, 1/pi].
 *
 * Source: Robins, Rotnitzky & Zhao 1994; Zrnic & Candes, Active Statistical Inference, arXiv:2403.03208.
 */
export function pseudoOutcome(cheap: number, ensemble: number | null, pi: number): number {
  return ensemble === null ? cheap : cheap + (ensemble - cheap) / pi;
}

/** Range of a pseudo-outcome of scores in [0, 1] when no pi is below `floor` (0 < floor <= 1): [1 - 1/floor, 1/floor]. */
export function pseudoOutcomeRange(floor: number): Interval {
  return [1 - 1 / floor, 1 / floor];
}

/** The state before the first item. */
export function emptyAipw(): AipwState {
  return {
    n: 0,
    sumPhi: 0,
    sumPhiSquared: 0,
    sumCheap: 0,
    sumWeight: 0,
    sumWeightSquared: 0,
    sumWeightedScore: 0,
    escalated: 0,
  };
}

/**
 * State after one more item; arguments as in `pseudoOutcome`. Throws when pi is outside (0, 1]: such a draw has no
 * unbiased estimate, and the caller must have turned the record away.
 */
export function recordAipw(state: AipwState, cheap: number, ensemble: number | null, pi: number): AipwState {
  const added = new Float64Array(AIPW_SUMS.length);
  writeAipw(added, 0, cheap, ensemble, pi);
  return {
    n: state.n + 1,
    sumPhi: state.sumPhi + added[1]!,
    sumPhiSquared: state.sumPhiSquared + added[2]!,
    sumCheap: state.sumCheap + cheap,
    sumWeight: state.sumWeight + added[4]!,
    sumWeightSquared: state.sumWeightSquared + added[5]!,
    sumWeightedScore: state.sumWeightedScore + added[6]!,
    escalated: state.escalated + added[7]!,
  };
}

/** The sums of an `AipwState`, in the order in which `writeAipw` writes what an item adds to them. */
export const AIPW_SUMS = [
  'n',
  'sumPhi',
  'sumPhiSquared',
  'sumCheap',
  'sumWeight',
  'sumWeightSquared',
  'sumWeightedScore',
  'escalated',
] as const satisfies readonly (keyof AipwState)[];

/** What one item adds to the sums, for who adds it to many; arguments and errors as in `recordAipw`. */
export function writeAipw(to: Float64Array, at: number, cheap: number, ensemble: number | null, pi: number): void {
  if (!(pi > 0 && pi <= 1)) throw new RangeError(`inclusion probability ${pi} is outside (0, 1]`);
  const phi = pseudoOutcome(cheap, ensemble, pi);
  const weight = ensemble === null ? 0 : 1 / pi;
  to[at] = 1;
  to[at + 1] = phi;
  to[at + 2] = phi * phi;
  to[at + 3] = cheap;
  to[at + 4] = weight;
  to[at + 5] = weight * weight;
  to[at + 6] = ensemble === null ? 0 : weight * ensemble;
  to[at + 7] = ensemble === null ? 0 : 1;
}

/** State of both sets of items together. Associative and order-free up to rounding. */
export function mergeAipw(a: AipwState, b: AipwState): AipwState {
  return {
    n: a.n + b.n,
    sumPhi: a.sumPhi + b.sumPhi,
    sumPhiSquared: a.sumPhiSquared + b.sumPhiSquared,
    sumCheap: a.sumCheap + b.sumCheap,
    sumWeight: a.sumWeight + b.sumWeight,
    sumWeightSquared: a.sumWeightSquared + b.sumWeightSquared,
    sumWeightedScore: a.sumWeightedScore + b.sumWeightedScore,
    escalated: a.escalated + b.escalated,
  };
}

/** Reads the estimates out of a state. The plain mean of escalated items is left out on purpose: it is biased. */
export function snapshotAipw(state: AipwState): AipwSnapshot {
  const { n, escalated, sumPhi, sumWeight } = state;
  const variance = n < 2 ? null : Math.max(0, (state.sumPhiSquared - (sumPhi * sumPhi) / n) / (n - 1));
  return {
    n,
    escalated,
    mean: n === 0 ? null : sumPhi / n,
    variance,
    standardError: variance === null ? null : Math.sqrt(variance / n),
    cheapMean: n === 0 ? null : state.sumCheap / n,
    horvitzThompson: n === 0 ? null : state.sumWeightedScore / n,
    hajek: sumWeight === 0 ? null : state.sumWeightedScore / sumWeight,
    effectiveSampleSize: sumWeight === 0 ? 0 : (sumWeight * sumWeight) / state.sumWeightSquared,
  };
}

/**
 * Interval `mean +- z se` for a window fixed in advance (95 % by default); null below two items. Looked at after every
 * item it is wrong far more often than stated: use `confidence-sequence.ts` for that.
 */
export function fixedTimeInterval(snapshot: AipwSnapshot, z?: number): Interval | null {
  const { mean, standardError } = snapshot;
  return mean === null || standardError === null ? null : waldInterval(mean, standardError, z);
}
