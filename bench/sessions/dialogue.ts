import { createSessionFold } from '../../src/sessions/fold';
import { frictionOf, type TurnFriction } from '../../src/sessions/friction';
import type { SessionOutcome } from '../../src/domain/session-outcome';
import { sessionOptions } from '../../src/sessions/options';
import type { SessionEvent, SessionTurn } from '../../src/sessions/turn';
import { findMarkers } from '../../src/signals/markers';
import { textSketch } from '../../src/signals/sketch';

export interface Utterance {
  readonly text: string;
  readonly answer: string;
}

/** Half a minute between turns: the recorded dialogues have no times, so these are made. */
const GAP_MS = 30_000;

export interface ReadDialogue {
  readonly outcome: SessionOutcome;
  /** One per utterance of the user. */
  readonly frictions: readonly TurnFriction[];
  readonly turns: readonly SessionTurn[];
}

/** What the product sees of a dialogue: the signals of the user's turns, folded into a session. Ratings never enter. */
export function readDialogue(
  id: string,
  utterances: readonly Utterance[],
  events: readonly Pick<SessionEvent, 'kind'>[] = [],
): ReadDialogue {
  const fold = createSessionFold(sessionOptions.parse({}));
  const state = fold.initial();
  const turns = utterances.map(({ text, answer }, index): SessionTurn => ({
    id: `${id}/${index}`,
    at: index * GAP_MS,
    index,
    userHash: null,
    markers: findMarkers(text),
    userSketch: textSketch(text),
    userLength: text.length,
    answerLength: answer.length,
    segments: [],
    values: [],
  }));
  for (const turn of turns) fold.addTurn(state, id, turn);
  events.forEach(({ kind }, i) => {
    const at = turns.length * GAP_MS;
    fold.addEvent(state, id, { id: `${id}/e${i}`, at, interactionId: null, userHash: null, kind, value: null });
  });
  const [closed, ...more] = fold.advance(state, 365 * 24 * 3600 * 1000);
  if (closed === undefined || more.length > 0) throw new Error(`${id} did not make one session`);
  return { outcome: closed.outcome, frictions: frictionOf(turns), turns };
}

/** The user's utterances, each with what was answered before the next one. */
export function utterancesOf(turns: readonly { readonly role: string; readonly text: string }[]): Utterance[] {
  const utterances: { text: string; answer: string }[] = [];
  for (const { role, text } of turns) {
    const last = utterances[utterances.length - 1];
    if (role === 'user') utterances.push({ text, answer: '' });
    else if (role === 'assistant' && last !== undefined) last.answer += text;
  }
  return utterances;
}
