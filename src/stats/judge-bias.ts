import { fisherInterval, pearson } from './correlation';
import type { Interval } from './interval';
import { mean, requireSameLength } from './moments';
import { averageRanks } from './ranks';
import { type WelchTest, welchTest } from './mean-intervals';

/** Error of a judge (score minus human) on its own family's answers against all others. */
export interface FamilyBias {
  /** Mean errors; null without items of that kind. */
  readonly meanSame: number | null;
  readonly meanOther: number | null;
  /** Same minus other; null when either side has fewer than two items. */
  readonly welch: WelchTest | null;
}

/** Link between score and answer length that the human score does not explain. */
export interface VerbosityBias {
  /** Partial correlation of score and ln(length) given the human score; null when undefined. */
  readonly partialPearson: number | null;
  readonly partialPearsonInterval: Interval | null;
  /** The same on average ranks. */
  readonly partialSpearman: number | null;
  /** Score points per doubling of the length at equal human score; null when length does not vary. */
  readonly slopePerDoubling: number | null;
}

/** Whether a judge favours answers written by its own family, by Welch's test. */
export function familyBias(
  scores: readonly number[],
  human: readonly number[],
  isOwnFamily: readonly boolean[],
): FamilyBias {
  requireSameLength(scores, human);
  requireSameLength(scores, isOwnFamily);
  const errors = scores.map((score, i) => score - human[i]!);
  const same = errors.filter((_, i) => isOwnFamily[i]);
  const other = errors.filter((_, i) => !isOwnFamily[i]);
  return { meanSame: mean(same), meanOther: mean(other), welch: welchTest(same, other) };
}

/**
 * Whether longer answers score higher than people think they should. Lengths in any unit, > 0.
 * Source: Zheng et al., arXiv:2306.05685 (verbosity bias); partial correlation by residuals.
 */
export function verbosityBias(
  scores: readonly number[],
  human: readonly number[],
  lengths: readonly number[],
): VerbosityBias {
  const logLengths = lengths.map((length) => Math.log(length));
  const partialPearson = partialCorrelation(scores, logLengths, human);
  return {
    partialPearson,
    partialPearsonInterval: fisherInterval(partialPearson, scores.length - 4, 1),
    partialSpearman: partialCorrelation(averageRanks(scores), averageRanks(lengths), averageRanks(human)),
    slopePerDoubling: slopeGiven(scores, lengths.map(Math.log2), human),
  };
}

/** Pearson's correlation of what a straight line on `given` leaves of xs and ys; null when either is then constant. */
export function partialCorrelation(
  xs: readonly number[],
  ys: readonly number[],
  given: readonly number[],
): number | null {
  return pearson(residuals(xs, given), residuals(ys, given));
}

/** Least-squares coefficient of x in y ~ 1 + given + x, by partialling out; null when x is a line in `given`. */
function slopeGiven(ys: readonly number[], xs: readonly number[], given: readonly number[]): number | null {
  const restX = residuals(xs, given);
  const restY = residuals(ys, given);
  const squares = restX.reduce((total, x) => total + x * x, 0);
  const products = restX.reduce((total, x, i) => total + x * restY[i]!, 0);
  return squares < 1e-20 ? null : products / squares;
}

/** What a least-squares line on `given` leaves; distances from the mean when `given` is constant. */
function residuals(values: readonly number[], given: readonly number[]): number[] {
  requireSameLength(values, given);
  const center = mean(values) ?? 0;
  const centerGiven = mean(given) ?? 0;
  let products = 0;
  let squares = 0;
  values.forEach((value, i) => {
    products += (value - center) * (given[i]! - centerGiven);
    squares += (given[i]! - centerGiven) ** 2;
  });
  const slope = squares === 0 ? 0 : products / squares;
  return values.map((value, i) => value - center - slope * (given[i]! - centerGiven));
}
