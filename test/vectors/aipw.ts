import {
  emptyAipw,
  fixedTimeInterval,
  pseudoOutcome,
  pseudoOutcomeRange,
  recordAipw,
  snapshotAipw,
} from '../../src/stats/aipw';
import { NO_PRIOR } from '../../src/stats/bet-size';
import type { SequenceDesign } from '../../src/stats/confidence-sequence';
import { allocateEscalations } from '../../src/stats/escalation-allocation';
import { hedgedInterval } from '../../src/stats/hedged-interval';
import { humanCorrection, humanPseudoOutcome, type LayeredItem } from '../../src/stats/human-layer';
import { mean, standardErrorOfMean } from '../../src/stats/moments';
import { predictionPoweredMean, tunedMean } from '../../src/stats/prediction-powered';
import { neymanAllocation, stratifiedMean } from '../../src/stats/stratified';
import { bernsteinPath } from './confseq';
import { type Fields, has, matrix, number, numbers, numbersOrNull, record } from './read';
import type { VectorSuite } from './suite';

export const aipw: VectorSuite = {
  file: 'aipw.json',
  compute: (input, shape) => {
    if (has(input, 'h')) return humanLayer(input);
    if (has(input, 'YhatUnlabeled')) return pool(input);
    if (has(input, 'budget')) return { ...allocation(input) };
    if (has(input, 'weights')) return strata(input);
    return { ...escalatedMean(input), ...sequences(input, shape) };
  },
};

interface Draws {
  readonly f: number[];
  readonly y: (number | null)[];
  readonly pi: number[];
}

/** A score of an item that was not drawn is not used, even when the file has one. */
function draws(input: Fields): Draws {
  const drawn = numbers(input, 'xi');
  return {
    f: numbers(input, 'f'),
    y: numbersOrNull(input, 'y').map((score, i) => (drawn[i] === 1 ? score : null)),
    pi: numbers(input, 'pi'),
  };
}

function escalatedMean(input: Fields): Fields {
  const { f, y, pi } = draws(input);
  const state = f.reduce((s, cheap, i) => recordAipw(s, cheap, y[i] ?? null, pi[i] ?? NaN), emptyAipw());
  const snapshot = snapshotAipw(state);
  const tuned = tunedMean(f, y, pi);
  return {
    phi: f.map((cheap, i) => pseudoOutcome(cheap, y[i] ?? null, pi[i] ?? NaN)),
    mean: snapshot.mean,
    variance: snapshot.variance,
    se: snapshot.standardError,
    zCi95: fixedTimeInterval(snapshot),
    horvitzThompson: snapshot.horvitzThompson,
    hajek: snapshot.hajek,
    naiveMeanOfEscalated: mean(y.filter((score) => score !== null)),
    naiveMeanOfCheap: snapshot.cheapMean,
    rhoTuned: tuned?.trust,
    tunedMean: tuned?.mean,
    tunedSe: tuned?.standardError,
    // The file leaves 0/0 undefined where the project says 0.
    effectiveSampleSize: snapshot.escalated === 0 ? null : snapshot.effectiveSampleSize,
  };
}

function sequences(input: Fields, shape: Fields): Fields {
  const { f, y, pi } = draws(input);
  const phi = f.map((cheap, i) => pseudoOutcome(cheap, y[i] ?? null, pi[i] ?? NaN));
  const range = pseudoOutcomeRange(number(input, 'epsilon'));
  const design: SequenceDesign = { alpha: number(input, 'alpha'), range, prior: NO_PRIOR };
  const path = bernsteinPath(design, phi);
  const given = record(shape, 'hedgedWithPriorAtEnd');
  const prior = { mean: number(given, 'priorMean'), variance: number(given, 'priorVariance') };
  const truncation = number(given, 'truncation');
  return {
    range,
    csLower: path.map((step) => step.interval[0]),
    csUpper: path.map((step) => step.interval[1]),
    csLowerRunning: path.map((step) => step.running[0]),
    csUpperRunning: path.map((step) => step.running[1]),
    hedgedAtEnd: hedgedInterval({ ...design, truncation: 0.5 }, phi),
    hedgedWithPriorAtEnd: {
      ...given,
      interval: hedgedInterval({ ...design, prior, truncation }, phi),
    },
  };
}

function humanLayer(input: Fields): Fields {
  const { f, y, pi } = draws(input);
  const labelled = numbers(input, 'zeta');
  const human = numbersOrNull(input, 'h');
  const q = numbers(input, 'q');
  const items = f.map((cheap, i): LayeredItem => ({
    cheap,
    ensemble: y[i] ?? null,
    pi: pi[i] ?? NaN,
    human: labelled[i] === 1 ? (human[i] ?? null) : null,
    q: q[i] ?? NaN,
  }));
  const phi = items.map(humanPseudoOutcome);
  return {
    phi,
    mean: mean(phi),
    se: standardErrorOfMean(phi),
    ensembleMean: mean(items.map((item) => pseudoOutcome(item.cheap, item.ensemble, item.pi))),
    humanMinusEnsemble: mean(items.map(humanCorrection)),
  };
}

function pool(input: Fields): Fields {
  const powered = predictionPoweredMean(numbers(input, 'Y'), numbers(input, 'Yhat'), numbers(input, 'YhatUnlabeled'));
  return { lambda_: powered?.trust, mean: powered?.mean, se: powered?.standardError, ci95: powered?.interval };
}

function allocation(input: Fields): Fields {
  const solved = allocateEscalations(
    numbers(input, 'residualSd'),
    numbers(input, 'cost'),
    number(input, 'budget'),
    number(input, 'epsilon'),
  );
  return { ...solved };
}

function strata(input: Fields): Fields {
  const weights = numbers(input, 'weights');
  const estimate = stratifiedMean(weights, matrix(input, 'samples'));
  return {
    allocation: neymanAllocation(weights, numbers(input, 'sd'), numbers(input, 'cost'), number(input, 'total')),
    stratifiedMean: estimate?.mean,
    stratifiedSe: estimate?.standardError,
  };
}
