import { mcnemarExactP } from './binomial';
import { requireSameLength } from './moments';

/** Winner of a comparison, by system and not by place. */
export type Winner = 'A' | 'B' | 'tie';

/** Verdicts on the same pairs shown in both orders. */
export interface PositionBias {
  /** Share of pairs with the same verdict in both orders, null without pairs. */
  readonly consistent: number | null;
  /** Pairs in which the answer shown first won both times, and the answer shown second. */
  readonly firstPreferred: number;
  readonly secondPreferred: number;
  /** (first - second) / pairs, null without pairs. */
  readonly bias: number | null;
  /** Exact two-sided p of first against second; 1 when neither occurs. */
  readonly mcnemarP: number;
}

/**
 * Whether a pairwise judge favours a place.
 * @param orderAB winners when A is shown first; @param orderBA winners of the same pairs when B is.
 * Source: Zheng et al., arXiv:2306.05685; McNemar 1947.
 */
export function positionBias(orderAB: readonly Winner[], orderBA: readonly Winner[]): PositionBias {
  requireSameLength(orderAB, orderBA);
  const n = orderAB.length;
  const same = orderAB.filter((winner, i) => winner === orderBA[i]).length;
  const first = orderAB.filter((winner, i) => winner === 'A' && orderBA[i] === 'B').length;
  const second = orderAB.filter((winner, i) => winner === 'B' && orderBA[i] === 'A').length;
  return {
    consistent: n === 0 ? null : same / n,
    firstPreferred: first,
    secondPreferred: second,
    bias: n === 0 ? null : (first - second) / n,
    mcnemarP: mcnemarExactP(first, second),
  };
}
