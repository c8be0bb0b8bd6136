import fc from 'fast-check';
import { accuracy, classFigures, cohenKappa, confusionMatrix, scottPi } from '../../../src/stats/agreement';
import { pearson, spearman } from '../../../src/stats/correlation';
import { krippendorffAlpha } from '../../../src/stats/krippendorff';

const labels = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), { maxLength: 60 });

describe('agreement', () => {
  it('is the same from either side', () => {
    fc.assert(
      fc.property(labels, (pairs) => {
        const [a, b] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
        const forth = cohenKappa(confusionMatrix(a, b, 4), 'quadratic');
        const back = cohenKappa(confusionMatrix(b, a, 4), 'quadratic');
        if (forth.kappa === null) expect(back.kappa).toBeNull();
        else expect(back.kappa).toBeCloseTo(forth.kappa, 10);
      }),
    );
  });

  it('never exceeds 1, and never the accuracy when there is chance to correct for', () => {
    fc.assert(
      fc.property(labels, (pairs) => {
        const matrix = confusionMatrix(
          pairs.map((pair) => pair[0]),
          pairs.map((pair) => pair[1]),
          4,
        );
        const { kappa } = cohenKappa(matrix);
        if (kappa !== null) expect(kappa).toBeLessThanOrEqual(accuracy(matrix)! + 1e-12);
        expect(classFigures(matrix).f1.every((f1) => f1 >= 0 && f1 <= 1)).toBe(true);
      }),
    );
  });

  it("of two raters without gaps brings Krippendorff's alpha near Scott's pi", () => {
    fc.assert(
      fc.property(
        labels.filter((pairs) => pairs.length > 1),
        (pairs) => {
          const [a, b] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
          const pi = scottPi(confusionMatrix(a, b, 4));
          const alpha = krippendorffAlpha([a, b], 4, 'nominal');
          if (pi === null || alpha === null) return;
          // Exact small-sample relation: alpha = 1 - (1 - pi)(2n - 1)/(2n).
          const units = 2 * pairs.length;
          expect(alpha).toBeCloseTo(1 - ((1 - pi) * (units - 1)) / units, 10);
        },
      ),
    );
  });
});

describe('correlation', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 2 });

  it('lies in [-1, 1], and by rank survives any rising change of scale', () => {
    fc.assert(
      fc.property(pairs, (points) => {
        const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
        const rank = spearman(xs, ys);
        expect(
          spearman(
            xs.map((x) => Math.exp(x / 3)),
            ys,
          ),
        ).toBe(rank);
        const linear = pearson(xs, ys);
        if (linear !== null) expect(Math.abs(linear)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
