import { coarsenBaseline } from '../../../src/detectors/coarse-baseline';
import { freezeBaseline } from '../../../src/detectors/learned-baseline';
import { createLearned, designLearned, stepLearned } from '../../../src/detectors/learned-detector';
import { createRandom } from '../../../src/stats/seeded-random';

describe('a coarse baseline', () => {
  const random = createRandom(4);
  const reference = Array.from({ length: 1_000 }, () => (random() < 0.85 ? 1 : 0));
  const fine = freezeBaseline(reference, { threshold: 10_000 });
  const coarse = coarsenBaseline(fine, 4);

  it('spans the same means in a quarter of the cells', () => {
    expect(coarse.evidence).toHaveLength(Math.ceil(fine.evidence.length / 4));
    expect([coarse.edges[0], coarse.edges.at(-1)]).toEqual([fine.edges[0], fine.edges.at(-1)]);
  });

  it('never says more than the fine one, and little less after a drop', () => {
    const designs = [designLearned(fine), designLearned(coarse)] as const;
    const states = [createLearned(designs[0]), createLearned(designs[1])] as const;
    let last = [0, 0];
    for (let i = 0; i < 400; i++) {
      const x = random() < 0.7 ? 1 : 0;
      last = [stepLearned(designs[0], states[0], x).value, stepLearned(designs[1], states[1], x).value];
      expect(last[1]).toBeLessThanOrEqual(last[0]! * (1 + 1e-9));
    }
    expect(Math.log(last[1]!)).toBeGreaterThan(0.85 * Math.log(last[0]!));
  });
});
