import { asymptoticHalfWidth, asymptoticTuning } from '../../src/stats/asymptotic-sequence';
import { NO_PRIOR } from '../../src/stats/bet-size';
import { betaBinomialInterval, logBetaBinomialE } from '../../src/stats/beta-binomial';
import {
  createBernstein,
  nextBernsteinBet,
  readBernstein,
  recordBernstein,
  type SequenceDesign,
} from '../../src/stats/confidence-sequence';
import { betOnSample, hedgedInterval, logCapitalAbove, logCapitalBelow } from '../../src/stats/hedged-interval';
import { createHedged, type HedgedDesign, readHedged, recordHedged } from '../../src/stats/hedged-sequence';
import type { Interval } from '../../src/stats/interval';
import { type Fields, has, list, matrix, number, numbers, record, tableOver, toFields } from './read';
import type { VectorSuite } from './suite';

export const confseq: VectorSuite = {
  file: 'confseq.json',
  compute: (input, shape) => {
    if (has(input, 'counts')) return betaBinomial(input, shape);
    if (has(input, 'tStar')) return asymptotic(input);
    return { ...bernstein(input), ...hedged(input, shape), ...grid(input) };
  },
};

function bernstein(input: Fields): Fields {
  const design = unitDesign(input);
  const path = bernsteinPath(design, numbers(input, 'x'));
  return {
    lambdaEb: path.map((step) => step.bet),
    ebCenter: path.map((step) => step.center),
    ebWidth: path.map((step) => step.halfWidth),
    ebLower: path.map((step) => step.interval[0]),
    ebUpper: path.map((step) => step.interval[1]),
    ebLowerRunning: path.map((step) => step.running[0]),
    ebUpperRunning: path.map((step) => step.running[1]),
  };
}

interface BernsteinStep {
  readonly bet: number;
  readonly center: number;
  readonly halfWidth: number;
  readonly interval: Interval;
  readonly running: Interval;
}

/** The empirical Bernstein sequence after every item. */
export function bernsteinPath(design: SequenceDesign, xs: readonly number[]): BernsteinStep[] {
  const state = createBernstein(design);
  return xs.map((x) => {
    const bet = nextBernsteinBet(design, state);
    recordBernstein(design, state, x);
    const reading = readBernstein(design, state);
    if (reading === null) throw new Error('no reading after an item');
    return { ...reading, bet, running: [state.lower, state.upper] };
  });
}

function hedged(input: Fields, shape: Fields): Fields {
  const xs = numbers(input, 'x');
  const truncation = number(input, 'truncation');
  const design = { ...unitDesign(input), truncation };
  const samples = xs.map((_, i) => betOnSample(design, xs.slice(0, i + 1)));
  const intervals = xs.map((_, i) => hedgedInterval(design, xs.slice(0, i + 1)));
  return {
    hedgedLogKPlus: tableOver(record(shape, 'hedgedLogKPlus'), (m) =>
      samples.map((sample) => logCapitalAbove(sample, m, truncation)),
    ),
    hedgedLogKMinus: tableOver(record(shape, 'hedgedLogKMinus'), (m) =>
      samples.map((sample) => logCapitalBelow(sample, m, truncation)),
    ),
    hedgedLower: intervals.map((interval) => interval[0]),
    hedgedUpper: intervals.map((interval) => interval[1]),
    hedgedLowerRunning: runningExtreme(
      intervals.map((interval) => interval[0]),
      Math.max,
    ),
    hedgedUpperRunning: runningExtreme(
      intervals.map((interval) => interval[1]),
      Math.min,
    ),
  };
}

function grid(input: Fields): Fields {
  const design: HedgedDesign = {
    ...unitDesign(input),
    truncation: number(input, 'truncation'),
    steps: number(input, 'grid'),
  };
  const state = createHedged(design);
  for (const x of numbers(input, 'x')) recordHedged(design, state, x);
  const [lower, upper] = readHedged(design, state);
  return { gridLowerAtEnd: lower, gridUpperAtEnd: upper };
}

function betaBinomial(input: Fields, shape: Fields): Fields {
  const prior = { a: number(input, 'a'), b: number(input, 'b') };
  const shapes = list(shape, 'rows').map((row) => record(toFields(row, 'row'), 'logE'));
  return {
    rows: matrix(input, 'counts').map(([successes = NaN, failures = NaN], i) => ({
      S: successes,
      F: failures,
      logE: tableOver(shapes[i] ?? {}, (m) => logBetaBinomialE(successes, failures, m, prior)),
      cs: betaBinomialInterval(successes, failures, number(input, 'alpha'), prior),
    })),
  };
}

function asymptotic(input: Fields): Fields {
  const alpha = number(input, 'alpha');
  const rho = asymptoticTuning(alpha, number(input, 'tStar'));
  return {
    rho,
    halfWidth: matrix(input, 'rows').map(([t = NaN, , sd = NaN]) => asymptoticHalfWidth(sd, t, alpha, rho)),
  };
}

function unitDesign(input: Fields): SequenceDesign {
  return { alpha: number(input, 'alpha'), range: [0, 1], prior: NO_PRIOR };
}

function runningExtreme(values: readonly number[], choose: (a: number, b: number) => number): number[] {
  let extreme = values[0] ?? NaN;
  return values.map((value) => (extreme = choose(extreme, value)));
}
