import type { CellTraffic, JudgingVersion, WindowValue } from '../store/port-window';
import type { TrafficCell } from '../store/traffic-cell';

/** Sums over the units of one finest slice: independent values of one cell under one judging version. */
export interface CellStats {
  readonly cell: TrafficCell;
  /** Null where nothing is known of what judged, or nothing did. */
  readonly version: JudgingVersion | null;
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** A period as the decomposition needs it. */
export interface Period {
  readonly stats: readonly CellStats[];
  /** All traffic, measured or not, by cell: what the shares are taken from. */
  readonly traffic: readonly CellPopulation[];
}

/** How many units there are in a cell, whether measured or not. */
export interface CellPopulation {
  readonly cell: TrafficCell;
  readonly population: number;
}

/**
 * Values as sums by cell and version. The turns of a conversation are one unit, their mean, since they are not
 * independent; it is filed under its first turn's cell.
 */
export function statsOfValues(values: readonly WindowValue[]): CellStats[] {
  const units = new Map<string, { first: WindowValue; n: number; sum: number }>();
  for (const value of values) {
    const key = `${value.conversation}\u0000${value.panel}`;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, { first: value, n: 1, sum: value.value });
    else {
      unit.n += 1;
      unit.sum += value.value;
    }
  }
  const stats = new Map<TrafficCell, Map<JudgingVersion | null, { n: number; sum: number; squares: number }>>();
  for (const { first, n, sum } of units.values()) {
    let versions = stats.get(first.cell);
    if (versions === undefined) {
      versions = new Map<JudgingVersion | null, { n: number; sum: number; squares: number }>();
      stats.set(first.cell, versions);
    }
    let own = versions.get(first.version);
    if (own === undefined) versions.set(first.version, (own = { n: 0, sum: 0, squares: 0 }));
    const x = sum / n;
    own.n += 1;
    own.sum += x;
    own.squares += x * x;
  }
  return [...stats].flatMap(([cell, versions]) => [...versions].map(([version, own]) => ({ cell, version, ...own })));
}

/** Passes of one check as sums by cell: every interaction is a unit. */
export function statsOfCheck(traffic: readonly CellTraffic[], check: string): CellStats[] {
  return traffic.map(({ cell, interactions, failedChecks }) => {
    const passed = interactions - (failedChecks[check] ?? 0);
    return { cell, version: null, n: interactions, sum: passed, squares: passed };
  });
}

/** Mean and variance of a group of sums; null without units. */
export interface Level {
  readonly n: number;
  readonly mean: number;
  /** Of one unit; 0 below two units. */
  readonly variance: number;
}

export function levelOf(stats: readonly Pick<CellStats, 'n' | 'sum' | 'squares'>[]): Level | null {
  let [n, sum, squares] = [0, 0, 0];
  for (const one of stats) {
    n += one.n;
    sum += one.sum;
    squares += one.squares;
  }
  if (n === 0) return null;
  const variance = n < 2 ? 0 : Math.max(0, (squares - (sum * sum) / n) / (n - 1));
  return { n, mean: sum / n, variance };
}

/** Standard error of the mean, never quite 0: a group that agrees is not certain. */
export function errorOf({ n, variance }: Level): number {
  return Math.sqrt(Math.max(variance, 0.25 / (n + 1)) / n);
}

/** The sums by a key of their cell; those without one are left out. */
export function groupBy<T extends { readonly cell: TrafficCell }>(
  all: readonly T[],
  keyOf: (cell: TrafficCell) => string | null,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one.cell);
    if (key === null) continue;
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [one]);
    else own.push(one);
  }
  return groups;
}

/** What the traffic is, as opposed to what serves it: the declared segments. */
export function declaredKey({ segments }: TrafficCell): string {
  return JSON.stringify(segments);
}
