import type { BehaviourKind } from '../../../src/domain/behaviour';
import type { SessionOutcome } from '../../../src/domain/session-outcome';
import { type ClosedSession, createSessionFold, type SessionsState } from '../../../src/sessions/fold';
import { sessionOptions } from '../../../src/sessions/options';
import type { SessionEvent, SessionTurn } from '../../../src/sessions/turn';
import { findMarkers } from '../../../src/signals/markers';
import { textSketch } from '../../../src/signals/sketch';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A turn at a minute, with the signals of what the user says. */
export function turn(
  id: string,
  minute: number,
  text: string = 'where is it',
  part: Partial<SessionTurn> = {},
): SessionTurn {
  return {
    id,
    at: minute * MINUTE,
    index: 0,
    userHash: null,
    markers: findMarkers(text),
    userSketch: textSketch(text),
    userLength: text.length,
    answerLength: 10,
    segments: [],
    values: [],
    ...part,
  };
}

export function event(id: string, minute: number, kind: BehaviourKind, part: Partial<SessionEvent> = {}): SessionEvent {
  return { id, at: minute * MINUTE, interactionId: null, userHash: null, kind, value: null, ...part };
}

export type Step = ['turn', string, SessionTurn] | ['event', string, SessionEvent] | ['watermark', number];

export interface Run {
  readonly state: SessionsState;
  readonly closed: readonly ClosedSession[];
  readonly outcomes: readonly SessionOutcome[];
}

/** Feeds the steps in order; `watermark` in minutes. */
export function run(
  steps: readonly Step[],
  options: Parameters<typeof sessionOptions.parse>[0] = {},
  finishAt?: number,
): Run {
  const fold = createSessionFold(sessionOptions.parse(options));
  const state = fold.initial();
  const closed: ClosedSession[] = [];
  for (const step of steps) {
    if (step[0] === 'turn') fold.addTurn(state, step[1], step[2]);
    else if (step[0] === 'event') fold.addEvent(state, step[1], step[2]);
    else closed.push(...fold.advance(state, step[1] * MINUTE));
  }
  if (finishAt !== undefined) closed.push(...fold.finish(state, finishAt * MINUTE));
  return { state, closed, outcomes: closed.map(({ outcome }) => outcome) };
}
