import type { BehaviourKind } from '../domain/behaviour';
import { sameSegments, type SegmentKey } from '../domain/segment';
import type {
  Engagement,
  Reactions,
  Recovery,
  SessionEnding,
  SessionOutcome,
  SessionValue,
} from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import { frictionOf, satisfactionOf } from './friction';
import { levelsOf } from './levels';
import { countRecoveries, firstRecovery, type TurnLevel } from './recovery';
import { type Decision, relianceOf } from './reliance';
import type { SessionEvent, SessionTurn, TurnValue } from './turn';

/** A session whose turns and events are complete and in order. */
export interface SessionGroup {
  readonly turns: readonly SessionTurn[];
  readonly events: readonly SessionEvent[];
  readonly lastActivityAt: EpochMs;
  readonly closedAt: EpochMs;
}

/** What is known of a session beside its own turns and events. */
export interface SessionFacts {
  readonly conversationId: string;
  /** The session that this one takes up again; null for the first. */
  readonly previous: { readonly sessionId: string; readonly sequence: number } | null;
  /** `decisionsOf` its turns and events. */
  readonly decisions: readonly Decision[];
  /** Silence could not be waited for. */
  readonly isOpen: boolean;
}

export interface OutcomeOptions {
  /** Friction from which a turn is bad. */
  readonly badTurnFrom: number;
  /** Turns within which a recovery counts for `within`. */
  readonly recoveryTurns: number;
}

/** Pure: the same turns and events give the same outcome, bit for bit. */
export function outcomeOf(
  group: SessionGroup,
  { conversationId, previous, decisions, isOpen }: SessionFacts,
  options: OutcomeOptions,
): SessionOutcome {
  const { turns, events, lastActivityAt, closedAt } = group;
  const frictions = frictionOf(turns);
  const levels = levelsOf(turns, frictions, events, options.badTurnFrom);
  const openedAt = turns[0]?.at ?? lastActivityAt;
  return {
    sessionId: `${conversationId}@${openedAt}`,
    conversationId,
    sequence: previous === null ? 0 : previous.sequence + 1,
    previousSessionId: previous === null ? null : previous.sessionId,
    userHash: userOf(turns) ?? userOf(events),
    openedAt,
    lastActivityAt,
    closedAt,
    ending: endingOf(turns, levels, events, isOpen),
    segments: turns[0]?.segments ?? [],
    movedDimensions: movedIn(turns),
    turns: turns.length,
    badTurns: countOf(levels, 'bad'),
    goodTurns: countOf(levels, 'good'),
    satisfaction: satisfactionOf(frictions),
    recovery: recoveryOf(turns, levels, options.recoveryTurns),
    engagement: engagementOf(turns, Math.max(0, lastActivityAt - openedAt)),
    reactions: reactionsOf(events),
    reliance: relianceOf(decisions, (id) => turns.find((turn) => turn.id === id)?.right ?? null),
    values: valuesOf(turns),
  };
}

/** 238 words a minute read (Brysbaert 2019), 52 written (Dhakal et al. 2018), at about 5.9 and 5 characters a word. */
const READ_PER_MINUTE = 1400;
const WRITTEN_PER_MINUTE = 260;

function engagementOf(turns: readonly SessionTurn[], dwellMs: number): Engagement {
  let [userLength, answerLength] = [0, 0];
  for (const turn of turns) {
    userLength += turn.userLength;
    answerLength += turn.answerLength;
  }
  const effortMinutes = answerLength / READ_PER_MINUTE + userLength / WRITTEN_PER_MINUTE;
  return { userLength, answerLength, dwellMs, effortMinutes };
}

function movedIn(turns: readonly SessionTurn[]): string[] {
  const first = turns[0]?.segments ?? [];
  if (turns.every(({ segments }) => sameSegments(first, segments))) return [];
  const moved = new Set<string>();
  for (const { segments } of turns) {
    for (const key of segments) if (!isAmong(key, first)) moved.add(key.dimension);
    for (const key of first) if (!isAmong(key, segments)) moved.add(key.dimension);
  }
  return [...moved].sort();
}

/** Segments of one value are mostly one object. */
function isAmong(key: SegmentKey, segments: readonly SegmentKey[]): boolean {
  return (
    segments.includes(key) ||
    segments.some(({ dimension, value }) => dimension === key.dimension && value === key.value)
  );
}

function endingOf(
  turns: readonly SessionTurn[],
  levels: readonly TurnLevel[],
  events: readonly SessionEvent[],
  isOpen: boolean,
): SessionEnding {
  const outcome = events.findLast(({ kind }) => kind === 'resolved' || kind === 'goal');
  if (outcome !== undefined && outcome.value !== 0) return 'resolved';
  // What came after a hand-over decides; without word of it there is neither success nor failure.
  if (outcome === undefined && events.some(({ kind }) => kind === 'handoff')) return 'handed_off';
  if (events.some(({ kind }) => kind === 'abandon')) return 'abandoned';
  if (isOpen) return 'open';
  const last = levels[levels.length - 1];
  if (last === 'bad' || outcome !== undefined) return 'abandoned';
  if (turns[turns.length - 1]?.markers.includes('give_up') === true) return 'abandoned';
  return last === 'good' ? 'satisfied' : 'ended';
}

function recoveryOf(turns: readonly SessionTurn[], levels: readonly TurnLevel[], horizon: number): Recovery {
  const counts = countRecoveries(levels, horizon);
  const first = firstRecovery(levels);
  const from = first === null ? undefined : turns[first.bad];
  const to = first === null || first.ok === null ? undefined : turns[first.ok];
  return {
    badTurns: counts.bad,
    followed: counts.followed,
    within: counts.within,
    ever: counts.ever,
    turns: first === null || first.ok === null ? null : first.ok - first.bad,
    ms: from === undefined || to === undefined ? null : to.at - from.at,
  };
}

function reactionsOf(events: readonly SessionEvent[]): Reactions {
  const counts = {
    thumbsUp: 0,
    thumbsDown: 0,
    accepted: 0,
    overridden: 0,
    edited: 0,
    copied: 0,
    regenerated: 0,
    handoffs: 0,
  };
  for (const { kind } of events) {
    const name = REACTION[kind];
    if (name !== undefined) counts[name] += 1;
  }
  return counts;
}

const REACTION: Readonly<Partial<Record<BehaviourKind, keyof Reactions>>> = {
  thumbs_up: 'thumbsUp',
  thumbs_down: 'thumbsDown',
  accept: 'accepted',
  override: 'overridden',
  edit: 'edited',
  copy: 'copied',
  regenerate: 'regenerated',
  handoff: 'handoffs',
};

/** Unweighted means over the turns, by criterion and panel: judges of another panel are another instrument. */
export function valuesOf(turns: readonly SessionTurn[]): SessionValue[] {
  const means: GrowingMean[] = [];
  for (const { values } of turns) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const mean = meanAt(means, i, value);
      mean.items += 1;
      mean.lowest += value.lowest;
      mean.highest += value.highest;
      if (value.value === null) continue;
      mean.known += 1;
      mean.sum += value.value;
    }
  }
  return means.map(({ criterion, panel, items, known, sum: total, lowest, highest }) => ({
    criterion,
    panel,
    turns: known,
    value: known === 0 ? null : total / known,
    lowest: lowest / items,
    highest: highest / items,
  }));
}

interface GrowingMean {
  readonly criterion: string;
  readonly panel: string;
  items: number;
  known: number;
  sum: number;
  lowest: number;
  highest: number;
}

/** The turns of a session are judged alike, so the mean is nearly always at the place of the value. */
function meanAt(means: GrowingMean[], hint: number, { criterion, panel }: TurnValue): GrowingMean {
  const likely = means[hint];
  if (likely !== undefined && likely.criterion === criterion && likely.panel === panel) return likely;
  const found = means.find((one) => one.criterion === criterion && one.panel === panel);
  if (found !== undefined) return found;
  const fresh = { criterion, panel, items: 0, known: 0, sum: 0, lowest: 0, highest: 0 };
  means.push(fresh);
  return fresh;
}

function userOf(signs: readonly { readonly userHash: string | null }[]): string | null {
  for (const { userHash } of signs) if (userHash !== null) return userHash;
  return null;
}

function countOf(levels: readonly TurnLevel[], wanted: TurnLevel): number {
  let count = 0;
  for (const level of levels) if (level === wanted) count += 1;
  return count;
}
