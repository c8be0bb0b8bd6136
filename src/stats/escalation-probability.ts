/** What one item's escalation probability is made from. */
export interface EscalationRule {
  /** Audit floor, in (0, 1]: every item keeps at least this chance. */
  readonly floor: number;
  /** Multiplier of `allocateEscalations`: pi >= multiplier * residualSd / sqrt(cost). */
  readonly multiplier: number;
  /** Cheap scores from `band[0]` to `band[1]` are always escalated; null for no band. */
  readonly band: readonly [lowest: number, highest: number] | null;
  /** Pseudo-outcomes must not exceed this (> 1): pi >= (1 - g) / (bound - g). Infinity leaves the rule out. */
  readonly bound: number;
}

/** Weight of the common residual variance when a cell's own is estimated. */
const RESIDUAL_PRIOR = 20;

/**
 * Probability of escalating an item with cheap score `cheap`, predicted ensemble score `prediction` in [0, 1] and
 * escalation cost `cost` > 0. The largest of floor, spread rule and range rule; 1 inside the band.
 *
 * The range rule keeps g + (y - g)/pi at most `bound` for y <= 1: a detector of drops then bets as if scores went up to
 * `bound` and not to 1/floor.
 */
export function escalationProbability(
  rule: EscalationRule,
  cheap: number,
  prediction: number,
  residualSd: number,
  cost: number,
): number {
  if (rule.band !== null && cheap >= rule.band[0] && cheap <= rule.band[1]) return 1;
  const spread = (rule.multiplier * residualSd) / Math.sqrt(cost);
  const range = rule.bound === Infinity ? 0 : (1 - prediction) / (rule.bound - prediction);
  return Math.min(1, Math.max(rule.floor, spread, range));
}

/**
 * Residual standard deviation of a cell (segment and score bin), its variance pulled towards the common one as if that
 * had been seen on 20 items: sqrt((20 s^2 + sum w r^2) / (20 + sum w)), r = ensemble - prediction, w = 1/pi.
 */
export function shrunkenResidualSd(commonVariance: number, sumWeight: number, sumWeightedSquares: number): number {
  return Math.sqrt((RESIDUAL_PRIOR * commonVariance + sumWeightedSquares) / (RESIDUAL_PRIOR + sumWeight));
}
