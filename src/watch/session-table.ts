import type { Behaviour } from '../domain/behaviour';
import type { OutcomeItem } from '../domain/ledger-record';
import { sameSegments, type SegmentKey } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import {
  type ClosedSession,
  createSessionFold,
  createSessions,
  type SessionCounts,
  type SessionsState,
} from '../sessions/fold';
import type { SessionOptions } from '../sessions/options';
import { createPanel, type PanelUser, recordVisit, type ReturnPanel } from '../sessions/returns';
import { decodeSessions, encodeSessions, type EncodedSessions } from '../sessions/state';
import { createTotals, recordAbsence, recordOutcome, type SessionTotals } from '../sessions/totals';
import { toSessionEvent, toSessionTurn } from '../sessions/turn';
import { type DecidedAnswer, type DecidedAnswers, keepDecisions } from './decided-answers';
import { evictOne, hasRoom, type SegmentLimits } from './segment-limits';
import { OTHER_VALUE } from './segments';
import { turnValuesOf } from './series';

/** What WATCH knows of sessions: those that are open, the sample of users, and totals by dimension and value. */
export interface SessionTable {
  readonly sessions: SessionsState;
  readonly panel: ReturnPanel;
  readonly totals: Map<string, Map<string, SessionTotals>>;
  readonly decided: DecidedAnswers;
  /** Records whose event time lay more than `MAX_AHEAD_MS` ahead of the time they were recorded. */
  future: number;
}

/** Plain JSON, flat, so that a checkpoint can write the long lists in slices. */
export interface EncodedSessionTable {
  readonly open: EncodedSessions['open'];
  readonly closed: EncodedSessions['closed'];
  readonly users: readonly (readonly [string, PanelUser])[];
  readonly totals: readonly (readonly [dimension: string, value: string, SessionTotals])[];
  readonly decided: readonly (readonly [string, DecidedAnswer])[];
  readonly rest: SessionRest;
}

interface SessionRest {
  readonly horizon: EpochMs | null;
  readonly counts: SessionCounts;
  readonly left: number;
  readonly future: number;
}

export const SESSION_PARTS = ['open', 'closed', 'users', 'totals', 'decided'] as const;

export type SessionPart =
  | readonly ['open', EncodedSessionTable['open']]
  | readonly ['closed', EncodedSessionTable['closed']]
  | readonly ['users', EncodedSessionTable['users']]
  | readonly ['totals', EncodedSessionTable['totals']]
  | readonly ['decided', EncodedSessionTable['decided']]
  | readonly ['rest', SessionRest];

/** A table that parts are added to; a checkpoint of a version without sessions has none. */
export interface SessionParts extends EncodedSessionTable {
  readonly open: EncodedSessions['open'][number][];
  readonly closed: EncodedSessions['closed'][number][];
  readonly users: EncodedSessionTable['users'][number][];
  readonly totals: EncodedSessionTable['totals'][number][];
  readonly decided: EncodedSessionTable['decided'][number][];
  rest: SessionRest;
}

export function emptySessionParts(): SessionParts {
  return {
    open: [],
    closed: [],
    users: [],
    totals: [],
    decided: [],
    rest: encodeSessionTable(createSessionTable()).rest,
  };
}

export function addSessionPart(parts: SessionParts, part: SessionPart): void {
  switch (part[0]) {
    case 'open':
      parts.open.push(...part[1]);
      return;
    case 'closed':
      parts.closed.push(...part[1]);
      return;
    case 'users':
      parts.users.push(...part[1]);
      return;
    case 'totals':
      parts.totals.push(...part[1]);
      return;
    case 'decided':
      parts.decided.push(...part[1]);
      return;
    case 'rest':
      parts.rest = part[1];
  }
}

const MAX_AHEAD_MS = 5 * 60_000;

export function createSessionTable(): SessionTable {
  return { sessions: createSessions(), panel: createPanel(), totals: new Map(), decided: new Map(), future: 0 };
}

export function encodeSessionTable({ sessions, panel, totals, decided, future }: SessionTable): EncodedSessionTable {
  const { open, closed, horizon, counts } = encodeSessions(sessions);
  return {
    open,
    closed,
    users: [...panel.users],
    totals: [...totals].flatMap(([dimension, values]) =>
      [...values].map(([value, own]) => [dimension, value, own] as const),
    ),
    decided: [...decided],
    rest: { horizon, counts, left: panel.left, future },
  };
}

/** Takes ownership of what it is given. */
export function decodeSessionTable({ open, closed, users, totals, decided, rest }: EncodedSessionTable): SessionTable {
  const table: SessionTable = {
    sessions: decodeSessions({ open, closed, horizon: rest.horizon, counts: rest.counts }),
    panel: createPanel(new Map(users), rest.left),
    totals: new Map(),
    decided: new Map(decided),
    future: rest.future,
  };
  for (const [dimension, value, own] of totals) {
    const values = table.totals.get(dimension) ?? new Map<string, SessionTotals>();
    // States of older versions have fewer sums, and do not say when a value was last seen.
    table.totals.set(dimension, values.set(value, withDefaults(own, rest.horizon ?? 0)));
  }
  return table;
}

function withDefaults(own: Partial<SessionTotals>, lastAt: EpochMs): SessionTotals {
  return { ...createTotals(), lastAt, ...own };
}

/** Feeds interactions and behaviour to the sessions, and what closes to the totals. */
export interface SessionFeed {
  addItem(table: SessionTable, item: OutcomeItem, segments: readonly SegmentKey[]): void;
  addBehaviour(table: SessionTable, behaviour: Behaviour): void;
  advance(table: SessionTable, watermark: EpochMs): readonly ClosedSession[];
  /** `until`: the last event time of a stream that has ended. */
  finish(table: SessionTable, until: EpochMs): readonly ClosedSession[];
}

/** What a record tells of, at a time that is not far ahead of when it was recorded: else taken back to that, and counted. */
export function takenBack<T extends { readonly occurredAt: EpochMs }>(
  table: SessionTable,
  told: T,
  recordedAt: EpochMs,
): T {
  if (told.occurredAt <= recordedAt + MAX_AHEAD_MS) return told;
  table.future += 1;
  return { ...told, occurredAt: recordedAt };
}

/** `limits` as for series. */
export function createSessionFeed(options: SessionOptions, limits: SegmentLimits): SessionFeed {
  const fold = createSessionFold(options);

  const record = (table: SessionTable, closed: readonly ClosedSession[]): readonly ClosedSession[] => {
    for (const session of closed) {
      const { outcome } = session;
      if (options.rightCriterion !== null) keepDecisions(table.decided, session);
      for (const segment of outcome.segments) {
        recordOutcome(totalsOf(table.totals, segment, limits, outcome.closedAt), outcome);
      }
      for (const absence of recordVisit(table.panel, outcome, options.panelUsers)) {
        for (const segment of absence.segments) {
          recordAbsence(totalsOf(table.totals, segment, limits, outcome.closedAt), absence);
        }
      }
    }
    return closed;
  };

  return {
    addItem(table, item, segments) {
      const values = item.sampled ? turnValuesOf(item.criteria) : [];
      const shared = sharedWithTurnBefore(table.sessions, item.conversationId, segments);
      fold.addTurn(
        table.sessions,
        item.conversationId,
        toSessionTurn(item, item.occurredAt, shared, values, options.rightCheck),
      );
    },
    addBehaviour(table, behaviour) {
      fold.addEvent(table.sessions, behaviour.conversationId, toSessionEvent(behaviour, behaviour.occurredAt));
    },
    advance: (table, watermark) => record(table, fold.advance(table.sessions, watermark)),
    finish: (table, until) => record(table, fold.finish(table.sessions, until)),
  };
}

/** Turns of one conversation mostly have the same segments: one list for all of them is smaller, and seen to be the same. */
function sharedWithTurnBefore(
  { open }: SessionsState,
  conversationId: string,
  segments: readonly SegmentKey[],
): readonly SegmentKey[] {
  const turns = open.get(conversationId)?.turns;
  const before = turns?.[turns.length - 1]?.segments;
  return before !== undefined && sameSegments(before, segments) ? before : segments;
}

/** What happened to records that did not simply join a session; `late` includes those dropped. */
export function recordsBeside({ sessions: { counts }, future }: SessionTable): Record<string, number> {
  const { late, lateDropped, amendments, orphans, evicted } = counts;
  return { late, late_dropped: lateDropped, amendment: amendments, orphan: orphans, evicted, future };
}

/** First come, first kept, as for the series; the rest share `__other__`. */
function totalsOf(
  totals: Map<string, Map<string, SessionTotals>>,
  { dimension, value }: SegmentKey,
  limits: SegmentLimits,
  now: EpochMs,
): SessionTotals {
  let values = totals.get(dimension);
  if (values === undefined) totals.set(dimension, (values = new Map<string, SessionTotals>()));
  const isKept =
    values.has(value) ||
    hasRoom(limits, dimension, value, values) ||
    (value !== OTHER_VALUE && evictOne(limits, dimension, values, now) !== null);
  const key = isKept ? value : OTHER_VALUE;
  let own = values.get(key);
  if (own === undefined) values.set(key, (own = createTotals()));
  return own;
}
