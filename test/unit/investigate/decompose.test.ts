import fc from 'fast-check';
import { decompose } from '../../../src/investigate/decompose';
import { diagnose } from '../../../src/investigate/diagnose';
import { buildCell, buildEvidence, buildPeriod } from '../../support/builders/evidence';

const cells = ['a', 'b', 'c', 'd'].map((product) => buildCell({ product }));
const specs = fc
  .tuple(
    ...cells.map(() =>
      fc.record({
        n: fc.integer({ min: 0, max: 120 }),
        pass: fc.double({ min: 0, max: 1, noNaN: true }),
        more: fc.integer({ min: 0, max: 900 }),
      }),
    ),
  )
  .map((rows) => rows.map(({ n, pass, more }, i) => ({ cell: cells[i]!, n, pass, traffic: n + more })));

describe('the decomposition of a change', () => {
  it('leaves no remainder: sampling, mix and what changed within are the whole', () => {
    fc.assert(
      fc.property(specs, specs, (before, after) => {
        const { decomposition } = diagnose(buildEvidence(buildPeriod(before), buildPeriod(after)));
        if (decomposition === null) return;
        const { observed, sampling, mix, within, slices } = decomposition;
        expect(sampling.change + mix.change + within.change).toBeCloseTo(observed.change, 9);
        const bySlice = slices.reduce((sum, one) => sum + one.within.change + one.mix.change, 0);
        expect(bySlice).toBeCloseTo(mix.change + within.change, 9);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('is not had without values in both periods', () => {
    const some = { stats: [{ cell: cells[0]!, version: null, n: 40, sum: 20, squares: 20 }], traffic: [] };
    expect(decompose({ stats: [], traffic: [] }, some)).toBeNull();
    expect(decompose(some, { stats: [], traffic: [] })).toBeNull();
  });
});
