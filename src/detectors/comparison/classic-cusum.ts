/** CUSUM of a pass/fail stream with both probabilities known. */
export interface CusumDesign {
  /** Pass probability before and after the change, each in (0, 1). */
  readonly before: number;
  readonly after: number;
}

/**
 * CUSUM after one more value x in [0, 1] (a fractional score counts as that share of a pass):
 * max(0, statistic + log likelihood ratio). Starts at 0; alarm when it reaches a threshold found by simulation.
 * Fastest possible for its false-alarm interval when both probabilities are right.
 * Source: Page 1954; Moustakides 1986 (optimality).
 */
export function stepCusum(design: CusumDesign, statistic: number, x: number): number {
  const pass = Math.log(design.after / design.before);
  const fail = Math.log((1 - design.after) / (1 - design.before));
  return Math.max(0, statistic + x * pass + (1 - x) * fail);
}
