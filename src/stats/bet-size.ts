/**
 * Running mean and variance of scaled observations in [0, 1], pulled towards a prior worth one observation. Everything
 * a bet may depend on: only items already seen.
 */
export interface BetPredictor {
  /** Observations so far. */
  t: number;
  sum: number;
  /** Sum of squared distances of each observation from the running mean that includes it, plus the prior variance. */
  squares: number;
  readonly priorMean: number;
}

/** Prior mean and variance on the scale of [0, 1]: any values fixed before the first observation keep the guarantee. */
export interface BetPrior {
  readonly mean: number;
  readonly variance: number;
}

/** Prior when nothing is known: the widest variance a value in [0, 1] can have. */
export const NO_PRIOR: BetPrior = { mean: 0.5, variance: 0.25 };

/** The predictor before the first observation. */
export function createBetPredictor(prior: BetPrior = NO_PRIOR): BetPredictor {
  return { t: 0, sum: 0, squares: prior.variance, priorMean: prior.mean };
}

/** Mean expected of the next observation. */
export function predictedMean(predictor: BetPredictor): number {
  return (predictor.priorMean + predictor.sum) / (predictor.t + 1);
}

/**
 * Size of the next bet, uncapped: sqrt(2 ln(2/alpha) / (variance t ln(1 + t))) with t counting the next observation.
 * Infinity when the predicted variance is 0, so cap it.
 * Source: Waudby-Smith & Ramdas, arXiv:2010.09686 (predictable plug-in bets).
 */
export function nextBet(predictor: BetPredictor, alpha: number): number {
  // With t the next item, the predicted variance is squares / t: the two t cancel.
  return Math.sqrt((2 * Math.log(2 / alpha)) / (predictor.squares * Math.log1p(predictor.t + 1)));
}

/** Takes in one observation z in [0, 1], in place. */
export function observe(predictor: BetPredictor, z: number): void {
  predictor.t += 1;
  predictor.sum += z;
  predictor.squares += (z - predictedMean(predictor)) ** 2;
}
