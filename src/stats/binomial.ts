import { betaCdf } from './beta';

/** P(X <= k) of a binomial count X of n trials with success probability p; 0 for k < 0, 1 for k >= n. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  const whole = Math.floor(k);
  return betaCdf(1 - p, n - whole, whole + 1, p);
}

/**
 * Exact two-sided p-value of McNemar's test: the discordant pairs split as b against c under a fair coin,
 * min(1, 2 P(X <= min(b, c))). 1 when there are no discordant pairs.
 * Source: McNemar 1947, exact binomial form.
 */
export function mcnemarExactP(b: number, c: number): number {
  return b + c === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(b, c), b + c, 0.5));
}
