import { requireSameLength } from './moments';

/** Escalation probabilities that meet a budget. */
export interface EscalationAllocation {
  /** pi = clip(multiplier * s / sqrt(c), floor, 1). 0 when the floor alone uses up the budget. */
  readonly multiplier: number;
  readonly pi: readonly number[];
  /** Expected cost, sum of c pi. Above the budget when the floor alone is. */
  readonly cost: number;
}

/**
 * Probabilities of escalation that make the variance of the AIPW mean smallest for an expected cost: proportional to
 * the residual standard deviation over the root of the cost, within [floor, 1].
 *
 * @param residualSd standard deviation of "ensemble minus prediction" per item (or stratum), >= 0.
 * @param cost cost of one escalation, > 0, in the unit of `budget`.
 * @param floor audit floor in (0, 1], of all items or item by item: no probability is below it, whatever the budget.
 *
 * The expected cost is a broken line in the multiplier, so the multiplier is found exactly, segment by segment. When
 * the budget pays for everything, it is the smallest multiplier that escalates all items with a positive sd.
 *
 * Source: Neyman 1934; Zrnic & Candes, arXiv:2403.03208 (optimal sampling rule).
 */
export function allocateEscalations(
  residualSd: readonly number[],
  cost: readonly number[],
  budget: number,
  floor: number | readonly number[],
): EscalationAllocation {
  requireSameLength(residualSd, cost);
  const floors = typeof floor === 'number' ? residualSd.map(() => floor) : floor;
  requireSameLength(residualSd, floors);
  const rates = residualSd.map((sd, i) => sd / Math.sqrt(cost[i]!));
  const costAt = (multiplier: number): number => expectedCost(escalationProbabilities(rates, multiplier, floors), cost);
  const kinks = rates.flatMap((rate, i) => [floors[i]! / rate, 1 / rate]).filter(Number.isFinite);
  kinks.sort((a, b) => a - b);
  // Cost rises with the multiplier: how many kinks the budget reaches.
  let reached = 0;
  for (let beyond = kinks.length; reached < beyond;) {
    const middle = (reached + beyond) >> 1;
    if (costAt(kinks[middle]!) <= budget) reached = middle + 1;
    else beyond = middle;
  }
  const left = reached === 0 ? 0 : kinks[reached - 1]!;
  const right = kinks[reached];
  const costLeft = costAt(left);
  const multiplier =
    right === undefined || costLeft >= budget
      ? left
      : left + ((budget - costLeft) / (costAt(right) - costLeft)) * (right - left);
  const pi = escalationProbabilities(rates, multiplier, floors);
  return { multiplier, pi, cost: expectedCost(pi, cost) };
}

function escalationProbabilities(rates: readonly number[], multiplier: number, floors: readonly number[]): number[] {
  return rates.map((rate, i) => Math.min(1, Math.max(floors[i]!, multiplier * rate)));
}

function expectedCost(pi: readonly number[], cost: readonly number[]): number {
  return pi.reduce((total, probability, i) => total + probability * cost[i]!, 0);
}
