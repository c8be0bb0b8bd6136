import { eBenjaminiHochberg } from '../stats/multiplicity';

/** How many false pages a whole fleet of series may give. */
export interface FleetBudget {
  /** One false page per so many days for the fleet, when the detectors' weights are days; > 0. */
  readonly days: number;
  /** Share of the budget of each series, > 0, summing to at most 1; 1/K each when none matters more. */
  readonly shares: readonly number[];
}

/** Statistic M of one series as a share of its threshold, share * M / days: page at 1. */
export function thresholdRatio(statistic: number, share: number, days: number): number {
  return (share * statistic) / days;
}

/** The threshold A of a series: days / share. */
export function thresholdOf(share: number, days: number): number {
  return days / share;
}

/** Series to page for, by index: at most one false page per `days` on average, under any dependence between series. */
export function seriesToPage(statistics: readonly number[], budget: FleetBudget): number[] {
  return statistics.flatMap((m, k) => (thresholdRatio(m, budget.shares[k]!, budget.days) >= 1 ? [k] : []));
}

/**
 * Series that changed together, by index: j of them when the j-th largest K share M is at least K days / j. Finds a
 * wide change much earlier than each series alone; the expected false share within T days of the start is at most
 * T / days.
 * Source: Dandapanthula & Ramdas, arXiv:2501.04130 (e-d-BH).
 */
export function changedTogether(statistics: readonly number[], budget: FleetBudget): number[] {
  const scaled = statistics.map((m, k) => statistics.length * budget.shares[k]! * m);
  return eBenjaminiHochberg(scaled, 1 / budget.days);
}
