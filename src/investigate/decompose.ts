import { attributeMixShift } from '../stats/mix-shift';
import { sum } from '../stats/moments';
import type { Effect } from './effect';
import { declaredKey, errorOf, groupBy, type Level, levelOf, type Period } from './cells';

/** A change of a mean split without remainder: observed = sampling + mix + within. */
export interface Decomposition {
  readonly before: Level;
  readonly after: Level;
  /** Of the units that were measured, as they came. */
  readonly observed: Effect;
  /** What a change of which traffic is measured did. */
  readonly sampling: Effect;
  /** What a change of which traffic there is did. */
  readonly mix: Effect;
  /** What changed inside the slices. */
  readonly within: Effect;
  readonly slices: readonly Slice[];
}

/** A declared slice of the traffic, e.g. product support in German. */
export interface Slice {
  readonly key: string;
  readonly segments: Readonly<Record<string, string>>;
  readonly shareBefore: number;
  readonly shareAfter: number;
  readonly before: Level | null;
  readonly after: Level | null;
  /** Its part of `within` and of `mix`. */
  readonly within: Effect;
  readonly mix: Effect;
}

/** Slices with fewer units in a period say nothing by themselves. */
const LEAST_UNITS = 30;
const POOLED = '__other__';

/** Null when one of the periods has no unit. Sources: those of `attributeMixShift`; multinomial variance for shares. */
export function decompose(before: Period, after: Period): Decomposition | null {
  const whole0 = levelOf(before.stats);
  const whole1 = levelOf(after.stats);
  if (whole0 === null || whole1 === null) return null;
  const slices = slicesOf(before, after);
  const judged = [0, 1].map((period) => {
    const counts = slices.map(({ levels }) => levels[period]?.n ?? 0);
    const total = sum(counts);
    return counts.map((count) => count / total);
  }) as [number[], number[]];
  const population = [0, 1].map((period) => {
    const counts = slices.map(({ populations }) => populations[period as 0 | 1]);
    const total = sum(counts);
    return total === 0 ? judged[period as 0 | 1] : counts.map((count) => count / total);
  }) as [number[], number[]];
  const means = slices.map(({ levels }) => levels.map((level) => level?.mean ?? null));
  const split = attributeMixShift(
    { weights: population[0], means: means.map(([m]) => [m ?? null]) },
    { weights: population[1], means: means.map(([, m]) => [m ?? null]) },
    [1],
  );
  const observed = {
    change: whole1.mean - whole0.mean,
    standardError: Math.hypot(errorOf(whole0), errorOf(whole1)),
  };
  const pieces = slices.map((slice, i) => {
    const [w0, w1] = [population[0][i]!, population[1][i]!];
    const [a, b] = slice.levels;
    const error = a === null || b === null ? 0 : Math.hypot(errorOf(a), errorOf(b));
    return {
      key: slice.key,
      segments: slice.segments,
      shareBefore: w0,
      shareAfter: w1,
      before: a,
      after: b,
      within: { change: split.withinBySegment[i]!, standardError: ((w0 + w1) / 2) * error },
      mix: { change: split.mixBySegment[i]!, standardError: 0 },
    };
  });
  const levels = slices.map(({ levels: [a, b] }) => ((a ?? b)!.mean + (b ?? a)!.mean) / 2);
  const totals = [0, 1].map((period) => sum(slices.map(({ populations }) => populations[period as 0 | 1])));
  const mixError = Math.sqrt(
    multinomial(population[0], levels, totals[0]!) + multinomial(population[1], levels, totals[1]!),
  );
  return {
    before: whole0,
    after: whole1,
    observed,
    sampling: {
      change: observed.change - split.delta,
      standardError: Math.sqrt(
        multinomial(judged[0], levels, whole0.n) + multinomial(judged[1], levels, whole1.n) + mixError ** 2,
      ),
    },
    mix: { change: split.mixTotal, standardError: mixError },
    within: {
      change: split.withinTotal,
      standardError: Math.sqrt(sum(pieces.map(({ within }) => within.standardError ** 2))),
    },
    slices: pieces,
  };
}

interface RawSlice {
  readonly key: string;
  readonly segments: Readonly<Record<string, string>>;
  readonly levels: readonly [Level | null, Level | null];
  readonly populations: readonly [number, number];
}

/** Declared slices with enough units in both periods; the rest is one slice of its own. */
function slicesOf(before: Period, after: Period): RawSlice[] {
  const stats = [groupBy(before.stats, declaredKey), groupBy(after.stats, declaredKey)] as const;
  const traffic = [groupBy(before.traffic, declaredKey), groupBy(after.traffic, declaredKey)] as const;
  const keys = [...new Set([...stats[0].keys(), ...stats[1].keys()])];
  const units = (period: 0 | 1, key: string): number => sum((stats[period].get(key) ?? []).map(({ n }) => n));
  const isLarge = (key: string): boolean => {
    const [a, b] = [units(0, key), units(1, key)];
    // New and vanished slices are kept apart: all of what they do is mix.
    return Math.min(a, b) >= LEAST_UNITS || (Math.min(a, b) === 0 && Math.max(a, b) >= LEAST_UNITS);
  };
  const large = keys.filter(isLarge);
  const rest = keys.filter((key) => !isLarge(key));
  const toSlice = (key: string, members: readonly string[]): RawSlice => {
    const of = <T>(group: ReadonlyMap<string, T[]>): T[] => members.flatMap((member) => group.get(member) ?? []);
    return {
      key,
      segments: key === POOLED ? {} : (JSON.parse(key) as Record<string, string>),
      levels: [levelOf(of(stats[0])), levelOf(of(stats[1]))],
      populations: [
        sum(of(traffic[0]).map(({ population }) => population)),
        sum(of(traffic[1]).map(({ population }) => population)),
      ],
    };
  };
  return [...large.map((key) => toSlice(key, [key])), ...(rest.length === 0 ? [] : [toSlice(POOLED, rest)])];
}

/** Variance of shares times levels: (k' diag(w) k - (w k)^2) / N. */
function multinomial(shares: readonly number[], levels: readonly number[], n: number): number {
  if (n === 0) return 0;
  const mean = sum(shares.map((share, i) => share * levels[i]!));
  const square = sum(shares.map((share, i) => share * levels[i]! ** 2));
  return Math.max(0, square - mean * mean) / n;
}
