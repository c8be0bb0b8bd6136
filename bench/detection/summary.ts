import { mean, standardErrorOfMean } from '../../src/stats/moments';

/** A simulated mean with its standard error, rounded for reading. */
export interface Simulated {
  readonly mean: number | null;
  readonly se: number | null;
  readonly runs: number;
}

export function simulated(values: readonly number[]): Simulated {
  return { mean: round(mean(values), 4), se: round(standardErrorOfMean(values), 4), runs: values.length };
}

/** So many significant digits; null stays null. */
export function round(value: number | null, digits: number): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
}
