import { pearson } from './correlation';
import { requireSameLength, variance } from './moments';

/** How far several judges err together. */
export interface JudgeDependence {
  /** Pearson correlations of the judges' errors, square; null where undefined (a judge whose error never varies). */
  readonly errorCorrelation: readonly (readonly (number | null)[])[];
  /** Mean of the defined off-diagonal correlations; 0 without any. */
  readonly meanCorrelation: number;
  /** Kish's effective number of judges, in [1, J]. */
  readonly effectiveNumber: number;
  /** The same from the eigenvalues of the correlation matrix, (sum)^2 / sum of squares. */
  readonly effectiveNumberSpectral: number;
}

/**
 * Dependence of judges from items with a known truth.
 * @param scores one row per item, one column per judge; @param truth one value per item, same scale.
 * Source: Kish 1965 (design effect of correlated observations).
 */
export function judgeDependence(scores: readonly (readonly number[])[], truth: readonly number[]): JudgeDependence {
  requireSameLength(scores, truth);
  const judges = scores[0]?.length ?? 0;
  const errors = Array.from({ length: judges }, (_, j) => scores.map((row, i) => row[j]! - truth[i]!));
  const errorCorrelation = errors.map((a, i) => errors.map((b, j) => (i === j ? 1 : pearson(a, b))));
  const pairs = errorCorrelation.flatMap((row, i) => row.filter((value, j) => i !== j && value !== null));
  const meanCorrelation = pairs.length === 0 ? 0 : pairs.reduce<number>((a, b) => a + b!, 0) / pairs.length;
  const squares = errorCorrelation.flat().reduce<number>((total, value) => total + (value ?? 0) ** 2, 0);
  return {
    errorCorrelation,
    meanCorrelation,
    effectiveNumber: effectiveJudges(judges, meanCorrelation),
    // The eigenvalues of a correlation matrix sum to J and their squares to the sum of its squared entries.
    effectiveNumberSpectral: squares === 0 ? 0 : (judges * judges) / squares,
  };
}

/** J judges with mean error correlation rho are worth J / (1 + (J - 1) max(0, rho)) independent ones. Source: Kish 1965. */
export function effectiveJudges(judges: number, meanCorrelation: number): number {
  return judges / (1 + (judges - 1) * Math.max(0, meanCorrelation));
}

/** Share of votes at or above the threshold; null without votes. */
export function passShare(votes: readonly number[], threshold: number): number | null {
  return votes.length === 0 ? null : votes.filter((vote) => vote >= threshold).length / votes.length;
}

/** Entropy in bits of a pass share, in [0, 1]; 0 when unanimous. */
export function voteEntropy(share: number): number {
  const part = (p: number): number => (p === 0 ? 0 : -p * Math.log2(p));
  return part(share) + part(1 - share);
}

/** Chance that two different judges of J disagree, 2 p (1 - p) J / (J - 1); null below two judges. */
export function pairwiseDisagreement(share: number, judges: number): number | null {
  return judges < 2 ? null : (2 * share * (1 - share) * judges) / (judges - 1);
}

/** Spread of the judges' scores on one item (sample variance); null below two judges. */
export function withinItemVariance(scores: readonly number[]): number | null {
  return variance(scores);
}
