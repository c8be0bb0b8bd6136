import { controlRisk, hoeffdingBentkusP, splitConformal } from '../../src/stats/conformal';
import { chooseOperatingPoint } from '../../src/stats/operating-point';
import { type Fields, has, matrix, number, numbers } from './read';
import type { VectorSuite } from './suite';

export const conformal: VectorSuite = {
  file: 'conformal.json',
  compute: (input) => {
    if (has(input, 'scores')) return { ...splitConformal(numbers(input, 'scores'), number(input, 'alpha')) };
    if (has(input, 'losses')) return riskControl(input);
    if (has(input, 'taus')) return cascade(input);
    return { p: matrix(input, 'rows').map(([risk = NaN, n = NaN, alpha = NaN]) => hoeffdingBentkusP(risk, n, alpha)) };
  },
};

function riskControl(input: Fields): Fields {
  const chosen = controlRisk(matrix(input, 'losses'), number(input, 'B'), number(input, 'alpha'));
  return {
    empiricalRisk: chosen.empiricalRisk,
    chosenIndex: chosen.index,
    chosenLambda: chosen.index === null ? null : numbers(input, 'lambdas')[chosen.index],
  };
}

function cascade(input: Fields): Fields {
  const choice = chooseOperatingPoint(numbers(input, 'f'), numbers(input, 'label'), {
    taus: numbers(input, 'taus'),
    alpha: number(input, 'alpha'),
    delta: number(input, 'delta'),
    cheapCost: number(input, 'cheapCost'),
    ensembleCost: number(input, 'ensembleCost'),
  });
  return { rows: choice.points, chosenTau: choice.chosenTau };
}
