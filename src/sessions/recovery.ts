/** How a turn went for the user, by behaviour (or, in benches, by a rating). */
export type TurnLevel = 'bad' | 'neutral' | 'good';

/** What followed each bad turn of one conversation, in counts of bad turns. */
export interface RecoveryCounts {
  readonly bad: number;
  /** Bad turns with a later turn; those without one are no one's recovery. */
  readonly followed: number;
  /** Followed by a turn that is not bad: within the horizon, and at any time. */
  readonly within: number;
  readonly ever: number;
  /** Followed by a good turn: within the horizon, and at any time. */
  readonly goodWithin: number;
  readonly goodEver: number;
}

/**
 * Counts recoveries after bad turns. The horizon counts turns: 1 = the next one. `[bad, neutral]` has one bad turn, which
 * is followed and recovered; in `[neutral, bad]` it is not followed.
 */
export function countRecoveries(levels: readonly TurnLevel[], horizon: number): RecoveryCounts {
  const counts = { bad: 0, followed: 0, within: 0, ever: 0, goodWithin: 0, goodEver: 0 };
  let nextOk = Infinity;
  let nextGood = Infinity;
  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i];
    if (level === 'bad') {
      counts.bad += 1;
      if (i < levels.length - 1) counts.followed += 1;
      if (nextOk < Infinity) counts.ever += 1;
      if (nextOk - i <= horizon) counts.within += 1;
      if (nextGood < Infinity) counts.goodEver += 1;
      if (nextGood - i <= horizon) counts.goodWithin += 1;
      continue;
    }
    nextOk = i;
    if (level === 'good') nextGood = i;
  }
  return counts;
}

/** Index of the first bad turn and of the first later one that is not bad; null where there is none. */
export function firstRecovery(
  levels: readonly TurnLevel[],
): { readonly bad: number; readonly ok: number | null } | null {
  const bad = levels.indexOf('bad');
  if (bad < 0) return null;
  const ok = levels.findIndex((level, i) => i > bad && level !== 'bad');
  return { bad, ok: ok < 0 ? null : ok };
}
