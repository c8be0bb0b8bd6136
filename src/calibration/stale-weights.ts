import { binomialCdf } from '../stats/binomial';
import { normalCdf } from '../stats/normal';
import { combineScores, type LearnedCombination, type MemberScores, sidedWith } from './learned-combination';

/** Whether weights still fit the judges they weigh. */
export interface WeightsHealth {
  readonly isStale: boolean;
  /** Members that side with the combined verdict significantly less, or more, often than when it was learned. */
  readonly changedMembers: readonly {
    readonly member: string;
    readonly then: number;
    readonly now: number;
    readonly p: number;
  }[];
  /** One-sided p-value for "more wrong than its own probabilities say"; null without labels. */
  readonly overconfidenceP: number | null;
  /** Mean squared error of the probabilities, and what they themselves lead one to expect. */
  readonly brier: number | null;
  readonly expectedBrier: number | null;
}

/** The combination with how its members side measured on items without labels: the more of them, the sooner a change shows. */
export function sidedOn(combination: LearnedCombination, scores: readonly MemberScores[]): LearnedCombination {
  const combined = scores.map((row) => combineScores(combination, row));
  return { ...combination, sided: sidedWith(scores, combined, combination.cut, combination.members.length) };
}

/** Chance of calling sound weights stale, over both tests and all members. */
const LEVEL = 0.002;

/**
 * Holds a combination against fresh items. Without labels: does each member still side with the combined verdict as
 * often (two proportions, exact under the earlier one, Bonferroni over members)? With labels (null where none): are the
 * probabilities more wrong than they say (Spiegelhalter's Z, one-sided)?
 * Source: Spiegelhalter 1986, Probabilistic prediction in patient management.
 */
export function weightsHealth(
  combination: LearnedCombination,
  scores: readonly MemberScores[],
  labels: readonly (number | null)[],
): WeightsHealth {
  const combined = scores.map((row) => combineScores(combination, row));
  const now = sidedWith(scores, combined, combination.cut, combination.members.length);
  const level = LEVEL / 2;
  const changedMembers = combination.members.flatMap((member, j) => {
    const before = combination.sided[j]!;
    const after = now[j]!;
    const p = changeP(before, after);
    return p * combination.members.length <= level ? [{ member, then: before.share, now: after.share, p }] : [];
  });
  const graded = combined.flatMap((p, i) => {
    const label = labels[i] ?? null;
    return label === null ? [] : [{ p, label }];
  });
  const n = graded.length;
  const slack = graded.reduce((total, { p, label }) => total + (label - p) * (1 - 2 * p), 0);
  const spread = graded.reduce((total, { p }) => total + (1 - 2 * p) ** 2 * p * (1 - p), 0);
  const overconfidenceP = n === 0 || spread === 0 ? null : 1 - normalCdf(slack / Math.sqrt(spread));
  return {
    isStale: changedMembers.length > 0 || (overconfidenceP !== null && overconfidenceP <= level),
    changedMembers,
    overconfidenceP,
    brier: n === 0 ? null : graded.reduce((total, { p, label }) => total + (label - p) ** 2, 0) / n,
    expectedBrier: n === 0 ? null : graded.reduce((total, { p }) => total + p * (1 - p), 0) / n,
  };
}

interface Share {
  readonly share: number;
  readonly n: number;
}

/** Two-sided p-value of equal shares, by the pooled normal approximation; 1 with too little on either side. */
function changeP(before: Share, after: Share): number {
  if (before.n < 20 || after.n < 20) return 1;
  const pooled = (before.share * before.n + after.share * after.n) / (before.n + after.n);
  const spread = pooled * (1 - pooled) * (1 / before.n + 1 / after.n);
  if (spread === 0) return 1;
  return 2 * (1 - normalCdf(Math.abs(after.share - before.share) / Math.sqrt(spread)));
}

/** One-sided exact sign test: p-value for "the second is not better" from items only one of the two got right. */
export function pairedWinP(firstOnly: number, secondOnly: number): number {
  const discordant = firstOnly + secondOnly;
  return discordant === 0 ? 1 : binomialCdf(firstOnly, discordant, 0.5);
}
