import { kendallTauB, pearson, pearsonInterval, spearman, spearmanInterval } from '../../../src/stats/correlation';
import { krippendorffAlpha } from '../../../src/stats/krippendorff';
import { averageRanks, descendingOrder } from '../../../src/stats/ranks';

describe('rank and linear correlation', () => {
  it('share ranks among ties', () => {
    expect(averageRanks([3, 1, 3])).toEqual([2.5, 1, 2.5]);
    expect(descendingOrder([3, 1, 3])).toEqual([0, 2, 1]);
    expect(averageRanks([])).toEqual([]);
  });

  it('are perfect for a rising curve by rank only', () => {
    const xs = [1, 2, 3, 4];
    const ys = xs.map((x) => x ** 3);
    expect(spearman(xs, ys)).toBeCloseTo(1, 12);
    expect(kendallTauB(xs, ys)).toBeCloseTo(1, 12);
    expect(pearson(xs, ys)).toBeLessThan(0.99);
  });

  it('are undefined when one side never varies', () => {
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull();
    expect(spearman([1, 2], [0, 0])).toBeNull();
    expect(kendallTauB([1, 1], [1, 2])).toBeNull();
    expect(pearson([], [])).toBeNull();
  });

  it('have no interval at +-1 or with three pairs', () => {
    expect(pearsonInterval(1, 50)).toBeNull();
    expect(spearmanInterval(0.3, 3)).toBeNull();
    expect(spearmanInterval(null, 30)).toBeNull();
  });

  it('give wider intervals to ranks than to a linear correlation', () => {
    const linear = pearsonInterval(0.8, 40)!;
    const rank = spearmanInterval(0.8, 40)!;
    expect(rank[1] - rank[0]).toBeGreaterThan(linear[1] - linear[0]);
  });
});

describe("Krippendorff's alpha", () => {
  it('is 1 for raters who agree and ignores items with one rating', () => {
    const ratings = [
      [0, 1, 2, 1],
      [0, 1, 2, null],
    ];
    expect(krippendorffAlpha(ratings, 3, 'nominal')).toBe(1);
  });

  it('is undefined when nothing can be paired or nothing varies', () => {
    expect(
      krippendorffAlpha(
        [
          [0, null],
          [null, 1],
        ],
        2,
        'nominal',
      ),
    ).toBeNull();
    expect(
      krippendorffAlpha(
        [
          [1, 1],
          [1, 1],
        ],
        2,
        'interval',
      ),
    ).toBeNull();
    expect(krippendorffAlpha([], 2, 'nominal')).toBeNull();
  });
});
