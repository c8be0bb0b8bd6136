import {
  betsForDrops,
  createEDetector,
  designEDetector,
  isAlarm,
  mixtureOf,
  stepEDetector,
  twoSided,
} from '../../../src/detectors/e-detector';
import { divergenceOf } from '../../../src/detectors/divergence';
import { lowerBoundBaseline } from '../../../src/detectors/lower-bound-baseline';

const design = designEDetector({ baseline: 0.85, variance: 0.1275 });

describe('the e-detector with a known baseline', () => {
  it('stays low on the baseline and alarms soon after a drop', () => {
    const state = createEDetector(design);
    for (let i = 0; i < 400; i++) stepEDetector(design, state, i % 20 < 17 ? 1 : 0);
    expect(isAlarm(design, state, 10_000)).toBe(false);
    let items = 0;
    while (!isAlarm(design, state, 10_000) && items < 1000) stepEDetector(design, state, items++ % 2);
    expect(items).toBeLessThan(100);
  });

  it('returns what it stores', () => {
    const state = createEDetector(design);
    const value = stepEDetector(design, state, 0);
    expect(value).toBeCloseTo(mixtureOf(design, state), 12);
  });

  it('can never be made negative by a value in range', () => {
    for (const baseline of [0.02, 0.5, 0.99]) {
      const wide = designEDetector({ baseline, variance: 0.001, upperBound: 3, tolerance: 0.05 });
      const state = createEDetector(wide);
      for (let i = 0; i < 50; i++) expect(stepEDetector(wide, state, 3)).toBeGreaterThanOrEqual(0);
    }
  });

  it('counts elapsed time instead of items when weights are given', () => {
    const state = createEDetector(design);
    expect(stepEDetector(design, state, 0.85, 0)).toBe(0);
    expect(stepEDetector(design, state, 0.85, 2.5)).toBeCloseTo(2.5, 12);
  });

  it('ignores drops within the tolerance', () => {
    const strict = createEDetector(design);
    const tolerant = designEDetector({ baseline: 0.85, variance: 0.1275, tolerance: 0.1 });
    const lenient = createEDetector(tolerant);
    for (let i = 0; i < 3000; i++) {
      stepEDetector(design, strict, 0.8);
      stepEDetector(tolerant, lenient, 0.8);
    }
    expect(isAlarm(design, strict, 10_000)).toBe(true);
    expect(isAlarm(tolerant, lenient, 10_000)).toBe(false);
  });

  it('does not let the passing of time alone raise an alarm', () => {
    const state = createEDetector(design);
    for (let i = 0; i < 200; i++) stepEDetector(design, state, 0.85, 1000);
    expect(mixtureOf(design, state)).toBeGreaterThanOrEqual(10_000);
    expect(isAlarm(design, state, 10_000)).toBe(false);
    expect(isAlarm(design, state, 10_000, 0)).toBe(true);
  });

  it('stops at the cap and falls back from it', () => {
    const state = createEDetector(design);
    for (let i = 0; i < 5000; i++) stepEDetector(design, state, 0);
    expect(mixtureOf(design, state)).toBe(design.cap);
    for (let i = 0; i < 5000; i++) stepEDetector(design, state, 1);
    expect(mixtureOf(design, state)).toBeLessThan(100);
  });

  it('caps bets by the room above the baseline', () => {
    expect(betsForDrops([0.2], 0, 0.15)[0]).toBeCloseTo(5, 12);
    expect(betsForDrops([0.2], 0, 3)[0]).toBeCloseTo(0.3, 12);
  });

  it('averages both directions', () => {
    expect(twoSided(10, 2)).toBe(6);
  });
});

describe('the baseline by lower bound', () => {
  it('lies below the reference mean by the stated number of standard errors', () => {
    expect(lowerBoundBaseline([0, 1, 0, 1], 2)).toBeCloseTo(0.5 - 2 * 0.25, 12);
    expect(lowerBoundBaseline([0.7])).toBe(0.7);
    expect(() => lowerBoundBaseline([])).toThrow(RangeError);
  });
});

describe('divergence of judge and users', () => {
  it('needs both to have moved, and in opposite directions', () => {
    const apart = divergenceOf({ judgeUp: 1000, judgeDown: 0, behaviourUp: 0, behaviourDown: 800 });
    expect(apart).toEqual({ judgeUpBehaviourDown: 800, judgeDownBehaviourUp: 0, divergence: 400 });
    const together = divergenceOf({ judgeUp: 0, judgeDown: 1000, behaviourUp: 0, behaviourDown: 800 });
    expect(together.divergence).toBe(0);
  });
});
