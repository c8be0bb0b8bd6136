import { betaQuantile } from '../../src/stats/beta';
import { binomialCdf } from '../../src/stats/binomial';
import {
  clopperPearsonInterval,
  clopperPearsonLower,
  jeffreysInterval,
  newcombeInterval,
  wilsonInterval,
} from '../../src/stats/binomial-intervals';
import { gammaP, logBeta, logGamma } from '../../src/stats/gamma';
import { tInterval, welchTest } from '../../src/stats/mean-intervals';
import { mean, variance } from '../../src/stats/moments';
import { normalCdf, normalQuantile } from '../../src/stats/normal';
import { quantiles } from '../../src/stats/quantile';
import { studentTCdf, studentTQuantile } from '../../src/stats/student-t';
import { type Fields, number, numbers, record, tableOver, text } from './read';
import type { VectorSuite } from './suite';

export const analyticCi: VectorSuite = {
  file: 'analytic-ci.json',
  compute: (input, shape) => {
    switch (text(input, 'kind')) {
      case 'binomial':
        return proportion(number(input, 'k'), number(input, 'n'));
      case 'newcombe':
        return difference(number(input, 'k1'), number(input, 'n1'), number(input, 'k2'), number(input, 'n2'));
      case 'means':
        return means(numbers(input, 'x'), numbers(input, 'y'));
      case 'special':
        return special(numbers(input, 'p'), numbers(input, 'q'), shape);
      default:
        return { quantiles: quantiles(numbers(input, 'x'), numbers(input, 'p')) };
    }
  },
};

function proportion(k: number, n: number): Fields {
  return {
    wilson95: wilsonInterval(k, n),
    clopperPearson95: clopperPearsonInterval(k, n),
    clopperPearsonLower95OneSided: clopperPearsonLower(k, n),
    jeffreys95: jeffreysInterval(k, n),
  };
}

function difference(k1: number, n1: number, k2: number, n2: number): Fields {
  return { diff: k1 / n1 - k2 / n2, newcombe95: newcombeInterval(k1, n1, k2, n2) };
}

function means(x: readonly number[], y: readonly number[]): Fields {
  const welch = welchTest(x, y);
  return {
    mean: mean(x),
    sd: Math.sqrt(variance(x) ?? NaN),
    tCi95: tInterval(x),
    welchDiff: welch?.difference,
    welchDf: welch?.freedom,
    welchT: welch?.t,
    welchP: welch?.p,
    welchCi95: welch?.interval,
  };
}

/** The tables are keyed by the functions' other arguments, e.g. `betaPpf: {"2,7": [...]}`. */
function special(p: readonly number[], q: readonly number[], shape: Fields): Fields {
  return {
    normPpf: p.map(normalQuantile),
    normCdf: q.map(normalCdf),
    tPpf: tableOver(record(shape, 'tPpf'), (freedom) => p.map((share) => studentTQuantile(share, freedom))),
    tCdf: tableOver(record(shape, 'tCdf'), (freedom) => q.map((t) => studentTCdf(t, freedom))),
    betaPpf: tableOverPair(shape, 'betaPpf', (a, b) => p.map((share) => betaQuantile(share, a, b))),
    lgamma: tableOver(record(shape, 'lgamma'), logGamma),
    lbeta: tableOverPair(shape, 'lbeta', logBeta),
    gammaP: tableOverPair(shape, 'gammaP', gammaP),
    binomCdf: tableOverPair(shape, 'binomCdf', (k, n, share) => binomialCdf(k, n, share)),
  };
}

function tableOverPair(shape: Fields, key: string, f: (a: number, b: number, c: number) => unknown): Fields {
  return Object.fromEntries(
    Object.keys(record(shape, key)).map((args) => {
      const [a = NaN, b = NaN, c = NaN] = args.split(',').map(Number);
      return [args, f(a, b, c)];
    }),
  );
}
