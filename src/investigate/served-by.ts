import { sum } from '../stats/moments';
import { dimensionOf, type TrafficCell } from '../store/traffic-cell';
import type { Effect } from './effect';
import { type CellStats, declaredKey, errorOf, groupBy, type Level, levelOf, type Period } from './cells';

/** What a newcomer among releases, models or routes did to the mean. */
export interface Newcomer {
  readonly dimension: 'release' | 'model' | 'route' | 'provider';
  readonly value: string;
  readonly shareBefore: number;
  readonly shareAfter: number;
  /** Its part of the change of the mean. */
  readonly effect: Effect;
  /** Its mean less that of the same slices before. */
  readonly contrast: Effect;
  /** What the others did meanwhile in the same slices; null where there are too few. */
  readonly others: Effect | null;
}

/** More of the traffic than this must have come to it, and this times as much as before. */
const LEAST_MORE = 0.05;
const TIMES_MORE = 2;
const LEAST_UNITS = 15;

/**
 * Values of what serves the traffic that came or grew: each compared, inside every declared slice, with the mean of that
 * slice before. effect = sum over slices of w (s1 - s0) (m1 - m0); largest fall first.
 */
export function newcomersOf(before: Period, after: Period): Newcomer[] {
  return (['route', 'release', 'model', 'provider'] as const).flatMap((dimension) => {
    const values = new Set(after.stats.map(({ cell }) => dimensionOf(cell, dimension)));
    return [...values].flatMap((value) => {
      if (value === null) return [];
      const found = newcomer(dimension, value, before, after);
      return found === null ? [] : [found];
    });
  });
}

function newcomer(dimension: Newcomer['dimension'], value: string, before: Period, after: Period): Newcomer | null {
  const serves = (cell: TrafficCell): boolean => dimensionOf(cell, dimension) === value;
  const [shareBefore, shareAfter] = [shareOf(before, serves), shareOf(after, serves)];
  if (shareAfter - shareBefore < LEAST_MORE || shareAfter < TIMES_MORE * shareBefore) return null;
  const [old, now] = [groupBy(before.stats, declaredKey), groupBy(after.stats, declaredKey)];
  const units = sum(after.stats.map(({ n }) => n));
  let [change, variance] = [0, 0];
  const own = createContrast();
  const others = createContrast();
  for (const [key, stats] of now) {
    const mine = levelOf(stats.filter(({ cell }) => serves(cell)));
    // What it replaced: the same slice before, without what it served then.
    const was = levelOf((old.get(key) ?? []).filter(({ cell }) => !serves(cell))) ?? levelOf(old.get(key) ?? []);
    if (mine === null || was === null) continue;
    const all = sum(stats.map(({ n }) => n));
    const share = mine.n / all - shareIn(old.get(key) ?? [], serves);
    const weight = (all / units) * share;
    const error = Math.hypot(errorOf(mine), errorOf(was));
    change += weight * (mine.mean - was.mean);
    variance += (weight * error) ** 2;
    own.add(mine, was);
    const rest = levelOf(stats.filter(({ cell }) => !serves(cell)));
    if (rest !== null) others.add(rest, was);
  }
  const contrast = own.effect();
  if (contrast === null) return null;
  const effect = { change, standardError: Math.sqrt(variance) };
  return { dimension, value, shareBefore, shareAfter, effect, contrast, others: others.effect() };
}

/** Mean difference over slices, each weighted by its units. */
function createContrast(): { add(now: Level, was: Level): void; effect(): Effect | null } {
  let [total, variance, units] = [0, 0, 0];
  return {
    add(now, was) {
      total += now.n * (now.mean - was.mean);
      variance += (now.n * Math.hypot(errorOf(now), errorOf(was))) ** 2;
      units += now.n;
    },
    effect: () => (units < LEAST_UNITS ? null : { change: total / units, standardError: Math.sqrt(variance) / units }),
  };
}

function shareOf({ traffic, stats }: Period, serves: (cell: TrafficCell) => boolean): number {
  const all = sum(traffic.map(({ population }) => population));
  if (all === 0) return shareIn(stats, serves);
  return sum(traffic.map(({ cell, population }) => (serves(cell) ? population : 0))) / all;
}

function shareIn(stats: readonly CellStats[], serves: (cell: TrafficCell) => boolean): number {
  const all = sum(stats.map(({ n }) => n));
  return all === 0 ? 0 : sum(stats.map(({ cell, n }) => (serves(cell) ? n : 0))) / all;
}
