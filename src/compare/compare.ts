import type { EpochMs } from '../domain/time';
import type { Interval } from '../stats/interval';
import { welchTest } from '../stats/mean-intervals';
import { mean } from '../stats/moments';
import { bootstrapMeanInterval, exactSignFlipP, sampledSignFlipP } from '../stats/paired-drift';
import { createRandom, resampleIndices } from '../stats/seeded-random';
import { blockDifferences, differenceInterval, logSampleRatioE } from '../stats/two-arms';
import { type Observation, type Observations, type Pair, SIGNALS } from './observations';

export interface CompareOptions {
  /** A fall by less than this is no fall, in [0, 1]; 0.05 = five points. */
  readonly maxDrop: number;
  /** Probability of a wrong decision, over all gated series and all looks together. */
  readonly alpha: number;
  /** Largest size of a difference of two scores, at least 1: more than 1 for pseudo-outcomes. */
  readonly widestScore: number;
  /** Series that decide: criteria (all their panels) and signals; null = all criteria and `not_abandoned`. */
  readonly on: readonly string[] | null;
  /** Share of sessions that the first arm should have, in (0, 1); null = not told, so not checked. */
  readonly expectedShare: number | null;
  /** Only what opened so soon after the later arm began, ms; null = all. */
  readonly withinMs: number | null;
  /** True where all is known that will ever be, e.g. two replays: then the bootstrap decides on pairs. */
  readonly isFixed: boolean;
  readonly seed: number;
}

export type Decision = 'no_worse' | 'worse' | 'undecided';

export interface Comparison {
  readonly verdict: Decision;
  readonly reason: string;
  readonly design: 'separate' | 'paired';
  /** The time in which both arms were served. */
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  /** Sessions, or pairs of both. */
  readonly sessions: { readonly first: number; readonly second: number };
  /** Sessions that saw both arms without the same inputs: in neither. */
  readonly crossed: number;
  readonly sampleRatio: { readonly expected: number; readonly seen: number; readonly isBroken: boolean } | null;
  readonly series: readonly SeriesComparison[];
  /** Series that only one arm has, as with judges that may judge only one of the models. */
  readonly notCompared: readonly string[];
}

export interface SeriesComparison {
  readonly series: string;
  readonly isGated: boolean;
  readonly n: { readonly first: number; readonly second: number };
  /** Null in a paired design. */
  readonly mean: { readonly first: number; readonly second: number } | null;
  /** First - second: below 0 the first is worse. */
  readonly difference: number;
  /** May be looked at any number of times. */
  readonly interval: Interval;
  /** Narrower, for one look at the end: Welch, or the bootstrap of pairs; null where there are too few. */
  readonly fixedInterval: Interval | null;
  /** Paired design only: sign-flip permutation, two-sided. */
  readonly permutationP: number | null;
  readonly decision: Decision;
}

const BROKEN_RATIO = Math.log(1000);
const RESAMPLES = 2000;
const SIGN_FLIPS = 9999;
const EXACT_PAIRS = 24;
/** Below so many values of an arm an approximate interval says nothing. */
const FEWEST = 10;

/**
 * The first arm against the second. Pure; the same sessions give the same answer. `worse`: the first has fallen by more
 * than `maxDrop` on a gated series; `no_worse`: on none of them can it have; the chance that it is ever one of the two
 * wrongly is `alpha`, however often one asks.
 */
export function compareArms(observations: Observations, options: CompareOptions): Comparison {
  return observations.pairs.length > observations.separate.length
    ? comparePairs(observations, options)
    : compareSeparate(observations, options);
}

function compareSeparate({ separate, pairs, crossed }: Observations, options: CompareOptions): Comparison {
  const inPeriod = inCommonPeriod(separate, options.withinMs);
  const [first, second] = [inPeriod.filter(({ isFirst }) => isFirst), inPeriod.filter(({ isFirst }) => !isFirst)];
  const both = namesIn(first).filter((name) => new Set(namesIn(second)).has(name));
  const alpha = perSeries(both, options);
  const series = both.map((name): SeriesComparison => {
    const values = inPeriod.flatMap(({ isFirst, values: of }) => {
      const value = of.get(name);
      return value === undefined ? [] : [{ isFirst, value }];
    });
    const a = values.filter(({ isFirst }) => isFirst).map(({ value }) => value);
    const b = values.filter(({ isFirst }) => !isFirst).map(({ value }) => value);
    const isGated = isGatedBy(name, options.on);
    const interval = differenceInterval(
      blockDifferences(values),
      isGated ? alpha : options.alpha,
      widestOf(name, options),
    );
    const means = { first: mean(a) ?? 0, second: mean(b) ?? 0 };
    const enough = a.length >= FEWEST && b.length >= FEWEST;
    return {
      series: name,
      isGated,
      n: { first: a.length, second: b.length },
      mean: means,
      difference: means.first - means.second,
      interval,
      fixedInterval: enough ? (welchTest(a, b)?.interval ?? null) : null,
      permutationP: null,
      decision: decide(interval, options.maxDrop),
    };
  });
  const share = options.expectedShare;
  const isBroken = share !== null && logSampleRatioE(first.length, second.length, share) >= BROKEN_RATIO;
  const seen = first.length / Math.max(1, inPeriod.length);
  const shared = {
    design: 'separate' as const,
    ...periodOf(inPeriod),
    sessions: { first: first.length, second: second.length },
    crossed: crossed + pairs.length,
    sampleRatio: share === null ? null : { expected: share, seen, isBroken },
    series,
    notCompared: onlyOnce(namesIn(first), namesIn(second)),
  };
  if (!isBroken) return { ...shared, ...verdictOf(series, options) };
  const reason = `the arms do not have the shares they should (${seen.toFixed(4)} instead of ${share.toFixed(4)}): the assignment is broken, and no difference can be trusted`;
  return { ...shared, verdict: 'undecided', reason };
}

function comparePairs({ pairs, separate, crossed }: Observations, options: CompareOptions): Comparison {
  const start = Math.min(...pairs.map(({ openedAt }) => openedAt));
  const inPeriod = pairs.filter(({ openedAt }) => options.withinMs === null || openedAt - start <= options.withinMs);
  const names = [...new Set(inPeriod.flatMap(({ differences }) => [...differences.keys()]))].sort();
  const alpha = perSeries(names, options);
  const random = createRandom(options.seed);
  const series = names.map((name) => comparePairedSeries(name, inPeriod, alpha, options, random));
  return {
    design: 'paired',
    from: start,
    to: Math.max(...inPeriod.map(({ openedAt }) => openedAt)),
    sessions: { first: inPeriod.length, second: inPeriod.length },
    crossed: crossed + separate.length,
    sampleRatio: null,
    series,
    notCompared: [],
    ...verdictOf(series, options),
  };
}

function comparePairedSeries(
  name: string,
  pairs: readonly Pair[],
  gatedAlpha: number,
  options: CompareOptions,
  random: () => number,
): SeriesComparison {
  const differences = pairs.flatMap(({ differences: of }) => of.get(name) ?? []);
  const isGated = isGatedBy(name, options.on);
  const alpha = isGated ? gatedAlpha : options.alpha;
  const interval = differenceInterval(differences, alpha, widestOf(name, options));
  const resamples = differences.length < FEWEST ? [] : resampleIndices(differences.length, RESAMPLES, random);
  const fixedInterval = bootstrapMeanInterval(differences, resamples, alpha);
  const permutationP =
    differences.length <= EXACT_PAIRS ? exactSignFlipP(differences) : sampledSignFlipP(differences, SIGN_FLIPS, random);
  return {
    series: name,
    isGated,
    n: { first: differences.length, second: differences.length },
    mean: null,
    difference: mean(differences) ?? 0,
    interval,
    fixedInterval,
    permutationP,
    decision: decide(options.isFixed && fixedInterval !== null ? fixedInterval : interval, options.maxDrop),
  };
}

function decide([lower, upper]: Interval, maxDrop: number): Decision {
  if (lower >= -maxDrop) return 'no_worse';
  return upper < -maxDrop ? 'worse' : 'undecided';
}

function verdictOf(
  series: readonly SeriesComparison[],
  { maxDrop }: CompareOptions,
): Pick<Comparison, 'verdict' | 'reason'> {
  const gated = series.filter(({ isGated }) => isGated);
  const worse = gated.filter(({ decision }) => decision === 'worse');
  const open = gated.filter(({ decision }) => decision === 'undecided');
  const names = (of: readonly SeriesComparison[]): string => of.map((one) => one.series).join(', ');
  if (worse.length > 0) return { verdict: 'worse', reason: `fell by more than ${maxDrop}: ${names(worse)}` };
  if (gated.length === 0) return { verdict: 'undecided', reason: 'no series that decides has values of both arms' };
  if (open.length > 0)
    return { verdict: 'undecided', reason: `a fall by ${maxDrop} is still possible: ${names(open)}` };
  return { verdict: 'no_worse', reason: `no fall by ${maxDrop} is possible any more: ${names(gated)}` };
}

/** Both arms in the same period: it begins with the later one, as what was before has nothing to be compared with. */
function inCommonPeriod(all: readonly Observation[], withinMs: number | null): readonly Observation[] {
  const first = earliest(all.filter(({ isFirst }) => isFirst));
  const second = earliest(all.filter(({ isFirst }) => !isFirst));
  const start = Math.max(first, second);
  return all.filter(({ openedAt }) => openedAt >= start && (withinMs === null || openedAt - start <= withinMs));
}

function earliest(of: readonly Observation[]): EpochMs {
  return of.reduce((least, { openedAt }) => Math.min(least, openedAt), Infinity);
}

function periodOf(of: readonly Observation[]): { from: EpochMs | null; to: EpochMs | null } {
  if (of.length === 0) return { from: null, to: null };
  return { from: earliest(of), to: of.reduce((most, { closedAt }) => Math.max(most, closedAt), -Infinity) };
}

function namesIn(of: readonly Observation[]): string[] {
  return [...new Set(of.flatMap(({ values }) => [...values.keys()]))].sort();
}

function onlyOnce(first: readonly string[], second: readonly string[]): string[] {
  return [...first.filter((name) => !second.includes(name)), ...second.filter((name) => !first.includes(name))];
}

function isSignal(name: string): boolean {
  return (SIGNALS as readonly string[]).includes(name);
}

/** Named with or without its panel. */
function isGatedBy(name: string, on: readonly string[] | null): boolean {
  if (on === null) return name === 'not_abandoned' || !isSignal(name);
  return on.includes(name) || (!isSignal(name) && on.some((one) => name.startsWith(`${one} by `)));
}

/** Bonferroni over what decides. */
function perSeries(names: readonly string[], { alpha, on }: CompareOptions): number {
  return alpha / Math.max(1, names.filter((name) => isGatedBy(name, on)).length);
}

function widestOf(name: string, { widestScore }: CompareOptions): number {
  return isSignal(name) ? 1 : widestScore;
}
