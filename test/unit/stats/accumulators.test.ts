import { mergeMoments, NO_VALUES, recordValue, sampleVariance } from '../../../src/stats/running-moments';
import {
  createScoreHistogram,
  histogramQuantile,
  mergeHistograms,
  recordScore,
} from '../../../src/stats/score-histogram';

describe('running moments', () => {
  it('keep their digits far from zero', () => {
    const moments = [1e9 + 1, 1e9 + 2, 1e9 + 3].reduce(recordValue, NO_VALUES);
    expect(sampleVariance(moments)).toBeCloseTo(1, 9);
  });

  it('have no variance below two values, and merge with nothing', () => {
    const one = recordValue(NO_VALUES, 0.5);
    expect(sampleVariance(one)).toBeNull();
    expect(mergeMoments(one, NO_VALUES)).toEqual(one);
    expect(mergeMoments(NO_VALUES, NO_VALUES)).toEqual(NO_VALUES);
  });
});

describe('a histogram of scores', () => {
  it('finds quantiles to within a bin and merges exactly', () => {
    const a = createScoreHistogram();
    const b = createScoreHistogram();
    for (let i = 0; i <= 100; i++) recordScore(i % 2 === 0 ? a : b, i / 100);
    const both = mergeHistograms(a, b);
    expect(both.n).toBe(101);
    expect(histogramQuantile(both, 0.5)).toBeCloseTo(0.5, 2);
    expect(histogramQuantile(both, 1)).toBeCloseTo(1, 2);
  });

  it('turns away what is no score, and says null when empty', () => {
    expect(() => recordScore(createScoreHistogram(), 1.01)).toThrow(RangeError);
    expect(() => recordScore(createScoreHistogram(), NaN)).toThrow(RangeError);
    expect(histogramQuantile(createScoreHistogram(), 0.5)).toBeNull();
    expect(() => mergeHistograms(createScoreHistogram(2), createScoreHistogram(3))).toThrow(RangeError);
  });
});
