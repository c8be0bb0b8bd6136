import type { Interval } from './interval';
import { waldInterval } from './interval';

/** Scores of one group in one class of cases: their number, sum and sum of squares. */
export interface ScoreSums {
  n: number;
  sum: number;
  sumSquares: number;
}

export interface GroupGapEstimate {
  /** Group - rest; above 0 the group is scored higher than others in the same case. */
  readonly gap: number;
  /** 95 %, normal. */
  readonly interval: Interval;
  /** Scores of the group that it rests on. */
  readonly n: number;
}

export function emptySums(): ScoreSums {
  return { n: 0, sum: 0, sumSquares: 0 };
}

export function addScore(sums: ScoreSums, score: number): void {
  sums.n += 1;
  sums.sum += score;
  sums.sumSquares += score * score;
}

/**
 * How differently a group is scored from others of the same class of cases: the differences of means by class, weighted by
 * how the group's cases are spread over the classes. `pairs`: by class, the group and everyone (the group included).
 * Classes in which either side has fewer than `fewest` scores are left out; null without any class.
 * Source: Dorans & Kulick 1986, J. Educational Measurement 23(4), standardisation (STD P-DIF); the variance is that of a
 * weighted sum of independent means.
 */
export function standardisedGap(
  pairs: readonly (readonly [group: ScoreSums, everyone: ScoreSums])[],
  fewest: number,
): GroupGapEstimate | null {
  let n = 0;
  let weighted = 0;
  let variance = 0;
  for (const [group, everyone] of pairs) {
    const rest = without(everyone, group);
    if (group.n < fewest || rest.n < fewest) continue;
    n += group.n;
    weighted += group.n * (group.sum / group.n - rest.sum / rest.n);
    variance += group.n ** 2 * (varianceOf(group) / group.n + varianceOf(rest) / rest.n);
  }
  if (n === 0) return null;
  const gap = weighted / n;
  return { gap, interval: waldInterval(gap, Math.sqrt(variance) / n), n };
}

function without(all: ScoreSums, part: ScoreSums): ScoreSums {
  return { n: all.n - part.n, sum: all.sum - part.sum, sumSquares: all.sumSquares - part.sumSquares };
}

/** Differences of sums can come out a hair below 0. */
function varianceOf({ n, sum, sumSquares }: ScoreSums): number {
  return Math.max(0, (sumSquares - (sum * sum) / n) / (n - 1));
}
