import type { Reliance } from '../domain/session-outcome';
import type { SessionEvent, SessionTurn } from './turn';

/**
 * What the user made of each answer against what was right. The last `accept` or `override` that names an answer is the
 * decision on it; whether the answer was right is `SessionTurn.right`; whether the two together were, the last `goal` or
 * `resolved` that names it (value 0 = missed). An event that names no answer tells nothing here, as it would be a guess
 * which one it was about. Events are in order.
 * Source: Schemmer et al. 2023, arXiv:2302.02187 (reliance on advice that is right, and on advice that is wrong).
 */
export function relianceOf(turns: readonly SessionTurn[], events: readonly SessionEvent[]): Reliance {
  const accepted = new Map<string, boolean>();
  const reached = new Map<string, boolean>();
  for (const { kind, interactionId, value } of events) {
    if (interactionId === null) continue;
    if (kind === 'accept' || kind === 'override') accepted.set(interactionId, kind === 'accept');
    else if (kind === 'goal' || kind === 'resolved') reached.set(interactionId, value !== 0);
  }
  const counts = {
    decided: 0,
    rightAccepted: 0,
    rightOverridden: 0,
    wrongAccepted: 0,
    wrongOverridden: 0,
    compared: 0,
    teamRight: 0,
    modelRight: 0,
  };
  for (const { id, right = null } of turns) {
    const isAccepted = accepted.get(id);
    if (isAccepted === undefined) continue;
    counts.decided += 1;
    if (right === null) continue;
    if (right) counts[isAccepted ? 'rightAccepted' : 'rightOverridden'] += 1;
    else counts[isAccepted ? 'wrongAccepted' : 'wrongOverridden'] += 1;
    const isReached = reached.get(id);
    if (isReached === undefined) continue;
    counts.compared += 1;
    if (isReached) counts.teamRight += 1;
    if (right) counts.modelRight += 1;
  }
  return counts;
}
