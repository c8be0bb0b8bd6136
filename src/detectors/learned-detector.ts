import { betsForDrops, DEFAULT_DROPS, STATISTIC_CAP } from './e-detector';
import type { LearnedBaseline } from './learned-baseline';

/** Detector of drops below a learned baseline. Plain JSON. */
export interface LearnedDesign {
  readonly learned: LearnedBaseline;
  readonly tolerance: number;
  readonly bets: readonly number[];
  readonly weights: readonly number[];
  /** Statistics stop here; default `STATISTIC_CAP`. */
  readonly cap: number;
}

export interface LearnedOptions {
  /** Largest possible value of the stream; default 1, 1/pi of the smallest pi for pseudo-outcomes. */
  readonly upperBound?: number;
  /** The mean may lie this far below the baseline without that being a change; default 0. */
  readonly tolerance?: number;
  readonly drops?: readonly number[];
}

/** Plain JSON, 4 numbers per cell; changed in place by `stepLearned`. */
export interface LearnedState {
  /** Shiryaev-Roberts statistics, cell by cell, the components of a cell side by side. */
  readonly shiryaevRoberts: number[];
  /** CUSUM statistics at the reference mean, for the evidence floor. */
  readonly cusum: number[];
  /** Sum of weights so far. */
  elapsed: number;
}

/** The statistic after one item. */
export interface LearnedReading {
  readonly value: number;
  /** Cell that attains the minimum; -1 below all cells, `evidence.length` above them. */
  readonly cell: number;
}

/** Design with the default drops; `upperBound` is the largest possible value of the stream to be watched. */
export function designLearned(
  learned: LearnedBaseline,
  { upperBound = 1, tolerance = 0, drops = DEFAULT_DROPS }: LearnedOptions = {},
): LearnedDesign {
  return {
    learned,
    tolerance,
    bets: betsForDrops(drops, learned.referenceVariance, upperBound - learned.edges[0]! + tolerance),
    weights: drops.map(() => 1 / drops.length),
    cap: STATISTIC_CAP,
  };
}

/** The state before the first item. */
export function createLearned(design: LearnedDesign): LearnedState {
  const cells = design.learned.evidence.length;
  return {
    shiryaevRoberts: new Array<number>(cells * design.bets.length).fill(0),
    cusum: design.bets.map(() => 0),
    elapsed: 0,
  };
}

/**
 * Takes in one value, in place; about 1 us with 80 cells. The value is the minimum over candidate means of evidence
 * against the candidate times its Shiryaev-Roberts mixture; an alarm is due when it reaches the threshold of the
 * freeze. `weight` as in `stepEDetector`.
 */
export function stepLearned(design: LearnedDesign, state: LearnedState, x: number, weight = 1): LearnedReading {
  const { learned, bets, weights, tolerance, cap } = design;
  const { edges, evidence } = learned;
  const { shiryaevRoberts } = state;
  const components = bets.length;
  state.elapsed += weight;
  let value = learned.belowEdges === null ? Infinity : learned.belowEdges * state.elapsed;
  let cell = -1;
  for (let i = 0; i < evidence.length; i++) {
    const shortfall = edges[i]! - tolerance - x;
    let mixture = 0;
    for (let k = 0; k < components; k++) {
      const at = i * components + k;
      const grown = (weight + shiryaevRoberts[at]!) * (1 + bets[k]! * shortfall);
      const r = grown < cap ? grown : cap;
      shiryaevRoberts[at] = r;
      mixture += weights[k]! * r;
    }
    const candidate = evidence[i]! * mixture;
    if (candidate < value) {
      value = candidate;
      cell = i;
    }
  }
  const above = learned.aboveEdges === null ? Infinity : learned.aboveEdges * state.elapsed;
  stepFloor(design, state, x);
  return above < value ? { value: above, cell: evidence.length } : { value, cell };
}

/** Mixture CUSUM at the reference mean, to hold against `EVIDENCE_FLOOR`. */
export function learnedFloor(design: LearnedDesign, state: LearnedState): number {
  return design.weights.reduce((total, weight, k) => total + weight * state.cusum[k]!, 0);
}

function stepFloor(design: LearnedDesign, state: LearnedState, x: number): void {
  const shortfall = design.learned.referenceMean - design.tolerance - x;
  for (let k = 0; k < design.bets.length; k++) {
    const before = state.cusum[k]!;
    const after = (before > 1 ? before : 1) * (1 + design.bets[k]! * shortfall);
    state.cusum[k] = after < design.cap ? after : design.cap;
  }
}
