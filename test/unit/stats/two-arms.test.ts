import { type ArmValue, blockDifferences, differenceInterval, logSampleRatioE } from '../../../src/stats/two-arms';
import { createRandom } from '../../../src/stats/seeded-random';

const value = (isFirst: boolean, of: number): ArmValue => ({ isFirst, value: of });

/** Pass/fail values of two arms, `share` of them of the first. */
function arms(n: number, means: readonly [number, number], share: number, random: () => number): ArmValue[] {
  return Array.from({ length: n }, () => {
    const isFirst = random() < share;
    return value(isFirst, random() < means[isFirst ? 0 : 1] ? 1 : 0);
  });
}

describe('block differences', () => {
  it('use all that came since the last block, and leave what waits for the other arm', () => {
    const values = [value(true, 1), value(true, 0), value(false, 1), value(false, 0), value(true, 1), value(true, 1)];
    expect(blockDifferences(values)).toEqual([-0.5, 1]);
    expect(blockDifferences([value(true, 1)])).toEqual([]);
  });

  it('see no difference where both arms move together', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 4000 }, (_, i) => {
      const mean = i < 2000 ? 0.9 : 0.4;
      return value(random() < 0.5, random() < mean ? 1 : 0);
    });
    const [lower, upper] = differenceInterval(blockDifferences(values), 0.05, 1);
    expect(lower).toBeLessThan(0);
    expect(upper).toBeGreaterThan(0);
    expect(upper - lower).toBeLessThan(0.25);
  });
});

describe('the interval of a difference', () => {
  it('is all there could be before the first block', () => {
    expect(differenceInterval([], 0.05, 1)).toEqual([-1, 1]);
  });

  it('holds the truth at every look, in at least 95 of 100 streams', () => {
    const random = createRandom(11);
    let wrong = 0;
    for (let stream = 0; stream < 100; stream++) {
      const values = arms(400, [0.7, 0.8], 0.3, random);
      const isWrong = [20, 50, 100, 200, 400].some((n) => {
        const [lower, upper] = differenceInterval(blockDifferences(values.slice(0, n)), 0.05, 1);
        return lower > -0.1 || upper < -0.1;
      });
      if (isWrong) wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(5);
  });

  it('finds a fall by fifteen points in a few thousand sessions of a canary', () => {
    const values = arms(6000, [0.7, 0.85], 0.1, createRandom(5));
    const [, upper] = differenceInterval(blockDifferences(values), 0.05, 1);
    expect(upper).toBeLessThan(-0.02);
  });
});

describe('the sample ratio', () => {
  it('is not doubted where it is as it should be, at any time, and is where it is not', () => {
    const random = createRandom(2);
    let [first, second] = [0, 0];
    for (let i = 0; i < 5000; i++) {
      if (random() < 0.5) first += 1;
      else second += 1;
      expect(logSampleRatioE(first, second, 0.5)).toBeLessThan(Math.log(1000));
    }
    expect(logSampleRatioE(2700, 2300, 0.5)).toBeGreaterThan(Math.log(1000));
  });
});
