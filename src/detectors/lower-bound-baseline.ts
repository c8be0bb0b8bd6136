/**
 * Baseline for the simple alternative to `learned-baseline.ts`: mean - z sqrt(variance / n), variance divided by n.
 * With z = 1.645 the true mean is above it in 95 % of reference windows (approximately), and then the e-detector keeps
 * its false-alarm interval. Throws on an empty reference.
 */
export function lowerBoundBaseline(reference: readonly number[], z = 1.6448536269514722): number {
  const n = reference.length;
  if (n === 0) throw new RangeError('a baseline needs at least one reference value');
  const center = reference.reduce((total, x) => total + x, 0) / n;
  const variance = reference.reduce((total, x) => total + (x - center) ** 2, 0) / n;
  return center - z * Math.sqrt(variance / n);
}
