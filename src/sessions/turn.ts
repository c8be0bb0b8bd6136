import type { Behaviour, BehaviourKind } from '../domain/behaviour';
import type { OutcomeItem } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { EpochMs } from '../domain/time';

/** What a session keeps of a turn: about 0.5 kB, no text; plain JSON. */
export interface SessionTurn {
  readonly id: string;
  readonly at: EpochMs;
  readonly index: number;
  readonly userHash: string | null;
  readonly markers: readonly string[];
  readonly userSketch: string;
  readonly userLength: number;
  readonly answerLength: number;
  readonly segments: readonly SegmentKey[];
  readonly values: readonly TurnValue[];
  /** Whether the answer was right, by something that is neither the user nor a judge; absent or null = not known. */
  readonly right?: boolean | null;
}

/** An estimator value of one turn, ready for the series of its criterion and panel. */
export interface TurnValue {
  readonly criterion: string;
  readonly panel: string;
  /** Null when the turn's judges failed for good. */
  readonly value: number | null;
  /** The value, or what it would have been had the missing judges said 0, and 1. */
  readonly lowest: number;
  readonly highest: number;
}

/** What a session keeps of a behaviour event; plain JSON. */
export interface SessionEvent {
  readonly id: string;
  readonly at: EpochMs;
  readonly interactionId: string | null;
  readonly userHash: string | null;
  readonly kind: BehaviourKind;
  readonly value: number | null;
}

export function toSessionTurn(
  item: OutcomeItem,
  at: EpochMs,
  segments: readonly SegmentKey[],
  values: readonly TurnValue[],
  rightCheck: string | null = null,
): SessionTurn {
  const { markers, userSketch, userLength, answerLength } = item.signals;
  return {
    id: item.interactionId,
    at,
    index: item.turnIndex,
    userHash: item.userHash,
    markers,
    userSketch,
    userLength,
    answerLength,
    segments,
    values,
    right: rightOf(item, rightCheck),
  };
}

/** What the check says that was named as the one to ask; null where it does not apply or none was named. */
function rightOf({ checks }: OutcomeItem, rightCheck: string | null): boolean | null {
  if (rightCheck === null) return null;
  const result = checks.find(({ check }) => check === rightCheck)?.result;
  return result === 'pass' ? true : result === 'fail' ? false : null;
}

export function toSessionEvent(behaviour: Behaviour, at: EpochMs): SessionEvent {
  const { eventId, interactionId, userHash, kind, value } = behaviour;
  return { id: eventId, at, interactionId, userHash, kind, value };
}

/** Signs that the user is there. The others are told by the product, sometimes hours later, and keep nothing open. */
const ACTIVE: ReadonlySet<BehaviourKind> = new Set([
  'thumbs_up',
  'thumbs_down',
  'regenerate',
  'rephrase',
  'edit',
  'copy',
  'accept',
  'override',
]);

export function isActive({ kind }: SessionEvent): boolean {
  return ACTIVE.has(kind);
}

/** By event time, position, id: the one order of a conversation's turns, however they arrived. */
export function compareTurns(a: SessionTurn, b: SessionTurn): number {
  return a.at - b.at || a.index - b.index || compareText(a.id, b.id);
}

export function compareEvents(a: SessionEvent, b: SessionEvent): number {
  return a.at - b.at || compareText(a.id, b.id) || compareText(a.kind, b.kind);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
