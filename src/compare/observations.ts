import type { SessionOutcome, SessionValue } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import type { ClosedSession } from '../sessions/fold';
import { valuesOf } from '../sessions/outcome';
import type { SessionTurn } from '../sessions/turn';
import { type Arm, isInArm } from './arm';

/** What one session says about one arm: one value per series. */
export interface Observation {
  readonly isFirst: boolean;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs;
  readonly values: ReadonlyMap<string, number>;
}

/** The same inputs served by both arms: first - second, by series, meaned over the turns of one conversation. */
export interface Pair {
  readonly openedAt: EpochMs;
  readonly differences: ReadonlyMap<string, number>;
}

export interface Observations {
  /** In order of closing. */
  readonly separate: readonly Observation[];
  readonly pairs: readonly Pair[];
  /** Sessions that saw both arms, one after the other: in neither. */
  readonly crossed: number;
}

/** `helpful by p1`: judges of another panel are another instrument, so never the same series. */
export function scoreSeries(criterion: string, panel: string): string {
  return `${criterion} by ${panel}`;
}

/** Signals of behaviour, all in [0, 1] and better when higher. */
export const SIGNALS = ['not_abandoned', 'recovered', 'satisfaction'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Sorts the sessions of one stream by arm. */
export function observe(sessions: readonly ClosedSession[], first: Arm, second: Arm): Observations {
  const separate: Observation[] = [];
  const pairs: Pair[] = [];
  let crossed = 0;
  for (const session of sessions) {
    const own = session.turns.filter(({ segments }) => isInArm(segments, first));
    const other = session.turns.filter(({ segments }) => isInArm(segments, second));
    if (own.length === 0 && other.length === 0) continue;
    if (own.length === 0) separate.push(observation(session, other, false));
    else if (other.length === 0) separate.push(observation(session, own, true));
    else {
      const pair = pairOf(own, other, session.outcome.openedAt);
      if (pair === null) crossed += 1;
      else pairs.push(pair);
    }
  }
  return { separate, pairs, crossed };
}

/**
 * From outcomes alone, as a store has them, in order of closing. A session that moved in a dimension asked about is in
 * neither arm, even where only part of it was in one.
 */
export function observeOutcomes(outcomes: readonly SessionOutcome[], first: Arm, second: Arm): Observations {
  const asked = new Set([...first, ...second].map(({ dimension }) => dimension));
  const separate: Observation[] = [];
  let crossed = 0;
  for (const outcome of outcomes) {
    const isFirst = isInArm(outcome.segments, first);
    const isSecond = isInArm(outcome.segments, second);
    if (!isFirst && !isSecond) continue;
    const hasMoved = outcome.movedDimensions.some((dimension) => asked.has(dimension));
    if (hasMoved || (isFirst && isSecond)) crossed += 1;
    else separate.push(observed(outcome, outcome.values, signalsOf(outcome), isFirst));
  }
  return { separate, pairs: [], crossed };
}

/** Two recordings of the same conversations, e.g. replays under two configurations. */
export function observeTwice(
  first: readonly ClosedSession[],
  second: readonly ClosedSession[],
  arm: Arm,
  otherArm: Arm,
): Observations {
  const others = turnsByConversation(second, otherArm);
  const pairs: Pair[] = [];
  let crossed = 0;
  for (const [id, own] of turnsByConversation(first, arm)) {
    const other = others.get(id);
    const pair = other === undefined ? null : pairOf(own, other, own[0]?.at ?? 0);
    if (pair === null) crossed += 1;
    else pairs.push(pair);
  }
  return { separate: [], pairs, crossed };
}

function turnsByConversation(sessions: readonly ClosedSession[], arm: Arm): Map<string, SessionTurn[]> {
  const turns = new Map<string, SessionTurn[]>();
  for (const { outcome, turns: all } of sessions) {
    const own = all.filter(({ segments }) => isInArm(segments, arm));
    if (own.length === 0) continue;
    const known = turns.get(outcome.conversationId);
    if (known === undefined) turns.set(outcome.conversationId, own);
    else known.push(...own);
  }
  return turns;
}

function observation({ outcome, turns }: ClosedSession, own: readonly SessionTurn[], isFirst: boolean): Observation {
  // How the user fared is one thing for the whole session, so it counts only where all of it was in the arm.
  const signals = own.length === turns.length ? signalsOf(outcome) : [];
  return observed(outcome, valuesOf(own), signals, isFirst);
}

function observed(
  { openedAt, closedAt }: SessionOutcome,
  scores: readonly SessionValue[],
  signals: Iterable<readonly [Signal, number]>,
  isFirst: boolean,
): Observation {
  const values = new Map<string, number>(signals);
  for (const { criterion, panel, value } of scores) {
    if (value !== null) values.set(scoreSeries(criterion, panel), value);
  }
  return { isFirst, openedAt, closedAt, values };
}

function signalsOf({ ending, recovery, turns, satisfaction }: SessionOutcome): Map<Signal, number> {
  const values = new Map<Signal, number>();
  if (turns > 1) values.set('satisfaction', satisfaction);
  if (ending === 'open') return values;
  values.set('not_abandoned', ending === 'abandoned' ? 0 : 1);
  if (recovery.badTurns > 0) values.set('recovered', recovery.within / recovery.badTurns);
  return values;
}

/** Turns at one position in the conversation answer the same input. Null where no position was answered by both. */
function pairOf(own: readonly SessionTurn[], other: readonly SessionTurn[], openedAt: EpochMs): Pair | null {
  const byIndex = new Map(other.map((turn) => [turn.index, turn]));
  const sums = new Map<string, { sum: number; n: number }>();
  let matched = false;
  for (const turn of own) {
    const twin = byIndex.get(turn.index);
    if (twin === undefined) continue;
    matched = true;
    for (const { criterion, panel, value } of turn.values) {
      const twinValue = twin.values.find((one) => one.criterion === criterion && one.panel === panel)?.value;
      if (value === null || twinValue === undefined || twinValue === null) continue;
      const key = scoreSeries(criterion, panel);
      const { sum, n } = sums.get(key) ?? { sum: 0, n: 0 };
      sums.set(key, { sum: sum + value - twinValue, n: n + 1 });
    }
  }
  if (!matched) return null;
  return { openedAt, differences: new Map([...sums].map(([key, { sum, n }]) => [key, sum / n])) };
}
