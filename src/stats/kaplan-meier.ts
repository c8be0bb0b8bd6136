import { requireSameLength } from './moments';

/** One time at which something returned. */
export interface SurvivalStep {
  readonly time: number;
  /** Still waiting just before this time, including those censored at it. */
  readonly atRisk: number;
  readonly events: number;
  /** Estimated share not yet returned after this time, in [0, 1]. */
  readonly survival: number;
  /** Greenwood's; 0 once the survival is 0. */
  readonly standardError: number;
}

/**
 * Kaplan-Meier estimate of the time to return under right censoring.
 *
 * @param times day of return, or last day observed; @param returned 1 when it is a return, 0 when censored. Censoring on
 * the same day comes after the returns.
 * @returns one step per distinct time with a return, ascending; empty when nothing returned.
 *
 * Source: Kaplan & Meier 1958; Greenwood 1926.
 */
export function kaplanMeier(times: readonly number[], returned: readonly number[]): SurvivalStep[] {
  requireSameLength(times, returned);
  const eventTimes = [...new Set(times.filter((_, i) => returned[i] === 1))].sort((a, b) => a - b);
  let survival = 1;
  let greenwood = 0;
  return eventTimes.map((time) => {
    const atRisk = times.filter((t) => t >= time).length;
    const events = times.filter((t, i) => t === time && returned[i] === 1).length;
    survival *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    return { time, atRisk, events, survival, standardError: survival === 0 ? 0 : survival * Math.sqrt(greenwood) };
  });
}

/** Share returned by a time, 1 - survival there; 0 before the first return. */
export function returnedBy(steps: readonly SurvivalStep[], time: number): number {
  let survival = 1;
  for (const step of steps) if (step.time <= time) survival = step.survival;
  return 1 - survival;
}
