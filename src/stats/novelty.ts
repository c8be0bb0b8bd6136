import { mean, requireSameLength, standardErrorOfMean, variance } from './moments';
import { studentTTwoSidedP } from './student-t';

/** One week after the first exposure, over all users. */
export interface NoveltyWeek {
  /** Users active that week. */
  readonly n: number;
  /** Mean change against the user's own level before, over active users: conditional on not having left. */
  readonly meanActive: number | null;
  readonly standardErrorActive: number | null;
  /** The same over all users, a silent one counting as 0 engagement. */
  readonly meanAll: number | null;
  /** Share active, null without users. */
  readonly retention: number | null;
}

/** How an engagement effect runs over the weeks after a release. */
export interface NoveltyProfile {
  readonly weeks: readonly NoveltyWeek[];
  /** Users seen in every week, by index; the rest of the fields is about them, null without any. */
  readonly balancedUsers: readonly number[];
  readonly balancedEffect: readonly number[] | null;
  /** Mean of the users' own slopes per week, and the two-sided p of its t-test (null below two users). */
  readonly meanSlope: number | null;
  readonly slopeP: number | null;
  /** Share of the first week's effect gone by the last; null when the first is 0. */
  readonly noveltyShare: number | null;
}

/**
 * Novelty (a fading effect) or primacy (a growing one) of a release.
 *
 * @param before each user's mean engagement before the release; @param after one row per user, one column per week
 *   since that user's first use, null when silent: `[[3.0, 2.8, null], [3.2, 3.1, 3.0]]`. All rows equally long.
 *
 * Slopes are within-user least squares on the centred week, so users who differ in level do not blur them.
 */
export function noveltyProfile(
  before: readonly number[],
  after: readonly (readonly (number | null)[])[],
): NoveltyProfile {
  requireSameLength(before, after);
  const weekCount = after[0]?.length ?? 0;
  const weeks = Array.from({ length: weekCount }, (_, week) => weekOf(before, after, week));
  const balancedUsers = after.flatMap((row, user) => (row.every((value) => value !== null) ? [user] : []));
  if (balancedUsers.length === 0 || weekCount === 0) {
    return { weeks, balancedUsers, balancedEffect: null, meanSlope: null, slopeP: null, noveltyShare: null };
  }
  const effects = balancedUsers.map((user) => after[user]!.map((value) => value! - before[user]!));
  const balancedEffect = Array.from({ length: weekCount }, (_, week) => mean(effects.map((row) => row[week]!))!);
  const slopes = effects.map(weeklySlope).filter((slope) => slope !== null);
  const [first, last] = [balancedEffect[0]!, balancedEffect[weekCount - 1]!];
  return {
    weeks,
    balancedUsers,
    balancedEffect,
    meanSlope: mean(slopes),
    slopeP: meanIsZeroP(slopes),
    noveltyShare: first === 0 ? null : (first - last) / first,
  };
}

function weekOf(before: readonly number[], after: readonly (readonly (number | null)[])[], week: number): NoveltyWeek {
  const active = after.flatMap((row, user) => {
    const value = row[week] ?? null;
    return value === null ? [] : [value - before[user]!];
  });
  const all = after.map((row, user) => (row[week] ?? 0) - before[user]!);
  return {
    n: active.length,
    meanActive: mean(active),
    standardErrorActive: standardErrorOfMean(active),
    meanAll: mean(all),
    retention: all.length === 0 ? null : active.length / all.length,
  };
}

/** Least-squares slope on the week number; null for a single week. */
function weeklySlope(effects: readonly number[]): number | null {
  const center = (effects.length - 1) / 2;
  let products = 0;
  let squares = 0;
  effects.forEach((effect, week) => {
    products += (week - center) * effect;
    squares += (week - center) ** 2;
  });
  return squares === 0 ? null : products / squares;
}

/** Two-sided p of the one-sample t-test against 0; null below two values or without spread. */
function meanIsZeroP(values: readonly number[]): number | null {
  const spread = variance(values);
  if (spread === null || spread === 0) return null;
  return studentTTwoSidedP(mean(values)! / Math.sqrt(spread / values.length), values.length - 1);
}
