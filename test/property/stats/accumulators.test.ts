import fc from 'fast-check';
import { type AipwState, emptyAipw, mergeAipw, recordAipw, snapshotAipw } from '../../../src/stats/aipw';
import { mergeMoments, NO_VALUES, recordValue } from '../../../src/stats/running-moments';
import { createScoreHistogram, mergeHistograms, recordScore } from '../../../src/stats/score-histogram';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const item = fc.record({
  cheap: unit,
  ensemble: fc.option(unit, { nil: null }),
  pi: fc.double({ min: 0.05, max: 1, noNaN: true }),
});
type Item = { readonly cheap: number; readonly ensemble: number | null; readonly pi: number };

function stateOf(items: readonly Item[]): AipwState {
  return items.reduce((state, { cheap, ensemble, pi }) => recordAipw(state, cheap, ensemble, pi), emptyAipw());
}

function expectNear(actual: object, expected: object): void {
  for (const [key, value] of Object.entries(expected)) {
    const other: unknown = new Map<string, unknown>(Object.entries(actual)).get(key);
    if (typeof value !== 'number' || typeof other !== 'number') expect(other).toBe(value);
    else expect(Math.abs(other - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
}

describe('merging accumulators', () => {
  it('of pseudo-outcomes is the same as recording everything in one', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), (a, b) => {
        expectNear(mergeAipw(stateOf(a), stateOf(b)), stateOf([...a, ...b]));
      }),
    );
  });

  it('of pseudo-outcomes does not depend on order or grouping', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), fc.array(item), (a, b, c) => {
        const [x, y, z] = [stateOf(a), stateOf(b), stateOf(c)];
        expectNear(mergeAipw(mergeAipw(x, y), z), mergeAipw(x, mergeAipw(y, z)));
        expect(mergeAipw(x, y)).toEqual(mergeAipw(y, x));
      }),
    );
  });

  it('of pseudo-outcomes survives a trip through JSON to the last bit', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const state = stateOf(items);
        expect(snapshotAipw(JSON.parse(JSON.stringify(state)) as AipwState)).toEqual(snapshotAipw(state));
      }),
    );
  });

  it('of moments is the same as recording everything in one', () => {
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (a, b) => {
        const merged = mergeMoments(a.reduce(recordValue, NO_VALUES), b.reduce(recordValue, NO_VALUES));
        expectNear(merged, [...a, ...b].reduce(recordValue, NO_VALUES));
      }),
    );
  });

  it('of histograms is exact', () => {
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (a, b) => {
        const [x, y, both] = [createScoreHistogram(50), createScoreHistogram(50), createScoreHistogram(50)];
        a.forEach((score) => recordScore(x, score));
        b.forEach((score) => recordScore(y, score));
        [...a, ...b].forEach((score) => recordScore(both, score));
        expect(mergeHistograms(x, y)).toEqual(both);
      }),
    );
  });
});
