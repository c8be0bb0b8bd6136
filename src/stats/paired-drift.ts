import { mean, requireSameLength } from './moments';
import { quantiles } from './quantile';
import type { Interval } from './interval';

/** Up to so many pairs the permutation test visits all sign vectors. */
const LARGEST_EXACT = 32;
/** Sums within this of each other count as equal. */
const TIE_SLACK = 1e-9;

/** Bets of the sign-flip e-value: both directions, small to large drifts of scores in [0, 1]. */
export const SIGN_FLIP_BETS: readonly number[] = [-8, -4, -2, 2, 4, 8];

/** now - before, item by item: positive when the judge has become more generous. */
export function pairedDifferences(before: readonly number[], now: readonly number[]): number[] {
  requireSameLength(before, now);
  return now.map((value, i) => value - before[i]!);
}

/**
 * Exact two-sided p-value for "differences are as likely up as down": the share of all 2^n sign vectors with a sum at
 * least as large in size. Zero differences are kept; 1 without any. Throws above 32 pairs; use `sampledSignFlipP`. The sums of
 * each half of the pairs are listed and matched, so 2^(n/2) sums stand for 2^n sign vectors.
 * Source: Fisher 1935.
 */
export function exactSignFlipP(differences: readonly number[]): number {
  const n = differences.length;
  if (n > LARGEST_EXACT)
    throw new RangeError(`${n} pairs are too many for all sign vectors (at most ${LARGEST_EXACT})`);
  const observed = Math.abs(differences.reduce((a, b) => a + b, 0)) - TIE_SLACK;
  if (observed <= 0) return 1;
  const half = Math.floor(n / 2);
  const others = signedSums(differences.slice(half)).sort();
  let extreme = 0;
  for (const sum of signedSums(differences.slice(0, half))) {
    extreme += others.length - countBelow(others, observed - sum) + countUpTo(others, -observed - sum);
  }
  return extreme / 2 ** n;
}

/**
 * The same from `draws` random sign vectors, (1 + extreme) / (draws + 1); `random` gives numbers in [0, 1) and is
 * seeded by the caller. Valid for any number of draws, finer with more (9,999 usual).
 */
export function sampledSignFlipP(differences: readonly number[], draws: number, random: () => number): number {
  const observed = Math.abs(differences.reduce((a, b) => a + b, 0)) - TIE_SLACK;
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    let total = 0;
    for (const difference of differences) total += random() < 0.5 ? -difference : difference;
    if (Math.abs(total) >= observed) extreme += 1;
  }
  return (1 + extreme) / (draws + 1);
}

/**
 * Percentile bootstrap interval of the mean difference, 95 % by default.
 * @param resamples one row of item indices (with repetition) per resample: `[[0, 0, 2], [1, 2, 2]]`. Null without any.
 * Source: Efron 1979.
 */
export function bootstrapMeanInterval(
  differences: readonly number[],
  resamples: readonly (readonly number[])[],
  alpha: number = 0.05,
): Interval | null {
  const means = resamples.map((row) => mean(row.map((i) => differences[i]!))).filter((value) => value !== null);
  const [lower, upper] = quantiles(means, [alpha / 2, 1 - alpha / 2]);
  return lower === undefined || upper === undefined ? null : [lower, upper];
}

/**
 * E-value for "differences are as likely up as down": mean over bets of exp(sum of bet d/scale - ln cosh(bet d/scale)).
 * Multiplies over runs whose differences are new given the past; items that did not change contribute a factor of 1.
 * Source: de la Pena 1999 (symmetric increments); Ramdas, Ruf, Larsson & Koolen, arXiv:2009.03167.
 */
export function signFlipEValue(
  differences: readonly number[],
  bets: readonly number[] = SIGN_FLIP_BETS,
  scale: number = 1,
): number {
  const total = bets.reduce((sum, bet) => sum + Math.exp(signFlipLogFactor(differences, bet, scale)), 0);
  return total / bets.length;
}

/** The exponent for one bet; sums over runs. */
export function signFlipLogFactor(differences: readonly number[], bet: number, scale: number = 1): number {
  return differences.reduce((sum, d) => sum + (bet * d) / scale - logCosh((bet * d) / scale), 0);
}

/** Sums of the values under all sign vectors. */
function signedSums(values: readonly number[]): Float64Array {
  return Float64Array.from({ length: 2 ** values.length }, (_, signs) =>
    values.reduce((total, value, i) => total + ((signs >> i) & 1 ? -value : value), 0),
  );
}

/** How many of the sorted values are below `limit`. */
function countBelow(sorted: Float64Array, limit: number): number {
  return firstIndex(sorted, (value) => value >= limit);
}

/** How many of the sorted values are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  return firstIndex(sorted, (value) => value > limit);
}

/** First index at which a claim that, once true, stays true holds; the length when none. */
function firstIndex(sorted: Float64Array, claim: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (claim(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** ln cosh x without overflow. */
function logCosh(x: number): number {
  const size = Math.abs(x);
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}
