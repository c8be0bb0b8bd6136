import fc from 'fast-check';
import { benjaminiHochberg, eBenjaminiHochberg, eBonferroni } from '../../../src/stats/multiplicity';
import { exactSignFlipP, signFlipEValue } from '../../../src/stats/paired-drift';
import { rankEvidence, startRankProcess, stepRankProcess } from '../../../src/stats/rank-e-process';
import { createRandom } from '../../../src/stats/seeded-random';

/** Scores move in steps of a thousandth, ties and zeros included. */
const differences = fc.array(
  fc.integer({ min: -1000, max: 1000 }).map((step) => step / 1000),
  { minLength: 1, maxLength: 9 },
);

/** All sign patterns of a vector. */
function flips(values: readonly number[]): number[][] {
  return Array.from({ length: 2 ** values.length }, (_, signs) =>
    values.map((value, i) => ((signs >> i) & 1 ? -value : value)),
  );
}

describe('evidence of drift', () => {
  it('is worth exactly 1 on average over all sign patterns: an e-value', () => {
    fc.assert(
      fc.property(differences, (values) => {
        const all = flips(values).map((row) => signFlipEValue(row));
        expect(all.reduce((a, b) => a + b, 0) / all.length).toBeCloseTo(1, 8);
      }),
      { numRuns: 30 },
    );
  });

  it('by permutation counts what visiting every sign vector counts', () => {
    const total = (values: readonly number[]): number => Math.abs(values.reduce((a, b) => a + b, 0));
    fc.assert(
      fc.property(differences, (values) => {
        const extreme = flips(values).filter((row) => total(row) >= total(values) - 1e-9).length;
        expect(exactSignFlipP(values)).toBe(extreme / 2 ** values.length);
      }),
      { numRuns: 50 },
    );
  });

  it('by permutation is at most as small as stated: a p-value', () => {
    fc.assert(
      fc.property(differences, share(), (values, level) => {
        const all = flips(values).map(exactSignFlipP);
        expect(all.filter((p) => p <= level).length / all.length).toBeLessThanOrEqual(level + 1e-12);
      }),
      { numRuns: 15 },
    );
  });

  it('by sequential ranks rarely grows on unchanged judges, ties included', () => {
    const random = createRandom(3);
    let alarms = 0;
    for (let trial = 0; trial < 200; trial++) {
      const draw = (): number[] => Array.from({ length: 20 }, () => Math.floor(random() * 3) / 2);
      let state = startRankProcess(draw());
      let highest = 0;
      for (let run = 0; run < 10; run++) {
        state = stepRankProcess(state, draw(), Array.from({ length: 20 }, random));
        highest = Math.max(highest, rankEvidence(state));
      }
      if (highest >= 20) alarms += 1;
    }
    // At most 1/20 of the runs, plus three standard errors.
    expect(alarms / 200).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200));
  });
});

describe('decisions over many series', () => {
  const eValues = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 20 });

  it('never lose a series because its evidence, or that of another, grew', () => {
    fc.assert(
      fc.property(eValues, fc.nat(), (values, pick) => {
        if (values.length === 0) return;
        const grown = values.map((e, i) => (i === pick % values.length ? e * 3 + 1 : e));
        const after = new Set(eBenjaminiHochberg(grown, 0.1));
        expect(eBenjaminiHochberg(values, 0.1).every((i) => after.has(i))).toBe(true);
      }),
    );
  });

  it('find at least what Bonferroni finds', () => {
    fc.assert(
      fc.property(eValues, (values) => {
        const found = new Set(eBenjaminiHochberg(values, 0.1));
        expect(eBonferroni(values, 0.1).every((i) => found.has(i))).toBe(true);
      }),
    );
  });

  it('treat e = 1/p in e-BH as Benjamini and Hochberg treat p', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 20 }), (steps) => {
        // Powers of two keep both comparisons free of rounding.
        const p = steps.map((step) => 2 ** -(step % 12));
        expect(
          eBenjaminiHochberg(
            p.map((value) => 1 / value),
            0.125,
          ),
        ).toEqual(benjaminiHochberg(p, 0.125));
      }),
    );
  });
});

function share(): fc.Arbitrary<number> {
  return fc.double({ min: 0.01, max: 0.99, noNaN: true });
}
