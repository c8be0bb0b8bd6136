import { requireSameLength } from './moments';

/** One period: traffic shares per segment (any positive scale) and means per segment and criterion, null when unseen. */
export interface PeriodMix {
  readonly weights: readonly number[];
  /** `means[s][c]`. */
  readonly means: readonly (readonly (number | null)[])[];
}

/** A change of the overall mean, split without remainder: delta = withinTotal + mixTotal. */
export interface MixShift {
  readonly total0: number;
  readonly total1: number;
  readonly delta: number;
  /** What changed inside a segment, per criterion (`[s][c]`) and summed. */
  readonly withinBySegmentCriterion: readonly (readonly number[])[];
  readonly withinBySegment: readonly number[];
  /** What a segment's change of traffic share did. */
  readonly mixBySegment: readonly number[];
  readonly withinTotal: number;
  readonly mixTotal: number;
  /** Oaxaca-Blinder three-fold, against the first period. */
  readonly oaxaca: { readonly explained: number; readonly unexplained: number; readonly interaction: number };
  /** The total and the changes within segments go opposite ways. */
  readonly signReversal: boolean;
  /** The same, and every single segment goes against the total. */
  readonly simpson: boolean;
}

/**
 * Exact attribution of a change of the mean to traffic mix and to segments x criteria (Shapley value of the two
 * factors). Shares and criteria weights are scaled to sum to 1. A mean missing in one period is taken from the other, so
 * a new or vanished segment is all mix; a segment unseen in both must have no traffic, otherwise it throws.
 *
 * Source: Oaxaca 1973; Blinder 1973; Shapley 1953; Das Gupta 1993 (symmetric two-factor decomposition).
 */
export function attributeMixShift(before: PeriodMix, after: PeriodMix, criteriaWeights: readonly number[]): MixShift {
  requireSameLength(before.weights, after.weights);
  const beta = toShares(criteriaWeights);
  const [w0, w1] = [toShares(before.weights), toShares(after.weights)];
  const m0 = filledMeans(before, after, w0, w1);
  const m1 = filledMeans(after, before, w0, w1);
  const s0 = m0.map((row) => dot(beta, row));
  const s1 = m1.map((row) => dot(beta, row));
  const [total0, total1] = [dot(w0, s0), dot(w1, s1)];
  const delta = total1 - total0;
  const withinBySegmentCriterion = m0.map((row, s) =>
    row.map((mean, c) => ((beta[c]! * (w0[s]! + w1[s]!)) / 2) * (m1[s]![c]! - mean)),
  );
  const withinBySegment = withinBySegmentCriterion.map((row) => row.reduce((a, b) => a + b, 0));
  const mixBySegment = w0.map((w, s) => (w1[s]! - w) * ((s0[s]! + s1[s]!) / 2 - (total0 + total1) / 2));
  const withinTotal = withinBySegment.reduce((a, b) => a + b, 0);
  const change = s0.map((level, s) => s1[s]! - level);
  const shift = w0.map((w, s) => w1[s]! - w);
  const signReversal = delta * withinTotal < 0;
  return {
    total0,
    total1,
    delta,
    withinBySegmentCriterion,
    withinBySegment,
    mixBySegment,
    withinTotal,
    mixTotal: mixBySegment.reduce((a, b) => a + b, 0),
    oaxaca: { explained: dot(shift, s0), unexplained: dot(w0, change), interaction: dot(shift, change) },
    signReversal,
    simpson: change.every((value) => value * delta < 0),
  };
}

/** Means of one period with gaps filled from the other. */
function filledMeans(period: PeriodMix, other: PeriodMix, w0: readonly number[], w1: readonly number[]): number[][] {
  return period.means.map((row, s) =>
    row.map((mean, c) => {
      const known = mean ?? other.means[s]?.[c] ?? null;
      if (known === null && w0[s]! + w1[s]! > 0) {
        throw new RangeError(`segment ${s}, criterion ${c} has traffic but no mean in either period`);
      }
      return known ?? 0;
    }),
  );
}

function toShares(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (total === 0 ? 0 : weight / total));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}
