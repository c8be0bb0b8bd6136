import {
  averageEValue,
  benjaminiHochberg,
  calibratePValue,
  eBenjaminiHochberg,
  eBonferroni,
  eLond,
} from '../../../src/stats/multiplicity';

describe('decisions over many series', () => {
  it('lets several moderate e-values pass together where none passes alone', () => {
    const e = [25, 25, 25, 25];
    expect(eBonferroni(e, 0.05)).toEqual([]);
    expect(eBenjaminiHochberg(e, 0.05)).toEqual([0, 1, 2, 3]);
  });

  it('rejects nothing of nothing', () => {
    expect(eBenjaminiHochberg([], 0.1)).toEqual([]);
    expect(benjaminiHochberg([], 0.1)).toEqual([]);
    expect(eLond([], 0.1)).toEqual([]);
    expect(averageEValue([])).toBeNull();
  });

  it('steps up in Benjamini and Hochberg: a later p may carry an earlier one', () => {
    expect(benjaminiHochberg([0.04, 0.04], 0.05)).toEqual([0, 1]);
    expect(benjaminiHochberg([0.04, 0.9], 0.05)).toEqual([]);
  });

  it('spends more on tests after a rejection', () => {
    const second = (Math.PI ** 2 * 4) / (6 * 0.1);
    expect(eLond([0, second / 1.5], 0.1)).toEqual([]);
    expect(eLond([1e6, second / 1.5], 0.1)).toEqual([0, 1]);
  });

  it('turns p-values into e-values', () => {
    expect(calibratePValue(0.0025)).toBeCloseTo(10, 12);
    expect(calibratePValue(0)).toBeNull();
  });
});
