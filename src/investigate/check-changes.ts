import type { CellTraffic } from '../store/port-window';
import { BEYOND_DOUBT, type Effect } from './effect';

/** A check that fails more often than before. */
export interface CheckChange {
  readonly check: string;
  /** Shares of interactions on which it fails. */
  readonly before: number;
  readonly after: number;
  readonly change: Effect;
}

/** Less than a point more is nobody's cause. */
const LEAST_RISE = 0.01;

/** Checks whose share of failures rose beyond doubt, the largest rise first. */
export function checkChanges(before: readonly CellTraffic[], after: readonly CellTraffic[]): CheckChange[] {
  const [m, n] = [total(before), total(after)];
  if (m === 0 || n === 0) return [];
  const names = new Set([...before, ...after].flatMap(({ failedChecks }) => Object.keys(failedChecks)));
  return [...names]
    .map((check) => {
      const [p, q] = [failed(before, check) / m, failed(after, check) / n];
      return {
        check,
        before: p,
        after: q,
        change: { change: q - p, standardError: Math.hypot(errorOf(p, m), errorOf(q, n)) },
      };
    })
    .filter(({ change }) => change.change > BEYOND_DOUBT * change.standardError && change.change >= LEAST_RISE)
    .sort((x, y) => y.change.change - x.change.change);
}

function total(traffic: readonly CellTraffic[]): number {
  return traffic.reduce((n, one) => n + one.interactions, 0);
}

function failed(traffic: readonly CellTraffic[], check: string): number {
  return traffic.reduce((n, { failedChecks }) => n + (failedChecks[check] ?? 0), 0);
}

/** Of a share p among n, never quite 0: a check that never failed may fail yet. */
function errorOf(p: number, n: number): number {
  return Math.sqrt(Math.max(p * (1 - p), 0.25 / (n + 1)) / n);
}
