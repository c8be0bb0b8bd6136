import { type Interval, waldInterval } from './interval';
import { mean, standardErrorOfMean } from './moments';
import { studentTQuantile, studentTTwoSidedP } from './student-t';

/** Difference of two means with unequal variances. */
export interface WelchTest {
  /** mean(xs) - mean(ys). */
  readonly difference: number;
  readonly standardError: number;
  /** Satterthwaite's degrees of freedom, rarely whole. */
  readonly freedom: number;
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
  readonly interval: Interval;
}

/** Student's interval of a mean; null below two values. Covers 1 - alpha of normal samples. */
export function tInterval(values: readonly number[], alpha: number = 0.05): Interval | null {
  const center = mean(values);
  const error = standardErrorOfMean(values);
  if (center === null || error === null) return null;
  return waldInterval(center, error, studentTQuantile(1 - alpha / 2, values.length - 1));
}

/**
 * Welch's test and interval; null when either sample has fewer than two values or both are constant.
 * Source: Welch 1938, 1947; Satterthwaite 1946.
 */
export function welchTest(xs: readonly number[], ys: readonly number[], alpha: number = 0.05): WelchTest | null {
  const errorX = standardErrorOfMean(xs);
  const errorY = standardErrorOfMean(ys);
  if (errorX === null || errorY === null || errorX + errorY === 0) return null;
  const difference = mean(xs)! - mean(ys)!;
  const standardError = Math.hypot(errorX, errorY);
  const freedom = standardError ** 4 / (errorX ** 4 / (xs.length - 1) + errorY ** 4 / (ys.length - 1));
  const t = difference / standardError;
  return {
    difference,
    standardError,
    freedom,
    t,
    p: studentTTwoSidedP(t, freedom),
    interval: waldInterval(difference, standardError, studentTQuantile(1 - alpha / 2, freedom)),
  };
}
