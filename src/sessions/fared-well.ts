import type { SessionOutcome } from '../domain/session-outcome';

/**
 * How the session went for the user, by behaviour alone: 0 given up or handed to a person, else the share of its bad turns
 * that it recovered from, 1 without any. Null when its end was not seen.
 */
export function faredWell({ ending, recovery }: SessionOutcome): number | null {
  if (ending === 'open') return null;
  if (ending === 'abandoned' || ending === 'handed_off') return 0;
  return recovery.badTurns === 0 ? 1 : recovery.within / recovery.badTurns;
}
