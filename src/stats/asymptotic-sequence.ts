/**
 * Tuning that makes the asymptotic sequence narrowest, relative to its growth, at `bestAt` items.
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, arXiv:2103.06476.
 */
export function asymptoticTuning(alpha: number, bestAt: number): number {
  const a = -2 * Math.log(alpha);
  return Math.sqrt((a + Math.log(a + 1)) / bestAt);
}

/**
 * Half width of the asymptotic confidence sequence after t items of standard deviation `sd`. Approximate: the stated
 * coverage is reached only as t grows, so label it so wherever it is shown, and never alarm on it.
 * Source: arXiv:2103.06476.
 */
export function asymptoticHalfWidth(sd: number, t: number, alpha: number, tuning: number): number {
  const growth = t * tuning * tuning + 1;
  return sd * Math.sqrt(((2 * growth) / (t * t * tuning * tuning)) * Math.log(Math.sqrt(growth) / alpha));
}
