import {
  accuracy,
  classFigures,
  cohenKappa,
  confusionMatrix,
  gwetAc1,
  macroF1,
  matthewsCorrelation,
  scottPi,
  weightedF1,
} from '../../../src/stats/agreement';

describe('agreement of two label sequences', () => {
  it('puts the reference in rows and the prediction in columns', () => {
    expect(confusionMatrix([0, 0, 1], [1, 0, 1], 2)).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  it('sums item weights instead of counting when they are given', () => {
    expect(confusionMatrix([0, 1], [0, 0], 2, [10, 1])).toEqual([
      [10, 0],
      [1, 0],
    ]);
  });

  it('gives the textbook kappa of 0.4 for 20, 5, 10, 15', () => {
    const kappa = cohenKappa([
      [20, 5],
      [10, 15],
    ]);
    expect(kappa.kappa).toBeCloseTo(0.4, 12);
  });

  it('is undefined, not zero, without items', () => {
    const empty = confusionMatrix([], [], 2);
    expect(accuracy(empty)).toBeNull();
    expect(cohenKappa(empty).kappa).toBeNull();
    expect(scottPi(empty)).toBeNull();
    expect(gwetAc1(empty)).toBeNull();
    expect(weightedF1(empty)).toBeNull();
    expect(matthewsCorrelation(empty)).toBeNull();
  });

  it('has no kappa when both sides use one and the same label', () => {
    const matrix = confusionMatrix([1, 1, 1], [1, 1, 1], 3);
    expect(cohenKappa(matrix).kappa).toBeNull();
    expect(cohenKappa(matrix, 'quadratic').kappa).toBeNull();
    expect(scottPi(matrix)).toBeNull();
    expect(accuracy(matrix)).toBe(1);
  });

  it('does not divide by zero for a single category', () => {
    const matrix = confusionMatrix([0, 0], [0, 0], 1);
    expect(cohenKappa(matrix, 'linear').kappa).toBeNull();
    expect(gwetAc1(matrix)).toBeNull();
  });

  it('gives a zero F1 to a category that never occurs', () => {
    const matrix = confusionMatrix([0, 1], [0, 1], 3);
    expect(classFigures(matrix).f1).toEqual([1, 1, 0]);
    expect(macroF1(matrix)).toBeCloseTo(2 / 3, 12);
  });

  it('names a label outside the categories', () => {
    expect(() => confusionMatrix([2], [0], 2)).toThrow('labels 2 and 0');
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow(RangeError);
  });
});
