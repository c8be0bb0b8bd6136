import { mean, requireSameLength, sum, variance } from './moments';

/** Mean of a population from a sample of each stratum. */
export interface StratifiedMean {
  readonly mean: number;
  /** Null when a stratum has a single observation, whose spread is unknown. */
  readonly standardError: number | null;
}

/**
 * How to split `total` observations over strata so that the stratified mean varies least: in proportion to
 * W S / sqrt(c). Not rounded; take at least 2 of each when drawing.
 *
 * @param weights population shares; @param sd standard deviation within each stratum; @param cost per observation.
 * Source: Neyman 1934; Cochran, Sampling Techniques, 5.5 (unequal costs).
 */
export function neymanAllocation(
  weights: readonly number[],
  sd: readonly number[],
  cost: readonly number[],
  total: number,
): number[] {
  requireSameLength(weights, sd);
  requireSameLength(weights, cost);
  const shares = weights.map((weight, h) => (weight * sd[h]!) / Math.sqrt(cost[h]!));
  const whole = sum(shares);
  return shares.map((share) => (whole === 0 ? total / shares.length : (total * share) / whole));
}

/**
 * Stratified mean, sum of W times the stratum's mean, and its standard error sqrt(sum W^2 s^2 / n).
 * Null when a stratum with positive weight has no observation.
 * Source: Cochran, Sampling Techniques, chapter 5.
 */
export function stratifiedMean(
  weights: readonly number[],
  samples: readonly (readonly number[])[],
): StratifiedMean | null {
  requireSameLength(weights, samples);
  let center = 0;
  let squaredError: number | null = 0;
  for (const [h, sample] of samples.entries()) {
    const weight = weights[h]!;
    if (weight === 0) continue;
    const stratumMean = mean(sample);
    const spread = variance(sample);
    if (stratumMean === null) return null;
    center += weight * stratumMean;
    squaredError =
      spread === null || squaredError === null ? null : squaredError + (weight * weight * spread) / sample.length;
  }
  return { mean: center, standardError: squaredError === null ? null : Math.sqrt(squaredError) };
}
