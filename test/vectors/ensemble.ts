import { fitDawidSkene } from '../../src/stats/dawid-skene';
import {
  effectiveJudges,
  judgeDependence,
  pairwiseDisagreement,
  passShare,
  voteEntropy,
  withinItemVariance,
} from '../../src/stats/judge-dependence';
import { shrunkenWeights } from '../../src/stats/judge-weights';
import { mean } from '../../src/stats/moments';
import { expectedTokenScore } from '../../src/stats/token-score';
import { type Fields, has, matrix, matrixOrNull, number, numbers, records, text } from './read';
import type { VectorSuite } from './suite';

export const ensemble: VectorSuite = {
  file: 'ensemble.json',
  compute: (input) => {
    if (has(input, 'truth')) return dependence(input);
    if (has(input, 'votes')) return labelModel(input);
    if (has(input, 'tokens')) return tokenScore(input);
    if (has(input, 'correct')) {
      return { ...shrunkenWeights(numbers(input, 'correct'), numbers(input, 'n'), number(input, 'priorStrength')) };
    }
    return { nEff: matrix(input, 'rows').map(([judges = NaN, rho = NaN]) => effectiveJudges(judges, rho)) };
  },
};

function dependence(input: Fields): Fields {
  const scores = matrix(input, 'scores');
  const judged = judgeDependence(scores, numbers(input, 'truth'));
  const threshold = number(input, 'voteThreshold');
  const shares = scores.map((row) => passShare(row, threshold) ?? NaN);
  const entropies = shares.map(voteEntropy);
  const disagreements = shares.map((share, i) => pairwiseDisagreement(share, scores[i]?.length ?? 0) ?? NaN);
  return {
    errorCorrelation: judged.errorCorrelation,
    meanCorrelation: judged.meanCorrelation,
    nEff: judged.effectiveNumber,
    nEffEigen: judged.effectiveNumberSpectral,
    voteEntropy: entropies,
    meanVoteEntropy: mean(entropies),
    pairwiseDisagreement: disagreements,
    meanPairwiseDisagreement: mean(disagreements),
    meanWithinItemVariance: mean(scores.map((row) => withinItemVariance(row) ?? NaN)),
    ensembleMean: scores.map((row) => mean(row)),
  };
}

function labelModel(input: Fields): Fields {
  const fit = fitDawidSkene(matrixOrNull(input, 'votes'), {
    classes: number(input, 'classes'),
    iterations: number(input, 'iterations'),
    smoothing: number(input, 'smoothing'),
  });
  return { ...fit };
}

function tokenScore(input: Fields): Fields {
  const tokens = records(input, 'tokens').map((entry) => ({
    token: text(entry, 'token'),
    logprob: number(entry, 'logprob'),
  }));
  const [lowest = NaN, highest = NaN] = numbers(input, 'scale');
  return { ...expectedTokenScore(tokens, [lowest, highest]) };
}
