/** Lower and upper end point, lower first. Both finite unless a function says otherwise. */
export type Interval = readonly [lower: number, upper: number];

/** Two-sided 95 % point of the standard normal distribution, `normalQuantile(0.975)`. */
export const Z_95 = 1.959963984540054;

/** `[center - z se, center + z se]`: the interval of a normal approximation, 95 % by default. */
export function waldInterval(center: number, standardError: number, z: number = Z_95): Interval {
  return [center - z * standardError, center + z * standardError];
}

/** Both end points moved into [lowest, highest]. */
export function clipInterval(interval: Interval, lowest: number, highest: number): Interval {
  return [Math.min(highest, Math.max(lowest, interval[0])), Math.min(highest, Math.max(lowest, interval[1]))];
}
