import {
  accuracy,
  classFigures,
  cohenKappa,
  confusionMatrix,
  gwetAc1,
  type Kappa,
  macroF1,
  matthewsCorrelation,
  scottPi,
  weightedF1,
} from '../../src/stats/agreement';
import { krippendorffAlpha } from '../../src/stats/krippendorff';
import { kendallTauB, pearson, pearsonInterval, spearman, spearmanInterval } from '../../src/stats/correlation';
import { type Fields, has, matrixOrNull, number, numbers } from './read';
import type { VectorSuite } from './suite';

export const agreement: VectorSuite = {
  file: 'agreement.json',
  compute: (input) => {
    if (has(input, 'ratings')) return severalRaters(input);
    if (has(input, 'reference')) return twoRaters(input);
    return correlations(numbers(input, 'x'), numbers(input, 'y'));
  },
};

function twoRaters(input: Fields): Fields {
  const reference = numbers(input, 'reference');
  const predicted = numbers(input, 'predicted');
  const confusion = confusionMatrix(reference, predicted, number(input, 'categories'));
  return {
    confusion,
    accuracy: accuracy(confusion),
    cohenKappa: kappaFields(cohenKappa(confusion)),
    linearKappa: kappaFields(cohenKappa(confusion, 'linear')),
    quadraticKappa: kappaFields(cohenKappa(confusion, 'quadratic')),
    scottPi: scottPi(confusion),
    gwetAC1: gwetAc1(confusion),
    ...classFigures(confusion),
    macroF1: macroF1(confusion),
    microF1: accuracy(confusion),
    weightedF1: weightedF1(confusion),
    mcc: matthewsCorrelation(confusion),
    ...correlations(reference, predicted),
  };
}

function correlations(x: readonly number[], y: readonly number[]): Fields {
  const rankCorrelation = spearman(x, y);
  const linearCorrelation = pearson(x, y);
  return {
    spearman: rankCorrelation,
    spearmanCi95: spearmanInterval(rankCorrelation, x.length),
    kendallTauB: kendallTauB(x, y),
    pearson: linearCorrelation,
    pearsonCi95: pearsonInterval(linearCorrelation, x.length),
  };
}

function severalRaters(input: Fields): Fields {
  const ratings = matrixOrNull(input, 'ratings');
  const categories = number(input, 'categories');
  return {
    alphaNominal: krippendorffAlpha(ratings, categories, 'nominal'),
    alphaOrdinal: krippendorffAlpha(ratings, categories, 'ordinal'),
    alphaInterval: krippendorffAlpha(ratings, categories, 'interval'),
  };
}

function kappaFields(kappa: Kappa): Fields {
  return {
    po: kappa.observed,
    pe: kappa.expected,
    kappa: kappa.kappa,
    se: kappa.standardError,
    ci95: kappa.interval,
  };
}
