import { correctedPassRate } from '../../src/stats/corrected-rate';
import { familyBias, verbosityBias } from '../../src/stats/judge-bias';
import { positionBias, type Winner } from '../../src/stats/position-bias';
import { type Fields, has, number, numbers, text, texts } from './read';
import type { VectorSuite } from './suite';

export const judgeBias: VectorSuite = {
  file: 'judge-bias.json',
  compute: (input) => {
    if (has(input, 'winnerOrderAB')) return position(input);
    if (has(input, 'positives')) return corrected(input);
    return { ...family(input), ...verbosity(input) };
  },
};

function family(input: Fields): Fields {
  const judge = text(input, 'judgeFamily');
  const own = texts(input, 'authorFamily').map((author) => author === judge);
  const bias = familyBias(numbers(input, 'score'), numbers(input, 'human'), own);
  return { ...bias, difference: bias.welch?.difference, welchCi95: bias.welch?.interval };
}

function verbosity(input: Fields): Fields {
  const bias = verbosityBias(numbers(input, 'score'), numbers(input, 'human'), numbers(input, 'length'));
  return { ...bias, partialPearsonCi95: bias.partialPearsonInterval };
}

function position(input: Fields): Fields {
  const bias = positionBias(winners(input, 'winnerOrderAB'), winners(input, 'winnerOrderBA'));
  return { ...bias, mcnemarExactP: bias.mcnemarP };
}

function winners(input: Fields, key: string): Winner[] {
  return texts(input, key).map((winner) => {
    if (winner !== 'A' && winner !== 'B' && winner !== 'tie') throw new TypeError(`${winner} is no winner`);
    return winner;
  });
}

function corrected(input: Fields): Fields {
  const [rightFails = NaN, fails = NaN] = numbers(input, 'specificity');
  const [rightPasses = NaN, passes = NaN] = numbers(input, 'sensitivity');
  const rate = correctedPassRate(
    number(input, 'positives'),
    number(input, 'n'),
    { correct: rightFails, n: fails },
    { correct: rightPasses, n: passes },
  );
  return { ...rate, correctedClipped: rate?.clipped, se: rate?.standardError, ci95: rate?.interval };
}
