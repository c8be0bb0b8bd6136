import { betaQuantile } from './beta';
import { type Interval, Z_95 } from './interval';

/**
 * Wilson's score interval of a proportion, k successes of n; 95 % by default. Null when n = 0.
 * Source: Wilson 1927.
 */
export function wilsonInterval(k: number, n: number, z: number = Z_95): Interval | null {
  if (n === 0) return null;
  const p = k / n;
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const center = p + (z * z) / (2 * n);
  const scale = 1 + (z * z) / n;
  return [(center - spread) / scale, (center + spread) / scale];
}

/**
 * Clopper-Pearson: covers at least 1 - alpha whatever the proportion. [0, 1] when n = 0.
 * Source: Clopper & Pearson 1934, as beta quantiles.
 */
export function clopperPearsonInterval(k: number, n: number, alpha: number = 0.05): Interval {
  return [clopperPearsonLower(k, n, alpha / 2), clopperPearsonUpper(k, n, alpha / 2)];
}

/** One-sided lower bound that is above the true proportion with probability at most alpha; 0 when k = 0. */
export function clopperPearsonLower(k: number, n: number, alpha: number = 0.05): number {
  return k === 0 ? 0 : betaQuantile(alpha, k, n - k + 1);
}

/** One-sided upper bound that is below the true proportion with probability at most alpha; 1 when k = n. */
export function clopperPearsonUpper(k: number, n: number, alpha: number = 0.05): number {
  return k === n ? 1 : betaQuantile(1 - alpha, k + 1, n - k);
}

/** Equal-tailed interval of the Beta(k + 1/2, n - k + 1/2) posterior (prior of Jeffreys), ends not moved to 0 or 1. */
export function jeffreysInterval(k: number, n: number, alpha: number = 0.05): Interval {
  return [betaQuantile(alpha / 2, k + 0.5, n - k + 0.5), betaQuantile(1 - alpha / 2, k + 0.5, n - k + 0.5)];
}

/**
 * Interval of the difference of two independent proportions k1/n1 - k2/n2 from their Wilson limits. Null when either
 * sample is empty.
 * Source: Newcombe 1998, method 10 (hybrid score).
 */
export function newcombeInterval(k1: number, n1: number, k2: number, n2: number, z: number = Z_95): Interval | null {
  const first = wilsonInterval(k1, n1, z);
  const second = wilsonInterval(k2, n2, z);
  if (first === null || second === null) return null;
  const p1 = k1 / n1;
  const p2 = k2 / n2;
  return [p1 - p2 - Math.hypot(p1 - first[0], second[1] - p2), p1 - p2 + Math.hypot(first[1] - p1, p2 - second[0])];
}
