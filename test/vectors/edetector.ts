import { createChangePoint, readChangePoint, stepChangePoint } from '../../src/detectors/change-point';
import {
  betsForDrops,
  createEDetector,
  type EDetectorDesign,
  mixtureCusumOf,
  stepEDetector,
  twoSided,
} from '../../src/detectors/e-detector';
import {
  freezeBaseline,
  type FreezeOptions,
  type LearnedBaseline,
  referenceBets,
} from '../../src/detectors/learned-baseline';
import { createLearned, designLearned, type LearnedReading, stepLearned } from '../../src/detectors/learned-detector';
import { lowerBoundBaseline } from '../../src/detectors/lower-bound-baseline';
import { type Fields, has, number, numbers } from './read';
import type { VectorSuite } from './suite';

export const edetector: VectorSuite = {
  file: 'edetector.json',
  compute: (input) => (has(input, 'reference') ? learnedCase(input) : knownCase(input)),
};

/** The file caps the cells of a learned baseline at 1e15 and nothing else. */
const UNCAPPED = Number.MAX_VALUE;

/** Value of one detector after each item, and where its parts end up. */
interface Path {
  readonly values: number[];
  readonly floor: number[];
  readonly components: readonly number[];
  readonly cusum: readonly number[];
}

function runKnown(design: EDetectorDesign, xs: readonly number[], elapsed?: readonly number[]): Path {
  const state = createEDetector(design);
  const floor: number[] = [];
  const values = xs.map((x, i) => {
    const value = stepEDetector(design, state, x, elapsed?.[i] ?? 1);
    floor.push(mixtureCusumOf(design, state));
    return value;
  });
  return { values, floor, components: state.shiryaevRoberts, cusum: state.cusum };
}

function knownCase(input: Fields): Fields {
  const xs = numbers(input, 'x');
  const baseline = number(input, 'baseline');
  const threshold = number(input, 'threshold');
  const single: EDetectorDesign = {
    baseline,
    tolerance: 0,
    bets: [number(input, 'singleLambda')],
    weights: [1],
    cap: UNCAPPED,
  };
  const mixture = mixtureDesign(input, baseline);
  const mirrored = mixtureDesign(input, 1 - baseline);
  const one = runKnown(single, xs);
  const several = runKnown(mixture, xs);
  const up = runKnown(
    mirrored,
    xs.map((x) => 1 - x),
  );
  const both = several.values.map((down, i) => twoSided(down, up.values[i] ?? NaN));
  return {
    sr: one.values,
    cusum: one.floor,
    lambdas: mixture.bets,
    mixtureSr: several.values,
    mixtureCusum: several.floor,
    componentsAtEnd: several.components,
    elapsedSr: runKnown(mixture, xs, numbers(input, 'elapsed')).values,
    tolerantSr: runKnown({ ...mixture, tolerance: number(input, 'tolerance') }, xs).values,
    twoSidedSr: both,
    alarmIndex: firstIndex(several.values, (value) => value >= threshold),
    alarmIndexWithEvidenceFloor20: firstIndex(
      several.values,
      (value, i) => value >= threshold && (several.floor[i] ?? 0) >= 20,
    ),
    alarmIndexCusum: firstIndex(several.floor, (value) => value >= threshold),
    alarmIndexTwoSided: firstIndex(both, (value) => value >= threshold),
    ...changePoint(xs, baseline, mixture.bets[2] ?? NaN),
  };
}

function changePoint(xs: readonly number[], baseline: number, bet: number): Fields {
  const state = createChangePoint(1);
  const starts = xs.map((x, i) => {
    stepChangePoint([bet], baseline, state, x, i);
    return readChangePoint(state)?.start;
  });
  return { changepointByStep: starts, changepointStatistic: readChangePoint(state)?.evidence };
}

/** The file fixes the room of a known baseline at 1 - m, tolerance or not. */
function mixtureDesign(input: Fields, baseline: number): EDetectorDesign {
  const bets = betsForDrops(numbers(input, 'deltas'), number(input, 'variance'), 1 - baseline);
  return { baseline, tolerance: 0, bets, weights: numbers(input, 'weights'), cap: UNCAPPED };
}

function learnedCase(input: Fields): Fields {
  const reference = numbers(input, 'reference');
  const options = freezeOptions(input);
  const learned = freezeBaseline(reference, options);
  const bets = referenceBets(reference, options);
  const threshold = options.threshold;
  const path = runLearned(input, learned, 0);
  const values = path.map((reading) => reading.value);
  return {
    referenceMean: learned.referenceMean,
    referenceVariance: learned.referenceVariance,
    lambdaRef: bets,
    step: 0.25 / ((bets[bets.length - 1] ?? NaN) * reference.length),
    edges: learned.edges,
    K: learned.evidence,
    lowEdge: learned.belowEdges,
    highEdge: learned.aboveEdges,
    lambdas: learnedDesign(input, learned, 0).bets,
    path: values,
    argminCell: path.map((reading) => reading.cell),
    alarmIndex: firstIndex(values, (value) => value >= threshold),
    ...(has(input, 'elapsed') ? learnedVariants(input, learned, threshold) : {}),
  };
}

function learnedVariants(input: Fields, learned: LearnedBaseline, threshold: number): Fields {
  const lowerBound = lowerBoundBaseline(numbers(input, 'reference'), number(input, 'lcbZ'));
  const bets = betsForDrops(numbers(input, 'deltas'), learned.referenceVariance, 1 - lowerBound);
  const design = { baseline: lowerBound, tolerance: 0, bets, weights: numbers(input, 'weights'), cap: UNCAPPED };
  const lowerBoundPath = runKnown(design, numbers(input, 'x')).values;
  return {
    tolerantPath: runLearned(input, learned, number(input, 'toleranceVariant')).map((reading) => reading.value),
    elapsedPath: runLearned(input, learned, 0, numbers(input, 'elapsed')).map((reading) => reading.value),
    lcbBaseline: lowerBound,
    lcbPath: lowerBoundPath,
    lcbAlarmIndex: firstIndex(lowerBoundPath, (value) => value >= threshold),
  };
}

function freezeOptions(input: Fields): FreezeOptions {
  return {
    threshold: number(input, 'threshold'),
    range: valueRange(input),
    upperShare: number(input, 'eta'),
    resolution: number(input, 'deltaStar'),
    logEvidence: number(input, 'N'),
  };
}

function valueRange(input: Fields): [number, number] {
  const [a = 0, b = 1] = has(input, 'range') ? numbers(input, 'range') : [];
  return [a, b];
}

function learnedDesign(input: Fields, learned: LearnedBaseline, tolerance: number): ReturnType<typeof designLearned> {
  const [, upperBound] = valueRange(input);
  const design = designLearned(learned, { upperBound, tolerance, drops: numbers(input, 'deltas') });
  return { ...design, weights: numbers(input, 'weights') };
}

function runLearned(
  input: Fields,
  learned: LearnedBaseline,
  tolerance: number,
  elapsed?: readonly number[],
): LearnedReading[] {
  const design = learnedDesign(input, learned, tolerance);
  const state = createLearned(design);
  return numbers(input, 'x').map((x, i) => stepLearned(design, state, x, elapsed?.[i] ?? 1));
}

/** Index of the first value that satisfies the claim, null when none does. */
export function firstIndex(values: readonly number[], claim: (value: number, i: number) => boolean): number | null {
  const index = values.findIndex(claim);
  return index < 0 ? null : index;
}
