/**
 * Evidence over re-runs that a judge has changed on a frozen set, from each item's rank among its own earlier scores.
 * Plain JSON; memory grows with items x runs, so thin or restart after about 60 runs.
 */
export interface RankProcessState {
  /** Earlier scores of each item, in order of the runs. */
  readonly history: readonly (readonly number[])[];
  /** Log capital of each bet. */
  readonly logCapital: readonly number[];
}

/** Bets on ranks drifting up (> 0) or down (< 0), each in (-1, 1). */
export const RANK_BETS: readonly number[] = [-0.8, -0.4, 0.4, 0.8];

/** The state after the first run, whose scores have nothing to be ranked among. */
export function startRankProcess(firstRun: readonly number[], bets: readonly number[] = RANK_BETS): RankProcessState {
  return { history: firstRun.map((score) => [score]), logCapital: bets.map(() => 0) };
}

/**
 * Rank of a score among earlier ones, in (0, 1]: (#less + u (#equal + 1)) / (#earlier + 1) with u in [0, 1) from the
 * item's hash. Uniform and independent of the past while nothing changes, whatever the distribution, ties included.
 * Source: Vovk, Nouretdinov & Gammerman 2003 (conformal test martingales, smoothed ranks).
 */
export function sequentialRank(earlier: readonly number[], score: number, u: number): number {
  let less = 0;
  let equal = 0;
  for (const value of earlier) {
    if (value < score) less += 1;
    else if (value === score) equal += 1;
  }
  return (less + u * (equal + 1)) / (earlier.length + 1);
}

/** The state after one more run: each bet's capital times the product over items of 1 + bet (2 rank - 1). */
export function stepRankProcess(
  state: RankProcessState,
  run: readonly number[],
  tieUniforms: readonly number[],
  bets: readonly number[] = RANK_BETS,
): RankProcessState {
  const ranks = run.map((score, item) => sequentialRank(state.history[item] ?? [], score, tieUniforms[item]!));
  return {
    history: run.map((score, item) => [...(state.history[item] ?? []), score]),
    logCapital: bets.map((bet, k) =>
      ranks.reduce((total, rank) => total + Math.log1p(bet * (2 * rank - 1)), state.logCapital[k]!),
    ),
  };
}

/** The e-process: mean capital over bets. At least 100 ever happens with probability at most 1/100 without a change. */
export function rankEvidence(state: RankProcessState): number {
  return state.logCapital.reduce((total, log) => total + Math.exp(log), 0) / state.logCapital.length;
}
