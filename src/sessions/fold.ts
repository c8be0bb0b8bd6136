import type { SessionOutcome } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import type { SessionOptions } from './options';
import { outcomeOf, type SessionGroup } from './outcome';
import { addDue, createDueTable, type DueTable, takeDue } from './due-table';
import { type Decision, decisionsOf } from './reliance';
import { splitSessions, type SplitOptions } from './split';
import type { SessionEvent, SessionTurn } from './turn';

/**
 * All open conversations, in event time. Owned by the caller and changed in place; `encodeSessions` makes plain JSON of
 * it. Records may come in any order within the lateness: a session closes only once no record in time can touch it.
 */
export interface SessionsState {
  /** Event time up to which all is complete, lateness taken off; null before the first watermark. */
  horizon: EpochMs | null;
  readonly open: Map<string, OpenConversation>;
  /** In order of closing; kept for `amendmentHours` to link what comes after. */
  readonly closed: Map<string, ClosedConversation>;
  readonly due: DueTable;
  readonly counts: SessionCounts;
}

export interface OpenConversation {
  turns: SessionTurn[];
  events: SessionEvent[];
  /** No session of it can close before; a lower bound. */
  dueAt: EpochMs;
}

export interface ClosedConversation {
  readonly sessionId: string;
  readonly sequence: number;
  readonly lastActivityAt: EpochMs;
  readonly closedAt: EpochMs;
}

export interface SessionCounts {
  closed: number;
  /** Came behind the horizon; those that would have changed a closed session had no effect. */
  late: number;
  lateDropped: number;
  /** Behaviour after a session had closed, and behaviour of no known session. */
  amendments: number;
  orphans: number;
  /** Conversations closed early because `maxOpen` was reached. */
  evicted: number;
}

/** A session that closed, with the turns it was made of. */
export interface ClosedSession {
  readonly outcome: SessionOutcome;
  readonly turns: readonly SessionTurn[];
  readonly decisions: readonly Decision[];
}

export interface SessionFold {
  initial(): SessionsState;
  addTurn(state: SessionsState, conversationId: string, turn: SessionTurn): void;
  addEvent(state: SessionsState, conversationId: string, event: SessionEvent): void;
  /** Closes what the event watermark allows, ordered by closing time and conversation. A lower watermark does nothing. */
  advance(state: SessionsState, watermark: EpochMs): ClosedSession[];
  /** Closes all: those silent until `until`, the last event time of a stream that has ended, as any; the rest as `open`. */
  finish(state: SessionsState, until: EpochMs): ClosedSession[];
}

export function createSessions(): SessionsState {
  return {
    horizon: null,
    open: new Map(),
    closed: new Map(),
    due: createDueTable(),
    counts: { closed: 0, late: 0, lateDropped: 0, amendments: 0, orphans: 0, evicted: 0 },
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function createSessionFold(options: SessionOptions): SessionFold {
  const split: SplitOptions = { idleMs: options.idleMinutes * MINUTE, maxMs: options.maxHours * HOUR };
  const amendMs = options.amendmentHours * HOUR;

  const add = (state: SessionsState, id: string, at: EpochMs): OpenConversation | null => {
    if (state.horizon !== null && at < state.horizon) {
      state.counts.late += 1;
      const closed = state.closed.get(id);
      if (closed !== undefined && at < closed.closedAt) {
        state.counts.lateDropped += 1;
        return null;
      }
    }
    const dueAt = at + split.idleMs;
    let conversation = state.open.get(id);
    if (conversation === undefined) {
      conversation = { turns: [], events: [], dueAt };
      state.open.set(id, conversation);
      addDue(state.due, dueAt, id);
    } else if (dueAt < conversation.dueAt) {
      conversation.dueAt = dueAt;
      addDue(state.due, dueAt, id);
    }
    return conversation;
  };

  const closeGroup = (state: SessionsState, id: string, group: SessionGroup, isOpen: boolean): ClosedSession => {
    const { turns, events, lastActivityAt, closedAt } = group;
    const known = state.closed.get(id);
    // By time, not by what happens to be remembered still: that depends on when the watermark moved.
    const previous =
      known !== undefined && (turns[0]?.at ?? lastActivityAt) - known.lastActivityAt <= amendMs ? known : null;
    const decisions = decisionsOf(turns, events);
    const outcome = outcomeOf(group, { conversationId: id, previous, decisions, isOpen }, options);
    const { sessionId, sequence } = outcome;
    // Taken out and put in again, so that the order of the map is the order of closing.
    state.closed.delete(id);
    state.closed.set(id, { sessionId, sequence, lastActivityAt, closedAt });
    state.counts.closed += 1;
    return { outcome, turns, decisions };
  };

  /** Closes the groups of one conversation that end at or before `until`; what is left waits on. */
  const closeOne = (state: SessionsState, id: string, until: EpochMs, isForced: boolean): ClosedSession[] => {
    const conversation = state.open.get(id);
    if (conversation === undefined) return [];
    const groups = splitSessions(conversation.turns, conversation.events, split);
    const rest = isForced ? [] : groups.filter(({ closedAt }) => closedAt > until);
    const sessions: ClosedSession[] = [];
    for (const group of groups) {
      if (!isForced && group.closedAt > until) continue;
      if (group.turns.length === 0) countLoose(state, id, group, amendMs);
      else sessions.push(closeGroup(state, id, group, isForced && group.closedAt > until));
    }
    state.open.delete(id);
    const first = rest[0];
    if (first !== undefined) {
      const dueAt = rest.reduce((least, { closedAt }) => Math.min(least, closedAt), first.closedAt);
      const turns = rest.flatMap((group) => group.turns);
      state.open.set(id, { turns, events: rest.flatMap(({ events }) => events), dueAt });
      addDue(state.due, dueAt, id);
    }
    return sessions;
  };

  return {
    initial: createSessions,
    addTurn(state, id, turn) {
      add(state, id, turn.at)?.turns.push(turn);
    },
    addEvent(state, id, event) {
      add(state, id, event.at)?.events.push(event);
    },
    advance(state, watermark) {
      const horizon = watermark - options.latenessMinutes * MINUTE;
      if (state.horizon !== null && horizon <= state.horizon) return [];
      state.horizon = horizon;
      const sessions = takeDue(state.due, horizon)
        .filter((id) => (state.open.get(id)?.dueAt ?? Infinity) <= horizon)
        .flatMap((id) => closeOne(state, id, horizon, false));
      for (const id of oldestBeyond(state, options.maxOpen)) {
        state.counts.evicted += 1;
        sessions.push(...closeOne(state, id, horizon, true));
      }
      forgetClosed(state, horizon - amendMs - split.idleMs, options.maxOpen);
      return sessions.sort(compareClosed);
    },
    finish(state, until) {
      return [...state.open.keys()].flatMap((id) => closeOne(state, id, until, true)).sort(compareClosed);
    },
  };
}

/** Behaviour without a turn: it amends the session before it, or belongs to nothing we know. */
function countLoose(state: SessionsState, id: string, { events }: SessionGroup, amendMs: number): void {
  const before = state.closed.get(id);
  for (const { at } of events) {
    if (before !== undefined && at - before.lastActivityAt <= amendMs) state.counts.amendments += 1;
    else state.counts.orphans += 1;
  }
}

function oldestBeyond({ open }: SessionsState, most: number): string[] {
  if (open.size <= most) return [];
  return [...open]
    .sort(([a, x], [b, y]) => x.dueAt - y.dueAt || (a < b ? -1 : 1))
    .slice(0, open.size - most)
    .map(([id]) => id);
}

/** Not while a session is open that may be linked to it, unless there are more than `most`. */
function forgetClosed({ closed, open }: SessionsState, before: EpochMs, most: number): void {
  for (const [id, { lastActivityAt }] of closed) {
    if (closed.size > most) {
      closed.delete(id);
      continue;
    }
    if (lastActivityAt >= before) return;
    if (!open.has(id)) closed.delete(id);
  }
}

function compareClosed({ outcome: a }: ClosedSession, { outcome: b }: ClosedSession): number {
  return a.closedAt - b.closedAt || (a.sessionId < b.sessionId ? -1 : 1);
}
