import type { SessionRow } from '../store/port';
import { sum } from '../stats/moments';
import type { Effect } from './cause';

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

const BEYOND_DOUBT = 3;
const LEAST_SESSIONS = 20;

/** How users fared before and after, in the sessions that belong to a segment. */
export function userFigures(
  before: readonly SessionRow[],
  after: readonly SessionRow[],
  segment: string,
): readonly UserFigure[] {
  const isOurs = ({ segments }: SessionRow): boolean => segment === 'all' || segments.includes(segment);
  const periods = [before.filter(isOurs), after.filter(isOurs)] as const;
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
  return [
    figure('abandonment', false, ({ ending }) => (ending === 'open' ? null : ending === 'abandoned' ? 1 : 0)),
    figure('handoff', false, ({ ending }) => (ending === 'open' ? null : ending === 'handed_off' ? 1 : 0)),
    figure('recovery', true, ({ badTurns, recovered }) => (badTurns === 0 ? null : recovered / badTurns)),
    figure('satisfaction', true, ({ turns, satisfaction }) => (turns < 2 ? null : satisfaction)),
  ];
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
