import { addScore, emptySums, type ScoreSums, standardisedGap } from '../../../src/stats/group-gap';
import { createRandom } from '../../../src/stats/seeded-random';

type Classes = readonly [poor: ScoreSums, good: ScoreSums];

/** A group of which `good` are good cases; judges pass those with .9 and the others with .3, and favour it by `bias`. */
function scored(random: () => number, n: number, good: number, bias: number, into: readonly Classes[]): void {
  for (let i = 0; i < n; i++) {
    const isGood = random() < good;
    const score = random() < (isGood ? 0.9 : 0.3) + bias ? 1 : 0;
    for (const classes of into) addScore(classes[isGood ? 1 : 0], score);
  }
}

function gapOf(seed: number, bias: number, n = 400) {
  const random = createRandom(seed);
  const [group, everyone]: Classes[] = [
    [emptySums(), emptySums()],
    [emptySums(), emptySums()],
  ];
  // The group fares far worse than the others, which is no fault of its judges.
  scored(random, n, 0.4, bias, [group!, everyone!]);
  scored(random, 4 * n, 0.8, 0, [everyone!]);
  return standardisedGap(
    [
      [group![0], everyone![0]],
      [group![1], everyone![1]],
    ],
    30,
  );
}

describe('the gap between how a group and others as good are scored', () => {
  it('is none where scores differ only because cases do: its interval covers 0 as often as it says', () => {
    const runs = Array.from({ length: 2000 }, (_, seed) => gapOf(seed + 1, 0)!);
    const covered = runs.filter(({ interval: [lower, upper] }) => lower <= 0 && upper >= 0).length / runs.length;
    expect(covered).toBeGreaterThan(0.935);
    expect(covered).toBeLessThan(0.965);
  });

  it('is what judges add to a group, covered as often as it says', () => {
    const runs = Array.from({ length: 2000 }, (_, seed) => gapOf(seed + 1, -0.1)!);
    const mean = runs.reduce((sum, { gap }) => sum + gap, 0) / runs.length;
    expect(mean).toBeCloseTo(-0.1, 2);
    const covered = runs.filter(({ interval: [lower, upper] }) => lower <= -0.1 && upper >= -0.1).length / runs.length;
    expect(covered).toBeGreaterThan(0.935);
  });

  it('weighs the classes as the group has them', () => {
    const sums = (n: number, mean: number): ScoreSums => ({ n, sum: n * mean, sumSquares: n * mean });
    const plus = (a: ScoreSums, b: ScoreSums): ScoreSums => ({
      n: a.n + b.n,
      sum: a.sum + b.sum,
      sumSquares: a.sumSquares + b.sumSquares,
    });
    const [poor, good] = [sums(30, 0.5), sums(90, 1)];
    const estimate = standardisedGap(
      [
        [poor, plus(poor, sums(40, 0.25))],
        [good, plus(good, sums(400, 0.9))],
      ],
      30,
    );
    expect(estimate?.gap).toBeCloseTo((30 * 0.25 + 90 * 0.1) / 120, 12);
    expect(estimate?.n).toBe(120);
  });

  it('is not told of few: neither of a small group nor where nobody else is left', () => {
    expect(gapOf(1, -0.3, 20)).toBeNull();
    const only = { n: 100, sum: 50, sumSquares: 50 };
    expect(standardisedGap([[only, only]], 30)).toBeNull();
  });
});
