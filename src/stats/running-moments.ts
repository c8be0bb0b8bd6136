/** Count, mean and sum of squared distances from the mean. Plain JSON; two merge without loss of digits. */
export interface RunningMoments {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
}

export const NO_VALUES: RunningMoments = { n: 0, mean: 0, squares: 0 };

/** Moments after one more value. Source: Welford 1962. */
export function recordValue(moments: RunningMoments, x: number): RunningMoments {
  const n = moments.n + 1;
  const distance = x - moments.mean;
  const mean = moments.mean + distance / n;
  return { n, mean, squares: moments.squares + distance * (x - mean) };
}

/** Moments of both sets together; associative and order-free up to rounding. Source: Chan, Golub & LeVeque 1983. */
export function mergeMoments(a: RunningMoments, b: RunningMoments): RunningMoments {
  const n = a.n + b.n;
  if (n === 0) return NO_VALUES;
  const distance = b.mean - a.mean;
  return {
    n,
    mean: a.mean + (distance * b.n) / n,
    squares: a.squares + b.squares + (distance * distance * a.n * b.n) / n,
  };
}

/** Sample variance (n - 1); null below two values. */
export function sampleVariance(moments: RunningMoments): number | null {
  return moments.n < 2 ? null : moments.squares / (moments.n - 1);
}
