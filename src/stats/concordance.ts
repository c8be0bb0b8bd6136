/**
 * Pairs of a good and a bad outcome, formed first in, first out. Plain JSON; at most `capacity` scores wait on each side.
 */
export interface ConcordanceState {
  readonly good: number[];
  readonly bad: number[];
  /** Scores dropped, oldest first, because their side was full. */
  dropped: number;
}

/** Scores that may wait on each side. */
const DEFAULT_CAPACITY = 500;

export function createConcordance(): ConcordanceState {
  return { good: [], bad: [], dropped: 0 };
}

/**
 * Takes in one finished item, in place: the judge's score and whether things turned out well for the user. Returns the
 * concordance of the pair that it completed: 1 when the good outcome's score is the higher, 1/2 on a tie, 0 when lower;
 * null while it waits. The mean of the concordances is the AUC of the score for the outcome, so watching it for a fall
 * watches whether the judge still knows what users need. Feed items in the order in which their outcomes became final.
 * Source: Mann & Whitney 1947 (concordance as a two-sample statistic).
 */
export function stepConcordance(
  state: ConcordanceState,
  score: number,
  isGood: boolean,
  capacity: number = DEFAULT_CAPACITY,
): number | null {
  const other = (isGood ? state.bad : state.good).shift();
  if (other !== undefined) return isGood ? concordanceOf(score, other) : concordanceOf(other, score);
  const waiting = isGood ? state.good : state.bad;
  waiting.push(score);
  if (waiting.length > capacity) {
    waiting.shift();
    state.dropped += 1;
  }
  return null;
}

function concordanceOf(goodScore: number, badScore: number): number {
  if (goodScore === badScore) return 0.5;
  return goodScore > badScore ? 1 : 0;
}
