import fc from 'fast-check';
import {
  createEDetector,
  designEDetector,
  type EDetectorDesign,
  type EDetectorState,
  mixtureOf,
  stepEDetector,
} from '../../../src/detectors/e-detector';
import { freezeBaseline, type LearnedBaseline } from '../../../src/detectors/learned-baseline';
import { createLearned, designLearned, type LearnedState, stepLearned } from '../../../src/detectors/learned-detector';
import { mean, standardErrorOfMean } from '../../../src/stats/moments';
import { createRandom } from '../../../src/stats/seeded-random';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const DESIGN = designEDetector({ baseline: 0.85, variance: 0.1275 });

/** Items until the statistic reaches the threshold, at most `most`. */
function runLength(design: EDetectorDesign, threshold: number, most: number, draw: () => number): number {
  const state = createEDetector(design);
  for (let t = 1; t <= most; t++) if (stepEDetector(design, state, draw()) >= threshold) return t;
  return most;
}

describe('e-detectors', () => {
  it('go on after a trip through JSON as if nothing had happened, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (before, after) => {
        const state = createEDetector(DESIGN);
        before.forEach((x) => stepEDetector(DESIGN, state, x));
        const back = JSON.parse(JSON.stringify(state)) as EDetectorState;
        const designBack = JSON.parse(JSON.stringify(DESIGN)) as EDetectorDesign;
        for (const x of after) expect(stepEDetector(designBack, back, x)).toBe(stepEDetector(DESIGN, state, x));
        expect(back).toEqual(state);
      }),
    );
  });

  it('on a learned baseline do so too', () => {
    const sample = fc.array(unit, { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(sample, fc.array(unit), fc.array(unit), (reference, before, after) => {
        const learned = freezeBaseline(reference, { threshold: 1000 });
        const design = designLearned(learned);
        const state = createLearned(design);
        before.forEach((x) => stepLearned(design, state, x));
        const back = JSON.parse(JSON.stringify(state)) as LearnedState;
        const designBack = designLearned(JSON.parse(JSON.stringify(learned)) as LearnedBaseline);
        for (const x of after) expect(stepLearned(designBack, back, x)).toEqual(stepLearned(design, state, x));
        expect(back).toEqual(state);
      }),
      { numRuns: 40 },
    );
  });

  it('react to a lower value with a higher statistic', () => {
    fc.assert(
      fc.property(fc.array(unit), unit, unit, (before, x, y) => {
        const [a, b] = [createEDetector(DESIGN), createEDetector(DESIGN)];
        for (const value of before) {
          stepEDetector(DESIGN, a, value);
          stepEDetector(DESIGN, b, value);
        }
        expect(stepEDetector(DESIGN, a, Math.min(x, y))).toBeGreaterThanOrEqual(
          stepEDetector(DESIGN, b, Math.max(x, y)),
        );
      }),
    );
  });

  it('grow on average by the weight of the item, whatever the state, while the mean is at the baseline', () => {
    const p = 0.85;
    fc.assert(
      fc.property(fc.array(unit), fc.double({ min: 0, max: 10, noNaN: true }), (before, weight) => {
        const state = createEDetector(DESIGN);
        before.forEach((x) => stepEDetector(DESIGN, state, x));
        const copy = structuredClone(state);
        const now = mixtureOf(DESIGN, state);
        const next = p * stepEDetector(DESIGN, state, 1, weight) + (1 - p) * stepEDetector(DESIGN, copy, 0, weight);
        expect(Math.abs(next - (now + weight))).toBeLessThan(1e-9 * Math.max(1, now));
      }),
    );
  });

  it.each([
    ['pass/fail', 0.1275, (random: () => number) => (random() < 0.85 ? 1 : 0)],
    ['pass/fail with the variance wrong by half', 0.06, (random: () => number) => (random() < 0.85 ? 1 : 0)],
    ['even scores', 0.0075, (random: () => number) => 0.7 + 0.3 * random()],
  ])('have a false-alarm interval of at least the threshold: %s', (_name, variance, draw) => {
    const threshold = 300;
    const design = designEDetector({ baseline: 0.85, variance });
    const random = createRandom(4);
    const lengths = Array.from({ length: 400 }, () => runLength(design, threshold, 20_000, () => draw(random)));
    expect(mean(lengths)!).toBeGreaterThan(threshold - 3 * standardErrorOfMean(lengths)!);
  });

  it('on learned baselines have a mean false-alarm rate of at most one per threshold', () => {
    const threshold = 200;
    const random = createRandom(12);
    const draw = (): number => (random() < 0.85 ? 1 : 0);
    const rates = Array.from({ length: 60 }, () => {
      const reference = Array.from({ length: 150 }, draw);
      return falseAlarms(freezeBaseline(reference, { threshold }), threshold, 4000, draw) / 4000;
    });
    expect(mean(rates)! * threshold).toBeLessThan(1 + 3 * threshold * standardErrorOfMean(rates)!);
    expect(mean(rates)! * threshold).toBeGreaterThan(0.05);
  });
});

/** Alarms over so many items, the detector starting afresh after each. */
function falseAlarms(learned: LearnedBaseline, threshold: number, items: number, draw: () => number): number {
  const design = designLearned(learned);
  let state = createLearned(design);
  let alarms = 0;
  for (let t = 0; t < items; t++) {
    if (stepLearned(design, state, draw()).value < threshold) continue;
    alarms += 1;
    state = createLearned(design);
  }
  return alarms;
}
