/** Current statistics of four e-detectors over the same baseline epoch, on judge scores and on user behaviour. */
export interface DirectionStatistics {
  readonly judgeUp: number;
  readonly judgeDown: number;
  readonly behaviourUp: number;
  readonly behaviourDown: number;
}

/** Evidence that judge and users part ways. */
export interface Divergence {
  /** Judge happier, users worse: the dangerous one. */
  readonly judgeUpBehaviourDown: number;
  readonly judgeDownBehaviourUp: number;
  /** Mean of both; alarm at the threshold A of the four detectors, whose false-alarm interval it keeps. */
  readonly divergence: number;
}

/**
 * The smaller of two e-detectors is one for "at least one of the two did not move that way"; the mean of the two
 * opposite pairs is again one.
 * Source: intersection-union tests, Berger 1982, with e-detectors, Shin, Ramdas & Rinaldo, arXiv:2203.03532.
 */
export function divergenceOf(statistics: DirectionStatistics): Divergence {
  const judgeUpBehaviourDown = Math.min(statistics.judgeUp, statistics.behaviourDown);
  const judgeDownBehaviourUp = Math.min(statistics.judgeDown, statistics.behaviourUp);
  return {
    judgeUpBehaviourDown,
    judgeDownBehaviourUp,
    divergence: (judgeUpBehaviourDown + judgeDownBehaviourUp) / 2,
  };
}
