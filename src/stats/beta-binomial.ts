import { logBeta } from './gamma';
import type { Interval } from './interval';

/** Parameters of the Beta prior mixed over; 1/2, 1/2 unless something is known beforehand. */
export interface BetaPrior {
  readonly a: number;
  readonly b: number;
}

export const JEFFREYS_PRIOR: BetaPrior = { a: 0.5, b: 0.5 };

/** Halvings of the bracket: end points are exact to the last digits of a double. */
const HALVINGS = 60;

/**
 * Log of the mixture likelihood ratio against a success probability m in (0, 1) after S successes and F failures:
 * an e-value for "the probability is not m". 0 without observations.
 * Source: Robbins 1970, Statistical methods related to the law of the iterated logarithm (method of mixtures).
 */
export function logBetaBinomialE(
  successes: number,
  failures: number,
  m: number,
  prior: BetaPrior = JEFFREYS_PRIOR,
): number {
  const mixture = logBeta(prior.a + successes, prior.b + failures) - logBeta(prior.a, prior.b);
  const likelihood = timesLog(successes, Math.log(m)) + timesLog(failures, Math.log1p(-m));
  return mixture - likelihood;
}

/**
 * Confidence sequence of a success probability from the two counts alone: right at all times at once with probability
 * at least 1 - alpha. [0, 1] without observations.
 */
export function betaBinomialInterval(
  successes: number,
  failures: number,
  alpha: number = 0.05,
  prior: BetaPrior = JEFFREYS_PRIOR,
): Interval {
  const share = successes + failures === 0 ? 0.5 : successes / (successes + failures);
  const limit = Math.log(1 / alpha);
  const rejected = (m: number): boolean => logBetaBinomialE(successes, failures, m, prior) >= limit;
  return [successes === 0 ? 0 : crossing(0, share, rejected), failures === 0 ? 1 : crossing(1, share, rejected)];
}

/** Between a rejected end and the accepted share: where rejection stops. */
function crossing(end: number, share: number, rejected: (m: number) => boolean): number {
  let outside = end;
  let inside = share;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (outside + inside) / 2;
    if (rejected(middle)) outside = middle;
    else inside = middle;
  }
  return (outside + inside) / 2;
}

/** count * log, with 0 * -Infinity = 0. */
function timesLog(count: number, log: number): number {
  return count === 0 ? 0 : count * log;
}
