import type { Reliance } from '../domain/session-outcome';
import type { SessionEvent, SessionTurn } from './turn';

/** What the user made of one answer; plain JSON. */
export interface Decision {
  readonly interactionId: string;
  /** Accepted, or else overridden. */
  readonly isAccepted: boolean;
  /** Whether what the two came to was right; null = not told. */
  readonly isReached: boolean | null;
}

/**
 * Answers that the user decided on, in the order of the turns. The last `accept` or `override` that names an answer is the
 * decision on it; what came of it, the last `goal` or `resolved` that names it (value 0 = missed). An event that names no
 * answer tells nothing here, as it would be a guess which one it was about. Events are in order.
 */
export function decisionsOf(turns: readonly SessionTurn[], events: readonly SessionEvent[]): readonly Decision[] {
  if (!events.some(isDecision)) return NO_DECISIONS;
  const accepted = new Map<string, boolean>();
  const reached = new Map<string, boolean>();
  for (const event of events) {
    const { kind, interactionId, value } = event;
    if (interactionId === null) continue;
    if (isDecision(event)) accepted.set(interactionId, kind === 'accept');
    else if (kind === 'goal' || kind === 'resolved') reached.set(interactionId, value !== 0);
  }
  return turns.flatMap(({ id }) => {
    const isAccepted = accepted.get(id);
    return isAccepted === undefined ? [] : [{ interactionId: id, isAccepted, isReached: reached.get(id) ?? null }];
  });
}

const NO_DECISIONS: readonly Decision[] = [];

function isDecision({ kind, interactionId }: SessionEvent): boolean {
  return interactionId !== null && (kind === 'accept' || kind === 'override');
}

/**
 * Decisions against what was right; `rightOf` null = not known.
 * Source: Schemmer et al. 2023, arXiv:2302.02187 (reliance on advice that is right, and on advice that is wrong).
 */
export function relianceOf(
  decisions: readonly Decision[],
  rightOf: (interactionId: string) => boolean | null,
): Reliance {
  const counts = {
    decided: decisions.length,
    rightAccepted: 0,
    rightOverridden: 0,
    wrongAccepted: 0,
    wrongOverridden: 0,
    compared: 0,
    teamRight: 0,
    modelRight: 0,
  };
  for (const { interactionId, isAccepted, isReached } of decisions) {
    const right = rightOf(interactionId);
    if (right === null) continue;
    if (right) counts[isAccepted ? 'rightAccepted' : 'rightOverridden'] += 1;
    else counts[isAccepted ? 'wrongAccepted' : 'wrongOverridden'] += 1;
    if (isReached === null) continue;
    counts.compared += 1;
    if (isReached) counts.teamRight += 1;
    if (right) counts.modelRight += 1;
  }
  return counts;
}
