import { correctedPassRate } from '../../../src/stats/corrected-rate';
import { fitDawidSkene } from '../../../src/stats/dawid-skene';
import { familyBias, verbosityBias } from '../../../src/stats/judge-bias';
import {
  effectiveJudges,
  judgeDependence,
  pairwiseDisagreement,
  passShare,
  voteEntropy,
} from '../../../src/stats/judge-dependence';
import { shrunkenWeights } from '../../../src/stats/judge-weights';
import { positionBias } from '../../../src/stats/position-bias';
import { expectedTokenScore } from '../../../src/stats/token-score';

describe('judges together', () => {
  it('are one judge when their errors are the same', () => {
    const scores = [0.1, 0.5, 0.9].map((score) => [score, score, score]);
    const dependence = judgeDependence(scores, [0.2, 0.4, 0.9]);
    expect(dependence.effectiveNumber).toBeCloseTo(1, 10);
    expect(dependence.effectiveNumberSpectral).toBeCloseTo(1, 10);
  });

  it('leave out a judge that never errs instead of dividing by zero', () => {
    const dependence = judgeDependence(
      [
        [0.1, 0.2],
        [0.5, 0.4],
        [0.9, 0.9],
      ],
      [0.1, 0.5, 0.9],
    );
    expect(dependence.errorCorrelation[0]![1]).toBeNull();
    expect(dependence.meanCorrelation).toBe(0);
  });

  it('are not worth more than their number when errors oppose each other', () => {
    expect(effectiveJudges(3, -0.4)).toBe(3);
  });

  it('measure disagreement by entropy and by pairs', () => {
    expect(voteEntropy(0.5)).toBe(1);
    expect(voteEntropy(1)).toBe(0);
    expect(pairwiseDisagreement(0.5, 2)).toBe(1);
    expect(pairwiseDisagreement(0.5, 1)).toBeNull();
    expect(passShare([0.5, 0.4], 0.5)).toBe(0.5);
    expect(passShare([], 0.5)).toBeNull();
  });

  it('weigh by shrunken log-odds, equally when none beats a coin', () => {
    expect(shrunkenWeights([90, 60], [100, 100], 20).weights[0]).toBeGreaterThan(0.5);
    expect(shrunkenWeights([10, 40], [100, 100], 20).weights).toEqual([0.5, 0.5]);
    expect(shrunkenWeights([0, 0], [0, 0], 20)).toMatchObject({ pooled: null, weights: [0.5, 0.5] });
    expect(shrunkenWeights([5], [5], 20).logOdds[0]).toBeLessThan(100);
  });
});

describe('the Dawid-Skene model', () => {
  it('finds the judge that swaps labels', () => {
    const votes = Array.from({ length: 60 }, (_, i) => {
      const truth = i % 2;
      return [truth, truth, truth, 1 - truth];
    });
    const fit = fitDawidSkene(votes, { classes: 2, iterations: 25, smoothing: 0.01 });
    expect(fit.confusion[3]![0]![1]).toBeGreaterThan(0.95);
    expect(fit.posterior[1]![1]).toBeGreaterThan(0.99);
  });

  it('leaves an item without votes at the class shares', () => {
    const fit = fitDawidSkene([[0], [0], [1], [null]], { classes: 2, iterations: 3, smoothing: 0.01 });
    expect(fit.posterior[3]).toEqual(fit.prior.map((share) => expect.closeTo(share, 12) as number));
  });
});

describe('bias of a judge', () => {
  it('shows as a difference between own and other authors', () => {
    const bias = familyBias([0.9, 0.8, 0.5, 0.6], [0.7, 0.6, 0.5, 0.6], [true, true, false, false]);
    expect(bias.meanSame).toBeCloseTo(0.2, 12);
    expect(bias.meanOther).toBeCloseTo(0, 12);
    expect(familyBias([0.9], [0.7], [true])).toMatchObject({ meanOther: null, welch: null });
  });

  it('finds points per doubling of the length at equal human score', () => {
    const lengths = [100, 200, 400, 800, 100, 200];
    const human = [0.5, 0.6, 0.4, 0.7, 0.3, 0.8];
    const scores = lengths.map((length, i) => human[i]! + 0.03 * Math.log2(length));
    const bias = verbosityBias(scores, human, lengths);
    expect(bias.slopePerDoubling).toBeCloseTo(0.03, 10);
    expect(bias.partialPearson).toBeCloseTo(1, 10);
    expect(bias.partialPearsonInterval).toBeNull();
  });

  it('is undefined when all answers are equally long', () => {
    expect(verbosityBias([0.1, 0.5, 0.7], [0.2, 0.4, 0.9], [50, 50, 50])).toMatchObject({
      partialPearson: null,
      slopePerDoubling: null,
    });
  });

  it('of position counts verdicts that follow the place', () => {
    expect(positionBias(['A', 'A', 'B', 'tie'], ['B', 'A', 'A', 'tie'])).toMatchObject({
      consistent: 0.5,
      firstPreferred: 1,
      secondPreferred: 1,
      bias: 0,
    });
    expect(positionBias([], [])).toMatchObject({ consistent: null, bias: null, mcnemarP: 1 });
  });

  it('can be taken out of a pass rate unless the judge is useless', () => {
    const perfect = correctedPassRate(30, 100, { correct: 50, n: 50 }, { correct: 50, n: 50 })!;
    expect(perfect.corrected).toBeCloseTo(0.3, 12);
    const useless = correctedPassRate(30, 100, { correct: 25, n: 50 }, { correct: 25, n: 50 })!;
    expect(useless).toMatchObject({ corrected: null, interval: null });
    expect(correctedPassRate(0, 0, { correct: 1, n: 1 }, { correct: 1, n: 1 })).toBeNull();
  });
});

describe('a score from token probabilities', () => {
  const tokens = [
    { token: '4', logprob: Math.log(0.5) },
    { token: ' 5', logprob: Math.log(0.25) },
    { token: '9', logprob: Math.log(0.05) },
    { token: 'Four', logprob: Math.log(0.1) },
  ];

  it('uses only steps of the scale', () => {
    const score = expectedTokenScore(tokens, [1, 5]);
    expect(score.mass).toBeCloseTo(0.75, 12);
    expect(score.expected).toBeCloseTo((4 * 0.5 + 5 * 0.25) / 0.75, 12);
    expect(score.mode).toBe(4);
  });

  it('is undefined without mass on the scale', () => {
    expect(expectedTokenScore([], [1, 5])).toMatchObject({ mass: 0, expected: null, mode: null });
  });
});
