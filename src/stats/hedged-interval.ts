import { createBetPredictor, nextBet, observe } from './bet-size';
import { scaleFromUnit, scaleToUnit, type SequenceDesign } from './confidence-sequence';
import { candidate, type HedgedDesign } from './hedged-sequence';
import type { Interval } from './interval';

/** A whole sample on the scale of [0, 1], each observation with the bet it was met with. */
export interface BetSample {
  readonly scores: readonly number[];
  readonly bets: readonly number[];
}

/** Halvings of [0, 1]: end points are exact to 2^-60. */
const HALVINGS = 60;

/** Pairs each observation with the bet fixed just before it. */
export function betOnSample(design: SequenceDesign, xs: readonly number[]): BetSample {
  const predictor = createBetPredictor(design.prior);
  const scores = xs.map((x) => scaleToUnit(design.range, x));
  const bets = scores.map((z) => {
    const bet = nextBet(predictor, design.alpha);
    observe(predictor, z);
    return bet;
  });
  return { scores, bets };
}

/** Log capital of betting that the mean is above m in (0, 1), after the whole sample. Falls as m grows. */
export function logCapitalAbove(sample: BetSample, m: number, truncation: number): number {
  let total = 0;
  sample.scores.forEach((z, i) => {
    total += Math.log1p(Math.min(sample.bets[i]!, truncation / m) * (z - m));
  });
  return total;
}

/** Log capital of betting that the mean is below m in (0, 1), after the whole sample. Grows with m. */
export function logCapitalBelow(sample: BetSample, m: number, truncation: number): number {
  let total = 0;
  sample.scores.forEach((z, i) => {
    total += Math.log1p(Math.min(sample.bets[i]!, truncation / (1 - m)) * (m - z));
  });
  return total;
}

/**
 * Hedged betting interval of a finished sample, with exact end points in units of the data, anywhere in the range.
 * For a stream use `hedged-sequence.ts`, which keeps a grid instead of the sample. The whole range when empty.
 * Source: Waudby-Smith & Ramdas, arXiv:2010.09686, theorem 3.
 */
export function hedgedInterval(design: Omit<HedgedDesign, 'steps'>, xs: readonly number[]): Interval {
  const sample = betOnSample(design, xs);
  const limit = Math.log(2 / design.alpha);
  const rejectedFromBelow = (m: number): boolean => logCapitalAbove(sample, m, design.truncation) >= limit;
  const rejectedFromAbove = (m: number): boolean => logCapitalBelow(sample, m, design.truncation) >= limit;
  const lower = rejectedFromBelow(candidate(0)) ? boundary(rejectedFromBelow) : 0;
  const upper = rejectedFromAbove(candidate(1)) ? boundary((m) => !rejectedFromAbove(m)) : 1;
  return [scaleFromUnit(design.range, lower), scaleFromUnit(design.range, upper)];
}

/** The point in [0, 1] where a claim true at the left end becomes false. */
function boundary(isTrue: (m: number) => boolean): number {
  let left = candidate(0);
  let right = candidate(1);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (left + right) / 2;
    if (isTrue(middle)) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
