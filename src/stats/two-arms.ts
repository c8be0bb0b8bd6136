import { logBetaBinomialE } from './beta-binomial';
import { NO_PRIOR } from './bet-size';
import { hedgedInterval } from './hedged-interval';
import { clipInterval, type Interval } from './interval';
import { mean } from './moments';

/** One value of one of two arms, in the order in which they became known. */
export interface ArmValue {
  readonly isFirst: boolean;
  readonly value: number;
}

/**
 * Differences first - second in blocks: as soon as both arms have values, the means of what has come since the last block
 * make one. Each has the difference of the arms' means as its conditional mean, also when that of both moves together
 * over time, and no value is left out but those after the last block.
 * `[a1, a2, b1, b2, a3]` → `[mean(a1, a2) - b1, a3 - b2]`.
 */
export function blockDifferences(values: readonly ArmValue[]): number[] {
  const differences: number[] = [];
  const first: number[] = [];
  const second: number[] = [];
  for (const { isFirst, value } of values) {
    (isFirst ? first : second).push(value);
    const [a, b] = [mean(first), mean(second)];
    if (a === null || b === null) continue;
    differences.push(a - b);
    first.length = 0;
    second.length = 0;
  }
  return differences;
}

/**
 * Interval of a mean difference of means in [0, 1] that may be looked at after every block, for ever: right at all times
 * at once with probability at least 1 - alpha.
 * @param widest Largest size a single difference can have: 1 for values in [0, 1], more for pseudo-outcomes.
 */
export function differenceInterval(differences: readonly number[], alpha: number, widest: number): Interval {
  const design = { alpha, range: [-widest, widest], prior: NO_PRIOR, truncation: 0.5 } as const;
  return clipInterval(hedgedInterval(design, differences), -1, 1);
}

/**
 * E-value, as a logarithm, for "the share of the first arm is not `expected`", in (0, 1): at ln(1000) the assignment is
 * broken beyond doubt however often it was looked at. A broken assignment makes every other comparison worthless.
 * Source: Lindon & Malek, arXiv:2011.03567 (anytime-valid sample ratio mismatch).
 */
export function logSampleRatioE(first: number, second: number, expected: number): number {
  return logBetaBinomialE(first, second, expected);
}
