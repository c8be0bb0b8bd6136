import { binomialCdf } from './binomial';

/** A threshold from a calibration set. */
export interface SplitConformal {
  /** Which smallest score it is, ceil((n + 1)(1 - alpha)); from 1. */
  readonly rank: number;
  /** Null when the rank exceeds n: the calibration set is too small for this alpha. */
  readonly quantile: number | null;
}

/** Where conformal risk control settles. */
export interface ControlledRisk {
  /** Mean loss at each candidate. */
  readonly empiricalRisk: readonly number[];
  /** First candidate that passes; null when none does. */
  readonly index: number | null;
}

/**
 * Split conformal quantile: a new score exceeds it with probability at most alpha, if exchangeable with `scores`.
 * Source: Vovk, Gammerman & Shafer 2005.
 */
export function splitConformal(scores: readonly number[], alpha: number): SplitConformal {
  const rank = Math.ceil((scores.length + 1) * (1 - alpha));
  const sorted = [...scores].sort((a, b) => a - b);
  return { rank, quantile: sorted[rank - 1] ?? null };
}

/**
 * Smallest setting whose expected loss on a new item is at most alpha: the first column with
 * n/(n+1) R + B/(n+1) <= alpha.
 *
 * @param losses one row per calibration item, one column per setting, in an order in which no loss rises:
 *   `[[1, 0, 0], [1, 1, 0]]`; @param largestLoss B, the most a loss can be.
 *
 * Source: Angelopoulos, Bates, Fisch, Lei & Schuster, arXiv:2208.02814, theorem 1.
 */
export function controlRisk(
  losses: readonly (readonly number[])[],
  largestLoss: number,
  alpha: number,
): ControlledRisk {
  const n = losses.length;
  const settings = losses[0]?.length ?? 0;
  const empiricalRisk = Array.from(
    { length: settings },
    (_, j) => losses.reduce((total, row) => total + row[j]!, 0) / n,
  );
  const index = empiricalRisk.findIndex((risk) => (n / (n + 1)) * risk + largestLoss / (n + 1) <= alpha);
  return { empiricalRisk, index: index < 0 ? null : index };
}

/**
 * P-value for "the mean loss exceeds alpha" from a mean loss in [0, 1] over n items, by Hoeffding and Bentkus. 1 for
 * n = 0.
 * Source: Bates et al. 2021; Angelopoulos et al., arXiv:2110.01052 (Learn then Test).
 */
export function hoeffdingBentkusP(meanLoss: number, n: number, alpha: number): number {
  if (n === 0) return 1;
  const hoeffding = Math.exp(-n * bernoulliDivergence(Math.min(meanLoss, alpha), alpha));
  const bentkus = Math.E * binomialCdf(Math.ceil(n * meanLoss), n, alpha);
  return Math.min(1, hoeffding, bentkus);
}

/** Kullback-Leibler divergence of two pass probabilities, nats; 0 log 0 = 0. */
function bernoulliDivergence(a: number, b: number): number {
  const part = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y));
  return part(a, b) + part(1 - a, 1 - b);
}
