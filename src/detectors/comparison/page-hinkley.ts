/** Page-Hinkley test for a rise of the mean, in the form used by the river library. For a fall feed 1 - x. */
export interface PageHinkleyDesign {
  /** Rise that is tolerated; river's default 0.005. */
  readonly delta: number;
  /** Alarm when the statistic reaches this; river's default 50. */
  readonly threshold: number;
  /** Factor on the statistic per item, at most 1; river's default 0.9999. */
  readonly forgetting: number;
  /** No alarm before so many items; default 30. */
  readonly minInstances: number;
}

/** Plain JSON; changed in place by `stepPageHinkley`. */
export interface PageHinkleyState {
  n: number;
  mean: number;
  statistic: number;
}

/** The state before the first item. */
export function createPageHinkley(): PageHinkleyState {
  return { n: 0, mean: 0, statistic: 0 };
}

/**
 * Takes in one value, in place: statistic <- max(0, forgetting * statistic + x - mean - delta), the mean taken over all
 * items so far including x. True on an alarm; the state is not reset.
 * Source: Page 1954; Mouss et al. 2004; the form with forgetting as in river's PageHinkley.
 */
export function stepPageHinkley(design: PageHinkleyDesign, state: PageHinkleyState, x: number): boolean {
  state.n += 1;
  state.mean += (x - state.mean) / state.n;
  state.statistic = Math.max(0, design.forgetting * state.statistic + x - state.mean - design.delta);
  return state.n >= design.minInstances && state.statistic >= design.threshold;
}
