/**
 * Pairs of a good and a bad outcome, formed first in, first out. Plain JSON; at most `capacity` scores wait on each side.
 */
export interface ConcordanceState {
  readonly good: readonly number[];
  readonly bad: readonly number[];
  /** Scores dropped, oldest first, because their side was full. */
  readonly dropped: number;
}

/** The state after an outcome, and the pair it completed. */
export interface ConcordanceStep {
  readonly state: ConcordanceState;
  /** 1 when the good outcome's score is the higher, 1/2 on a tie, 0 when lower; null while one side waits. */
  readonly concordance: number | null;
}

/** Scores that may wait on each side. */
const DEFAULT_CAPACITY = 500;

export const NO_PAIRS: ConcordanceState = { good: [], bad: [], dropped: 0 };

/**
 * Takes in one finished item: the judge's score and whether things turned out well for the user. The mean of the
 * concordances is the AUC of the score for the outcome, so watching it for a fall watches whether the judge still
 * knows what users need. Feed items in the order in which their outcomes became final.
 * Source: Mann & Whitney 1947 (concordance as a two-sample statistic).
 */
export function stepConcordance(
  state: ConcordanceState,
  score: number,
  isGood: boolean,
  capacity: number = DEFAULT_CAPACITY,
): ConcordanceStep {
  const [waiting, others] = isGood ? [state.good, state.bad] : [state.bad, state.good];
  if (others.length === 0) {
    const kept = waiting.length < capacity ? waiting : waiting.slice(1);
    const queue = [...kept, score];
    const dropped = state.dropped + waiting.length - kept.length;
    return {
      state: isGood ? { ...state, good: queue, dropped } : { ...state, bad: queue, dropped },
      concordance: null,
    };
  }
  const other = others[0]!;
  const rest = others.slice(1);
  return {
    state: isGood ? { ...state, bad: rest } : { ...state, good: rest },
    concordance: isGood ? concordanceOf(score, other) : concordanceOf(other, score),
  };
}

function concordanceOf(goodScore: number, badScore: number): number {
  if (goodScore === badScore) return 0.5;
  return goodScore > badScore ? 1 : 0;
}
