import { type Interval, waldInterval } from './interval';
import { requireSameLength, variance } from './moments';
import { averageRanks } from './ranks';

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. */
export interface Auc {
  readonly auc: number;
  /** Null with fewer than two positives or two negatives. */
  readonly standardError: number | null;
  /** auc +- 1.96 se, not clipped. */
  readonly interval: Interval | null;
}

/**
 * AUC with DeLong's standard error, in n log n time. Labels are 1 for positive, anything else for negative. Null when
 * either kind is missing.
 * Source: DeLong, DeLong & Clarke-Pearson 1988; placements from ranks, Sun & Xu 2014.
 */
export function areaUnderRoc(scores: readonly number[], labels: readonly number[]): Auc | null {
  requireSameLength(scores, labels);
  const ranks = averageRanks(scores);
  const positives = scores.map((_, i) => i).filter((i) => labels[i] === 1);
  const negatives = scores.map((_, i) => i).filter((i) => labels[i] !== 1);
  if (positives.length === 0 || negatives.length === 0) return null;
  const above = placements(positives, scores, ranks, negatives.length);
  const below = placements(negatives, scores, ranks, positives.length);
  const auc = above.reduce((a, b) => a + b, 0) / above.length;
  const varianceAbove = variance(above);
  const varianceBelow = variance(below);
  if (varianceAbove === null || varianceBelow === null) return { auc, standardError: null, interval: null };
  const standardError = Math.sqrt(varianceAbove / above.length + varianceBelow / below.length);
  return { auc, standardError, interval: waldInterval(auc, standardError) };
}

/** For each member of one class: the share of the other class scoring below it, ties half. */
function placements(
  members: readonly number[],
  scores: readonly number[],
  ranks: readonly number[],
  others: number,
): number[] {
  const within = averageRanks(members.map((i) => scores[i]!));
  return members.map((i, position) => (ranks[i]! - within[position]!) / others);
}
