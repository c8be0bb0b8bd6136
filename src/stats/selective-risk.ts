import { wilsonInterval } from './binomial-intervals';
import type { Interval } from './interval';
import { requireSameLength } from './moments';
import { descendingOrder } from './ranks';

/** How often a confident prediction was wrong. */
export interface ConfidentErrors {
  readonly count: number;
  /** Items with at least the asked confidence. */
  readonly n: number;
  /** count / n and its Wilson interval; null when nothing was that confident. */
  readonly rate: number | null;
  readonly interval: Interval | null;
}

/** Confidence of a pass probability, max(p, 1 - p), in [1/2, 1]; the prediction is "pass" from 1/2 up. */
export function confidenceOf(p: number): number {
  return Math.max(p, 1 - p);
}

/** Errors among predictions with confidence of at least `level`; labels are 0 or 1. */
export function confidentErrors(
  predicted: readonly number[],
  labels: readonly number[],
  level: number,
): ConfidentErrors {
  requireSameLength(predicted, labels);
  let n = 0;
  let count = 0;
  predicted.forEach((p, i) => {
    if (confidenceOf(p) < level) return;
    n += 1;
    count += errorOf(p, labels[i]!);
  });
  return { count, n, rate: n === 0 ? null : count / n, interval: wilsonInterval(count, n) };
}

/**
 * Error rate of the k most confident predictions for k = 1 .. n (ties in order of arrival): the risk-coverage curve.
 * Empty without items.
 * Source: Geifman & El-Yaniv 2017.
 */
export function selectiveRisks(predicted: readonly number[], labels: readonly number[]): number[] {
  requireSameLength(predicted, labels);
  let errors = 0;
  return descendingOrder(predicted.map(confidenceOf)).map((i, rank) => {
    errors += errorOf(predicted[i]!, labels[i]!);
    return errors / (rank + 1);
  });
}

/** Risk when the `coverage` most confident share, rounded up to whole items, is kept; null when that is none. */
export function riskAtCoverage(risks: readonly number[], coverage: number): number | null {
  return risks[Math.ceil(coverage * risks.length) - 1] ?? null;
}

/** Area under the risk-coverage curve: the mean of the selective risks; null without items. */
export function areaUnderRiskCoverage(risks: readonly number[]): number | null {
  return risks.length === 0 ? null : risks.reduce((a, b) => a + b, 0) / risks.length;
}

function errorOf(p: number, label: number): 0 | 1 {
  return p >= 0.5 === (label === 1) ? 0 : 1;
}
