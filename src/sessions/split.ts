import type { EpochMs } from '../domain/time';
import type { SessionGroup } from './outcome';
import { compareEvents, compareTurns, isActive, type SessionEvent, type SessionTurn } from './turn';

export interface SplitOptions {
  /** Silence that ends a session, ms. */
  readonly idleMs: number;
  /** Longest session, ms from its first sign. */
  readonly maxMs: number;
}

interface Growing {
  readonly startedAt: EpochMs;
  lastActivityAt: EpochMs;
  readonly turns: SessionTurn[];
  readonly events: SessionEvent[];
}

/**
 * The turns and events of one conversation, cut where the user was silent for `idleMs` or the session grew older than
 * `maxMs`. Order of arrival does not matter; of records with one id the earliest counts. What the product tells (hand-off,
 * resolution …) goes to the session it falls into, or just after, and moves no border; without one it is a group of its
 * own without turns. Groups come in order of time and each ends before the next begins.
 */
export function splitSessions(
  turns: readonly SessionTurn[],
  events: readonly SessionEvent[],
  { idleMs, maxMs }: SplitOptions,
): SessionGroup[] {
  const ownTurns = inOrder(turns, compareTurns);
  const ownEvents = inOrder(events, compareEvents);
  const groups: Growing[] = [];
  const extend = (at: EpochMs): Growing => {
    const last = groups[groups.length - 1];
    if (last !== undefined && at - last.lastActivityAt < idleMs && at - last.startedAt < maxMs) {
      last.lastActivityAt = Math.max(at, last.lastActivityAt);
      return last;
    }
    const next: Growing = { startedAt: at, lastActivityAt: at, turns: [], events: [] };
    groups.push(next);
    return next;
  };
  const active = ownEvents.filter(isActive);
  let e = 0;
  for (const turn of ownTurns) {
    for (let event = active[e]; event !== undefined && event.at < turn.at; event = active[++e]) {
      extend(event.at).events.push(event);
    }
    extend(turn.at).turns.push(turn);
  }
  for (const event of active.slice(e)) extend(event.at).events.push(event);
  const alone: Growing[] = [];
  for (const event of ownEvents) {
    if (isActive(event)) continue;
    const home = homeOf(event, groups, { idleMs, maxMs });
    if (home === null) alone.push({ startedAt: event.at, lastActivityAt: event.at, turns: [], events: [event] });
    else home.events.push(event);
  }
  const all = alone.length === 0 ? groups : [...groups, ...alone].sort((a, b) => a.startedAt - b.startedAt);
  return all.map((group) => ({
    turns: group.turns,
    events: group.events.length > 1 ? group.events.sort(compareEvents) : group.events,
    lastActivityAt: group.lastActivityAt,
    closedAt: endOf(group, { idleMs, maxMs }),
  }));
}

function homeOf({ at }: SessionEvent, groups: readonly Growing[], options: SplitOptions): Growing | null {
  let home: Growing | null = null;
  for (const group of groups) {
    if (group.startedAt <= at && at < endOf(group, options)) home = group;
    else if (home === null && group.startedAt > at && group.startedAt - at < options.idleMs) home = group;
  }
  return home;
}

function endOf({ startedAt, lastActivityAt }: Growing, { idleMs, maxMs }: SplitOptions): EpochMs {
  return Math.min(lastActivityAt + idleMs, startedAt + maxMs);
}

/** Sorted, and of records with one id the first; most conversations came like that. */
function inOrder<T extends { readonly id: string }>(
  records: readonly T[],
  compare: (a: T, b: T) => number,
): readonly T[] {
  let isSorted = true;
  for (let i = 1; i < records.length; i++) isSorted &&= compare(records[i - 1]!, records[i]!) < 0;
  const sorted = isSorted ? records : [...records].sort(compare);
  return hasCopies(sorted) ? withoutCopies(sorted) : sorted;
}

/** A set costs more than it saves for the few records of most conversations. */
const FEW = 8;

function hasCopies(records: readonly { readonly id: string }[]): boolean {
  if (records.length > FEW) return new Set(records.map(({ id }) => id)).size < records.length;
  for (let i = 1; i < records.length; i++) {
    for (let j = 0; j < i; j++) if (records[i]!.id === records[j]!.id) return true;
  }
  return false;
}

function withoutCopies<T extends { readonly id: string }>(sorted: readonly T[]): T[] {
  const seen = new Set<string>();
  return sorted.filter(({ id }) => !seen.has(id) && seen.add(id));
}
