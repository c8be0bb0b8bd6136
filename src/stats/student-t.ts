import { betaCdf, betaLogitQuantile } from './beta';

/** CDF of Student's t with `freedom` > 0 degrees of freedom (any real number). */
export function studentTCdf(t: number, freedom: number): number {
  const total = freedom + t * t;
  const tail = betaCdf(freedom / total, freedom / 2, 0.5, (t * t) / total) / 2;
  return t <= 0 ? tail : 1 - tail;
}

/** t with studentTCdf(t, freedom) = p, for p in (0, 1); -Infinity at 0, Infinity at 1. */
export function studentTQuantile(p: number, freedom: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentTQuantile(1 - p, freedom);
  return -Math.sqrt(freedom * Math.exp(-betaLogitQuantile(2 * p, freedom / 2, 0.5)));
}

/** Two-sided p-value of a t statistic. */
export function studentTTwoSidedP(t: number, freedom: number): number {
  return 2 * studentTCdf(-Math.abs(t), freedom);
}
