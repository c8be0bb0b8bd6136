import { type BetPredictor, createBetPredictor, nextBet, observe } from './bet-size';
import { scaleToUnit, type SequenceDesign } from './confidence-sequence';

/**
 * Design of the hedged betting sequence: narrower than empirical Bernstein, at the cost of one pair of capitals per
 * candidate mean.
 */
export interface HedgedDesign extends SequenceDesign {
  /** Largest share of the capital at stake, in (0, 1): 1/2, or 3/4 with a prior. */
  readonly truncation: number;
  /** Candidate means are 0, 1/steps, ..., 1 in units of the data: the mean itself is known to lie in [0, 1]. */
  readonly steps: number;
}

/**
 * Log capitals against every candidate mean. Plain JSON, 2 (steps + 1) numbers and a few; changed in place by
 * `recordHedged`.
 */
export interface HedgedState {
  readonly predictor: BetPredictor;
  /** Betting that the mean is above the candidate, and below it. */
  readonly logAbove: number[];
  readonly logBelow: number[];
  /** Running intersection; lower may pass upper, which says the mean has changed. */
  lower: number;
  upper: number;
}

/** Candidates at the very ends of the range are moved inside by this much, where the bets c/m and c/(1-m) exist. */
const END_MARGIN = 1e-12;

/** The state before the first item; its interval is [0, 1]. */
export function createHedged(design: HedgedDesign): HedgedState {
  return {
    predictor: createBetPredictor(design.prior),
    logAbove: new Array<number>(design.steps + 1).fill(0),
    logBelow: new Array<number>(design.steps + 1).fill(0),
    lower: 0,
    upper: 1,
  };
}

/**
 * Takes in one observation in the design's range, in place: two logarithms per candidate.
 * Source: Waudby-Smith & Ramdas, arXiv:2010.09686, theorem 3 (hedged capital process).
 */
export function recordHedged(design: HedgedDesign, state: HedgedState, x: number): void {
  const z = scaleToUnit(design.range, x);
  const bet = nextBet(state.predictor, design.alpha);
  const { logAbove, logBelow } = state;
  const { steps, truncation } = design;
  const { log1p } = Math;
  const [a, b] = design.range;
  for (let i = 0; i <= steps; i++) {
    const m = candidate((i / steps - a) / (b - a));
    const above = truncation / m;
    const below = truncation / (1 - m);
    logAbove[i]! += log1p((bet < above ? bet : above) * (z - m));
    logBelow[i]! += log1p((bet < below ? bet : below) * (m - z));
  }
  observe(state.predictor, z);
  const [lower, upper] = readHedged(design, state);
  state.lower = Math.max(state.lower, lower);
  state.upper = Math.min(state.upper, upper);
}

/**
 * The interval after the latest item, before intersecting with earlier ones: from the largest candidate the capital
 * above rejects (0 when none) to the smallest the capital below rejects (1 when none).
 */
export function readHedged(design: HedgedDesign, state: HedgedState): [lower: number, upper: number] {
  const limit = Math.log(2 / design.alpha);
  let lower = design.steps;
  while (lower >= 0 && state.logAbove[lower]! < limit) lower--;
  let upper = 0;
  while (upper <= design.steps && state.logBelow[upper]! < limit) upper++;
  return [lower < 0 ? 0 : lower / design.steps, upper > design.steps ? 1 : upper / design.steps];
}

/** A candidate mean on the scale of [0, 1], kept off the ends. */
export function candidate(m: number): number {
  if (m < END_MARGIN) return END_MARGIN;
  return m > 1 - END_MARGIN ? 1 - END_MARGIN : m;
}
