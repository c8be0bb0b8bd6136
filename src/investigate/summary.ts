import type { SeriesBucket } from '../store/port-window';

export interface SeriesSummary {
  readonly n: number;
  readonly mean: number | null;
  /** Standard error of the mean, as if values were independent. */
  readonly error: number;
  readonly interactions: number;
}

/** The buckets as one: their means weighted by what they hold. */
export function summary(buckets: readonly SeriesBucket[]): SeriesSummary {
  let [n, sum, variance, interactions] = [0, 0, 0, 0];
  for (const bucket of buckets) {
    interactions += bucket.interactions;
    if (bucket.mean === null) continue;
    n += bucket.n;
    sum += bucket.n * bucket.mean;
    variance += (bucket.n * (bucket.standardError ?? 0)) ** 2;
  }
  return { n, mean: n === 0 ? null : sum / n, error: n === 0 ? 0 : Math.sqrt(variance) / n, interactions };
}
