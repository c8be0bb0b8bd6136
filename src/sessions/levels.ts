import type { BehaviourKind } from '../domain/behaviour';
import type { TurnFriction } from './friction';
import type { TurnLevel } from './recovery';
import type { SessionEvent, SessionTurn } from './turn';

/** What the user did with an answer speaks louder than words, and displeasure louder than pleasure. */
const BAD: ReadonlySet<BehaviourKind> = new Set(['thumbs_down', 'regenerate', 'rephrase', 'override', 'abandon']);
const GOOD: ReadonlySet<BehaviourKind> = new Set(['thumbs_up', 'copy', 'accept', 'resolved', 'goal']);

const GOOD_MARKERS: ReadonlySet<string> = new Set(['thanks', 'praise', 'affirmation']);

/**
 * The level of each turn: by the events on it, else by friction, else by the words. An event belongs to the turn whose
 * interaction it names, else to the last turn before it. Turns and events are in order.
 */
export function levelsOf(
  turns: readonly SessionTurn[],
  frictions: readonly TurnFriction[],
  events: readonly SessionEvent[],
  badFrom: number,
): TurnLevel[] {
  const told: (TurnLevel | null)[] = turns.map(() => null);
  for (const event of events) {
    const level = toldBy(event);
    if (level === null) continue;
    const turn = turnOf(event, turns);
    if (told[turn] !== 'bad') told[turn] = level;
  }
  return turns.map(({ markers }, i) => told[i] ?? levelOf(markers, frictions[i]!, i > 0, badFrom));
}

function levelOf(
  markers: readonly string[],
  { friction, evidence }: TurnFriction,
  isReaction: boolean,
  badFrom: number,
): TurnLevel {
  if (friction >= badFrom) return 'bad';
  // The first message reacts to nothing: its thanks are manners.
  return isReaction && evidence < 0 && markers.some((marker) => GOOD_MARKERS.has(marker)) ? 'good' : 'neutral';
}

function toldBy({ kind, value }: SessionEvent): TurnLevel | null {
  if (BAD.has(kind)) return 'bad';
  if (!GOOD.has(kind)) return null;
  // A goal or resolution with value 0 was missed.
  return (kind === 'goal' || kind === 'resolved') && value === 0 ? 'bad' : 'good';
}

function turnOf({ interactionId, at }: SessionEvent, turns: readonly SessionTurn[]): number {
  let last = 0;
  for (let i = 0; i < turns.length; i++) {
    const turn = turns[i];
    if (turn === undefined) break;
    if (interactionId !== null && turn.id === interactionId) return i;
    if (turn.at <= at) last = i;
  }
  return last;
}
