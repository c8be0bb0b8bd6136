/** Arithmetic mean; null when empty. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** Plain left-to-right sum; 0 when empty. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * Variance around the mean, divided by `n - ddof`. `ddof` 1 (default) is the sample variance, 0 the variance of the
 * values taken as the whole population. Null when `n <= ddof`. Two passes, so a large common offset costs no digits.
 */
export function variance(values: readonly number[], ddof: 0 | 1 = 1): number | null {
  const center = mean(values);
  if (center === null || values.length <= ddof) return null;
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  return squares / (values.length - ddof);
}

/** Covariance of two equally long sequences, divided by `n - ddof`. Null when `n <= ddof`. */
export function covariance(xs: readonly number[], ys: readonly number[], ddof: 0 | 1 = 1): number | null {
  requireSameLength(xs, ys);
  const meanX = mean(xs);
  const meanY = mean(ys);
  if (meanX === null || meanY === null || xs.length <= ddof) return null;
  let products = 0;
  xs.forEach((x, i) => {
    products += (x - meanX) * (ys[i]! - meanY);
  });
  return products / (xs.length - ddof);
}

/** Standard error of the mean, `sqrt(sample variance / n)`; null below two values. */
export function standardErrorOfMean(values: readonly number[]): number | null {
  const spread = variance(values);
  return spread === null ? null : Math.sqrt(spread / values.length);
}

/** Throws when two paired sequences differ in length: a fault of the caller, never of the data. */
export function requireSameLength(xs: readonly unknown[], ys: readonly unknown[]): void {
  if (xs.length !== ys.length) throw new RangeError(`paired sequences differ in length: ${xs.length} and ${ys.length}`);
}
