import { requireSameLength } from './moments';

/** Weights of judges from how often each was right. */
export interface JudgeWeights {
  /** Share right over all judges; null without any verdict. */
  readonly pooled: number | null;
  /** Each judge's share right, pulled towards the pooled one. */
  readonly shrunken: readonly number[];
  /** ln(a / (1 - a)) of the shrunken share. */
  readonly logOdds: readonly number[];
  /** max(0, log-odds), scaled to sum to 1; equal when no judge is better than a coin. */
  readonly weights: readonly number[];
}

/** Shares are kept this far from 0 and 1, so that log-odds stay finite. */
const MARGIN = 1e-12;

/**
 * Optimal weights of independent judges, with accuracies shrunk by `priorStrength` pseudo-items at the pooled accuracy.
 * @param correct right verdicts per judge; @param counts verdicts per judge.
 * Source: Nitzan & Paroush 1982 (log-odds weights).
 */
export function shrunkenWeights(
  correct: readonly number[],
  counts: readonly number[],
  priorStrength: number,
): JudgeWeights {
  requireSameLength(correct, counts);
  const verdicts = counts.reduce((a, b) => a + b, 0);
  const equal = counts.map(() => 1 / counts.length);
  if (verdicts === 0) {
    return { pooled: null, shrunken: counts.map(() => 0.5), logOdds: counts.map(() => 0), weights: equal };
  }
  const pooled = correct.reduce((a, b) => a + b, 0) / verdicts;
  const shrunken = correct.map((right, j) => (right + priorStrength * pooled) / (counts[j]! + priorStrength));
  const logOdds = shrunken.map(logit);
  const positive = logOdds.map((value) => Math.max(0, value));
  const total = positive.reduce((a, b) => a + b, 0);
  return { pooled, shrunken, logOdds, weights: total === 0 ? equal : positive.map((value) => value / total) };
}

function logit(share: number): number {
  const p = Math.min(1 - MARGIN, Math.max(MARGIN, share));
  return Math.log(p / (1 - p));
}
