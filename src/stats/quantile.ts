/**
 * Sample quantile of type 7: linear interpolation at position (n - 1) p of the sorted values; p in [0, 1]. Null when
 * empty. The input need not be sorted and is not changed.
 * Source: Hyndman & Fan 1996, definition 7.
 */
export function quantile(values: readonly number[], p: number): number | null {
  return quantiles(values, [p])[0] ?? null;
}

/** `quantile` at several p with one sort; empty when there are no values. */
export function quantiles(values: readonly number[], ps: readonly number[]): number[] {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  return ps.map((p) => {
    const position = (sorted.length - 1) * p;
    const below = Math.floor(position);
    const lower = sorted[below]!;
    const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return lower + (position - below) * (upper - lower);
  });
}
