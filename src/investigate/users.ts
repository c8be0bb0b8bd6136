import type { SessionRow } from '../store/port-window';
import { sum } from '../stats/moments';
import { BEYOND_DOUBT, type Effect, lessOf } from './effect';
import { LEAST_GAIN, SECOND_DIMENSION } from './scope';

/** One behavioural figure before and after, oriented as it is named. */
export interface UserFigure {
  readonly name: 'abandonment' | 'handoff' | 'recovery' | 'satisfaction';
  readonly before: number | null;
  readonly after: number | null;
  readonly sessionsBefore: number;
  readonly sessionsAfter: number;
  /** After less before; null when one of them is not known. */
  readonly change: Effect | null;
  /** Worse, better or neither, beyond doubt (3 standard errors). */
  readonly moved: 'worse' | 'better' | 'no';
}

const LEAST_SESSIONS = 20;

interface FigureKind {
  readonly name: UserFigure['name'];
  readonly isGoodWhenHigh: boolean;
  /** Null where the session says nothing of it. */
  readonly valueOf: (session: SessionRow) => number | null;
}

const FIGURES: readonly FigureKind[] = [
  { name: 'abandonment', isGoodWhenHigh: false, valueOf: ({ ending }) => endedAs(ending, 'abandoned') },
  { name: 'handoff', isGoodWhenHigh: false, valueOf: ({ ending }) => endedAs(ending, 'handed_off') },
  {
    name: 'recovery',
    isGoodWhenHigh: true,
    valueOf: ({ badTurns, recovered }) => (badTurns === 0 ? null : recovered / badTurns),
  },
  {
    name: 'satisfaction',
    isGoodWhenHigh: true,
    valueOf: ({ turns, satisfaction }) => (turns < 2 ? null : satisfaction),
  },
];

function endedAs(ending: string, wanted: string): number | null {
  return ending === 'open' ? null : ending === wanted ? 1 : 0;
}

/** How users fared before and after, in the sessions that belong to a segment. */
export function userFigures(
  before: readonly SessionRow[],
  after: readonly SessionRow[],
  segment: string,
): readonly UserFigure[] {
  const periods = [sessionsIn(before, segment), sessionsIn(after, segment)] as const;
  const figure = (
    name: UserFigure['name'],
    isGoodWhenHigh: boolean,
    valueOf: (session: SessionRow) => number | null,
  ): UserFigure => {
    const [a, b] = periods.map((sessions) => levelOf(sessions.map(valueOf))) as [Level, Level];
    const isKnown = a.mean !== null && b.mean !== null && Math.min(a.n, b.n) >= LEAST_SESSIONS;
    const change = isKnown ? { change: b.mean - a.mean, standardError: Math.hypot(a.error, b.error) } : null;
    const isMoved = change !== null && Math.abs(change.change) > BEYOND_DOUBT * change.standardError;
    const isUp = change !== null && change.change > 0;
    return {
      name,
      before: a.mean,
      after: b.mean,
      sessionsBefore: a.n,
      sessionsAfter: b.n,
      change,
      moved: !isMoved ? 'no' : isUp === isGoodWhenHigh ? 'better' : 'worse',
    };
  };
  return FIGURES.map(({ name, isGoodWhenHigh, valueOf }) => figure(name, isGoodWhenHigh, valueOf));
}

/** The part of the sessions in which users fare worse. */
export interface UserScope {
  /** As metrics name segments. */
  readonly label: string;
  readonly inside: Effect;
  readonly outside: Effect;
}

/**
 * The segment in which the first figure that got worse did so most, against all other sessions; null when none did, or no
 * segment stands out. The measure is that of `findScope`: a chi-square with one degree, more wanted of a cross.
 */
export function userScope(
  before: readonly SessionRow[],
  after: readonly SessionRow[],
  segment: string,
  figures: readonly UserFigure[],
): UserScope | null {
  const worse = figures.find(({ moved }) => moved === 'worse');
  const kind = FIGURES.find(({ name }) => name === worse?.name);
  if (worse?.change === undefined || worse.change === null || kind === undefined) return null;
  const sign = Math.sign(worse.change.change);
  const [a, b] = [sessionsIn(before, segment), sessionsIn(after, segment)];
  const changeIn = (isIn: (session: SessionRow) => boolean): Effect | null => {
    const [x, y] = [a, b].map((sessions) => levelOf(sessions.filter(isIn).map(kind.valueOf))) as [Level, Level];
    if (x.mean === null || y.mean === null || Math.min(x.n, y.n) < LEAST_SESSIONS) return null;
    return { change: y.mean - x.mean, standardError: Math.hypot(x.error, y.error) };
  };
  let best: UserScope | null = null;
  let bestValue = LEAST_GAIN;
  for (const label of new Set(b.flatMap(({ segments }) => segments))) {
    const inside = changeIn(({ segments }) => segments.includes(label));
    const outside = changeIn(({ segments }) => !segments.includes(label));
    if (inside === null || outside === null) continue;
    const apart = lessOf(inside, outside);
    const dimensions = label.slice(0, label.indexOf('=')).split('+').length;
    const value = (apart.change / apart.standardError) ** 2 - (dimensions - 1) * SECOND_DIMENSION;
    if (sign * apart.change <= 0 || value <= bestValue) continue;
    bestValue = value;
    best = { label, inside, outside };
  }
  return best;
}

export function sessionsIn(sessions: readonly SessionRow[], segment: string): readonly SessionRow[] {
  return segment === 'all' ? sessions : sessions.filter(({ segments }) => segments.includes(segment));
}

interface Level {
  readonly mean: number | null;
  readonly error: number;
  readonly n: number;
}

function levelOf(all: readonly (number | null)[]): Level {
  const values = all.filter((value) => value !== null);
  const n = values.length;
  if (n === 0) return { mean: null, error: 0, n };
  const mean = sum(values) / n;
  const variance = n < 2 ? 0 : sum(values.map((value) => (value - mean) ** 2)) / (n - 1);
  return { mean, error: Math.sqrt(Math.max(variance, 0.25 / (n + 1)) / n), n };
}
