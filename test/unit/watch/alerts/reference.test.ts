import { createRandom } from '../../../../src/stats/seeded-random';
import { addReference, createReference, daySpread } from '../../../../src/watch/alerts/reference';

const DAY_MS = 86_400_000;
const PER_DAY = 100;

/** Spread found in a baseline of 10 days; `levelOf` gives the pass rate of a day of the week. */
function spreadOf(levelOf: (day: number) => number, seed: number, days = 10): number {
  const random = createRandom(seed);
  const reference = createReference();
  for (let t = 0; t < days * PER_DAY; t++) {
    const day = (seed % 7) + t / PER_DAY;
    addReference(reference, random() < levelOf(Math.floor(day) % 7) ? 1 : 0, day * DAY_MS);
  }
  return daySpread(reference);
}

const spreads = (levelOf: (day: number) => number): number[] =>
  Array.from({ length: 200 }, (_, seed) => spreadOf(levelOf, seed + 1));

describe('the spread of the days of the week', () => {
  it('is found in nearly every baseline when two days in a row lie 10 points lower, whichever they are', () => {
    for (const first of [4, 6]) {
      const found = spreads((day) => (day === first || day === (first + 1) % 7 ? 0.78 : 0.88));
      expect(found.filter((spread) => spread > 0.03).length).toBeGreaterThan(185);
    }
  });

  it('is 0 in most baselines whose days are alike', () => {
    expect(spreads(() => 0.88).filter((spread) => spread > 0).length).toBeLessThan(40);
  });

  it('is 0 while fewer than three days were seen, and where nothing varies', () => {
    expect(spreadOf((day) => (day % 2 === 0 ? 0 : 1), 1, 2)).toBe(0);
    expect(spreadOf(() => 1, 1)).toBe(0);
  });
});
