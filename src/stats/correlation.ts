import { type Interval, Z_95 } from './interval';
import { covariance, requireSameLength, variance } from './moments';
import { averageRanks } from './ranks';

/** A correlation this close to +-1 is exact but for rounding: its interval is a point and is not reported. */
const PERFECT = 1 - 1e-12;

/** Pearson's correlation, in [-1, 1]; null below two pairs or when either side is constant. */
export function pearson(xs: readonly number[], ys: readonly number[]): number | null {
  const together = covariance(xs, ys, 0);
  const spreadX = variance(xs, 0);
  const spreadY = variance(ys, 0);
  if (together === null || spreadX === null || spreadY === null) return null;
  if (isConstant(xs) || isConstant(ys)) return null;
  return Math.min(1, Math.max(-1, together / Math.sqrt(spreadX * spreadY)));
}

/** Spearman's correlation: Pearson's of the average ranks, ties shared. Null as for `pearson`. */
export function spearman(xs: readonly number[], ys: readonly number[]): number | null {
  return pearson(averageRanks(xs), averageRanks(ys));
}

/**
 * Kendall's tau-b, corrected for ties, in [-1, 1]; null when either side is constant or empty. Looks at every pair:
 * time grows with n^2, so keep it to a few thousand pairs.
 * Source: Kendall 1945.
 */
export function kendallTauB(xs: readonly number[], ys: readonly number[]): number | null {
  requireSameLength(xs, ys);
  let concordance = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      const signX = Math.sign(xs[i]! - xs[j]!);
      const signY = Math.sign(ys[i]! - ys[j]!);
      concordance += signX * signY;
      if (signX !== 0) untiedX++;
      if (signY !== 0) untiedY++;
    }
  }
  return untiedX === 0 || untiedY === 0 ? null : concordance / (Math.sqrt(untiedX) * Math.sqrt(untiedY));
}

/** Fisher's interval of Pearson's r from n pairs, 95 % by default; null when r is, when |r| = 1, or n <= 3. */
export function pearsonInterval(r: number | null, n: number, z: number = Z_95): Interval | null {
  return fisherInterval(r, n - 3, 1, z);
}

/**
 * Interval of Spearman's r with the variance (1 + r^2/2)/(n - 3) on Fisher's scale; null as for `pearsonInterval`.
 * Source: Bonett & Wright 2000.
 */
export function spearmanInterval(r: number | null, n: number, z: number = Z_95): Interval | null {
  return fisherInterval(r, n - 3, 1 + (r ?? 0) ** 2 / 2, z);
}

/** `tanh(atanh r +- z sqrt(inflation / freedom))`; null when r is null or +-1 or no freedom is left. */
export function fisherInterval(
  r: number | null,
  freedom: number,
  inflation: number,
  z: number = Z_95,
): Interval | null {
  if (r === null || Math.abs(r) >= PERFECT || freedom <= 0) return null;
  const center = Math.atanh(r);
  const half = z * Math.sqrt(inflation / freedom);
  return [Math.tanh(center - half), Math.tanh(center + half)];
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
