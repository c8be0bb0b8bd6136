import {
  type BetPredictor,
  type BetPrior,
  createBetPredictor,
  NO_PRIOR,
  nextBet,
  observe,
  predictedMean,
} from './bet-size';
import type { Interval } from './interval';

/**
 * A confidence sequence: an interval after every item, all of them right at once with probability at least
 * 1 - `alpha`, so it may be looked at as often as one likes. Holds for any sequence whose conditional mean is constant;
 * no independence and no distribution is assumed.
 */
export interface SequenceDesign {
  /** Probability of ever being wrong, in (0, 1). */
  readonly alpha: number;
  /** Range no observation leaves: [0, 1] for scores, [1 - 1/pi, 1/pi] of the smallest pi for pseudo-outcomes. */
  readonly range: Interval;
  /** On the scale (x - a) / (b - a); fixed before the first item. */
  readonly prior: BetPrior;
}

/** State of the empirical Bernstein sequence. Plain JSON, of one size; changed in place by `recordBernstein`. */
export interface BernsteinState {
  readonly predictor: BetPredictor;
  sumBet: number;
  sumBetScore: number;
  penalty: number;
  /** Running intersection in units of the data; lower may pass upper, which says the mean has changed. */
  lower: number;
  upper: number;
}

/** Where the empirical Bernstein sequence is after the latest item, before intersecting with earlier intervals. */
export interface BernsteinReading {
  /** Center and half width on the scale of [0, 1]. */
  readonly center: number;
  readonly halfWidth: number;
  /** In units of the data, inside the range. */
  readonly interval: Interval;
}

/** A bet of the empirical Bernstein sequence stays below this, so that ln(1 - bet) is finite. */
const LARGEST_BERNSTEIN_BET = 0.5;

/** Design for values in [0, 1] without prior knowledge, 95 %. */
export const UNIT_SEQUENCE: SequenceDesign = { alpha: 0.05, range: [0, 1], prior: NO_PRIOR };

/** The state before the first item; its interval is the whole range. */
export function createBernstein(design: SequenceDesign): BernsteinState {
  return {
    predictor: createBetPredictor(design.prior),
    sumBet: 0,
    sumBetScore: 0,
    penalty: 0,
    lower: design.range[0],
    upper: design.range[1],
  };
}

/**
 * Takes in one observation, in place, about 100 ns. Throws on a value outside the design's range, for which nothing is
 * guaranteed.
 * Source: Waudby-Smith & Ramdas, arXiv:2010.09686, theorem 2 (predictable plug-in empirical Bernstein).
 */
export function recordBernstein(design: SequenceDesign, state: BernsteinState, x: number): void {
  const z = scaleToUnit(design.range, x);
  const bet = nextBernsteinBet(design, state);
  state.penalty += (z - predictedMean(state.predictor)) ** 2 * (-Math.log1p(-bet) - bet);
  state.sumBet += bet;
  state.sumBetScore += bet * z;
  observe(state.predictor, z);
  const reading = readBernstein(design, state);
  if (reading === null) return;
  state.lower = Math.max(state.lower, reading.interval[0]);
  state.upper = Math.min(state.upper, reading.interval[1]);
}

/** The bet the next item will be met with, at most 1/2. */
export function nextBernsteinBet(design: SequenceDesign, state: BernsteinState): number {
  return Math.min(LARGEST_BERNSTEIN_BET, nextBet(state.predictor, design.alpha));
}

/** Latest center, half width and interval; null before the first item. */
export function readBernstein(design: SequenceDesign, state: BernsteinState): BernsteinReading | null {
  if (state.sumBet === 0) return null;
  const center = state.sumBetScore / state.sumBet;
  const halfWidth = (Math.log(2 / design.alpha) + state.penalty) / state.sumBet;
  return {
    center,
    halfWidth,
    interval: [
      scaleFromUnit(design.range, Math.max(0, center - halfWidth)),
      scaleFromUnit(design.range, Math.min(1, center + halfWidth)),
    ],
  };
}

/** (x - a) / (b - a); throws outside [a, b], with room for rounding. */
export function scaleToUnit(range: Interval, x: number): number {
  const z = (x - range[0]) / (range[1] - range[0]);
  if (!(z >= -1e-12 && z <= 1 + 1e-12)) throw new RangeError(`observation ${x} is outside [${range[0]}, ${range[1]}]`);
  return Math.min(1, Math.max(0, z));
}

/** a + (b - a) m: back from [0, 1] to the units of the data. */
export function scaleFromUnit(range: Interval, m: number): number {
  return range[0] + (range[1] - range[0]) * m;
}
