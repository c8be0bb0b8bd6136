import { EVIDENCE_FLOOR } from '../../../src/detectors/e-detector';
import { freezeBaseline } from '../../../src/detectors/learned-baseline';
import { createLearned, designLearned, learnedFloor, stepLearned } from '../../../src/detectors/learned-detector';

const reference = Array.from({ length: 2000 }, (_, i) => ((i * 7) % 20 < 17 ? 1 : 0));

describe('a baseline learned from a reference window', () => {
  it('covers the reference mean with cells in ascending order', () => {
    const learned = freezeBaseline(reference, { threshold: 10_000 });
    expect(learned.referenceMean).toBeCloseTo(0.85, 12);
    expect(learned.edges).toHaveLength(learned.evidence.length + 1);
    learned.edges.slice(1).forEach((edge, i) => expect(edge).toBeGreaterThan(learned.edges[i]!));
    expect(learned.edges[0]).toBeLessThan(0.85);
    expect(learned.edges.at(-1)).toBeGreaterThan(0.85);
  });

  it('has little evidence against the mean and enough against its ends', () => {
    const learned = freezeBaseline(reference, { threshold: 10_000 });
    expect(Math.min(...learned.evidence)).toBeLessThan(1);
    expect(learned.belowEdges).toBeGreaterThanOrEqual(10_000);
    expect(learned.aboveEdges ?? Infinity).toBeGreaterThanOrEqual(10_000);
  });

  it('survives references at the ends of the range', () => {
    for (const value of [0, 1]) {
      const learned = freezeBaseline(new Array<number>(50).fill(value), { threshold: 100 });
      expect(learned.evidence.length).toBeGreaterThan(0);
      expect(JSON.stringify(learned)).not.toContain('NaN');
      const design = designLearned(learned);
      const state = createLearned(design);
      for (let i = 0; i < 100; i++) expect(Number.isFinite(stepLearned(design, state, value).value)).toBe(true);
    }
    expect(freezeBaseline([0.5], { threshold: 100 }).edges.length).toBeGreaterThan(2);
    expect(() => freezeBaseline([], { threshold: 100 })).toThrow(RangeError);
  });

  it('accepts pseudo-outcomes whose mean is outside [0, 1]', () => {
    const learned = freezeBaseline([1.2, 1.1, 1.3], { threshold: 100, range: [-9, 10] });
    expect(learned.aboveEdges).toBeNull();
    expect(learned.edges.at(-1)).toBeCloseTo(1.2, 12);
  });
});

describe('the detector on a learned baseline', () => {
  const design = designLearned(freezeBaseline(reference, { threshold: 10_000 }));

  it('stays quiet on more of the same and alarms after a drop', () => {
    const state = createLearned(design);
    for (const x of reference) expect(stepLearned(design, state, x).value).toBeLessThan(10_000);
    let items = 0;
    while (stepLearned(design, state, items++ % 2).value < 10_000 && items < 1000);
    expect(items).toBeLessThan(150);
    expect(learnedFloor(design, state)).toBeGreaterThan(EVIDENCE_FLOOR);
  });

  it('is slower than with the mean known, never faster', () => {
    const state = createLearned(design);
    const { value, cell } = stepLearned(design, state, 0);
    expect(value).toBeGreaterThan(0);
    expect(cell).toBeGreaterThanOrEqual(0);
    expect(cell).toBeLessThan(design.learned.evidence.length);
  });

  it('adds up the weights it was given', () => {
    const state = createLearned(design);
    stepLearned(design, state, 1, 0.25);
    stepLearned(design, state, 1, 0.5);
    expect(state.elapsed).toBe(0.75);
  });
});
