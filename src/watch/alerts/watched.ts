import type { SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import { startGrowing } from '../../detectors/growing-baseline';
import { lowerBoundBaseline } from '../../detectors/lower-bound-baseline';
import { createRandom } from '../../stats/seeded-random';
import type { AlertParams, SeededBaseline } from '../options-alerts';
import { type ChangeWindow, createChangeWindow } from './change-window';
import { addHistory } from './history';
import { leastTolerance, severityOf } from './kinds';
import { addReference, createReference, daySpread } from './reference';
import type { WatchedSeries } from './state';
import { addPending, bringUpToDate } from './pending';
import { type Baseline, createTier, levelOf, restartTier, stepTarget, type Tier, type TierSetup } from './tier';

export interface SeriesSetup {
  readonly id: SeriesId;
  readonly range: readonly [lower: number, upper: number];
  /** A known level; null = it is learned. */
  readonly target: number | null;
  /** A level that the mean should not fall below, beside what is learned; null = none. */
  readonly objective: number | null;
  readonly seeded: SeededBaseline | null;
  /** Another series whose level stands in for its own; for good when `isLasting`, else while it learns. */
  readonly borrowed: { readonly from: WatchedSeries; readonly isLasting: boolean } | null;
  readonly hasHistory: boolean;
}

const DAY_MS = 86_400_000;
/** A longer silence counts as this much: it can only make a detector slower, and a wrong clock costs no false alarm. */
const MOST_DAYS = 1;
/** Days between two values while nothing is known of the pace; short, so that the cells of a baseline reach far. */
const UNKNOWN_PACE_DAYS = 1e-4;
/** Most values of a seeded baseline that are used; laying cells costs time in proportion. */
const MOST_SEEDED = 4_000;

export function createWatched(setup: SeriesSetup, params: AlertParams): WatchedSeries {
  const { target, objective, seeded, borrowed } = setup;
  const series = bareSeries(setup, false);
  if (objective !== null) series.objective = createTier(objectiveSetup(series, objective, params));
  if (target !== null) armTarget(series, target, params);
  else if (seeded !== null) learnFrom(series, spread(seeded), 'seeded', 0, params);
  else if (borrowed !== null) borrow(series, borrowed.from, borrowed.isLasting, params);
  return series;
}

/**
 * A series of the light tier, about a kilobyte: held from its first value on to its objective, else to the level that its
 * seeded baseline lies above for certain enough, less the tolerance of pages. Null where it has neither.
 */
export function createLight(
  setup: Pick<SeriesSetup, 'id' | 'range' | 'objective' | 'seeded'>,
  params: AlertParams,
): WatchedSeries | null {
  const target = setup.objective ?? (setup.seeded === null ? null : leastLevelOf(setup.seeded, params));
  if (target === null) return null;
  const series = bareSeries({ ...setup, hasHistory: false }, true);
  series.reference = null;
  series.baseline = { source: 'target', target };
  series.objective = createTier(objectiveSetup(series, target, params));
  return series;
}

function leastLevelOf(seeded: SeededBaseline, { detectors }: AlertParams): number {
  return Math.max(0, lowerBoundBaseline(spread(seeded)) - detectors.page.tolerance);
}

function bareSeries(
  { id, range, hasHistory }: Pick<SeriesSetup, 'id' | 'range' | 'hasHistory'>,
  isLight: boolean,
): WatchedSeries {
  return {
    id,
    isLight,
    bounds: range,
    range,
    correction: 0,
    n: 0,
    firstAt: null,
    lastAt: -Infinity,
    lastClock: -Infinity,
    reference: createReference(),
    baseline: null,
    page: null,
    ticket: null,
    objective: null,
    window: null,
    pending: null,
    history: hasHistory ? [] : null,
    learnedAt: null,
    open: null,
    heldSince: null,
    resolvedAt: null,
  };
}

/**
 * Takes in one value, in place. `at` is its event time; earlier than the last counts as the same moment. False for a
 * value outside the range, for which nothing is guaranteed.
 */
export function observe(
  series: WatchedSeries,
  value: number,
  at: EpochMs,
  clock: EpochMs | null,
  params: AlertParams,
): boolean {
  const x = value - series.correction;
  if (!(x >= series.range[0] - 1e-9 && x <= series.range[1] + 1e-9)) return false;
  const since = series.firstAt === null ? 0 : at - series.lastAt;
  const days = since <= 0 ? 0 : Math.min(MOST_DAYS, since / DAY_MS);
  series.n += 1;
  series.firstAt ??= at;
  // As if the silence had been no longer, so that neither it nor one record of another year makes days that were watched.
  if (since > MOST_DAYS * DAY_MS) series.firstAt += since - MOST_DAYS * DAY_MS;
  if (at > series.lastAt) series.lastAt = at;
  if (clock !== null) series.lastClock = clock;
  if (series.ticket !== null) addPending(series, series.ticket, x, days, at);
  else if (series.history !== null) addHistory(series.history, x, at);
  if (series.objective !== null) stepTarget(series.objective, x, days);
  if (series.reference !== null) learn(series, x, series.lastAt, params);
  return true;
}

function learn(series: WatchedSeries, x: number, at: EpochMs, params: AlertParams): void {
  const { reference, firstAt } = series;
  if (reference === null || firstAt === null) return;
  addReference(reference, x, at);
  const { detectors } = params;
  const isLabel = LABEL_KINDS.has(series.id.kind);
  if (reference.seen < (isLabel ? detectors.referenceLabels : detectors.reference)) return;
  if (!isLabel && at - firstAt < detectors.referenceDays * DAY_MS) return;
  learnFrom(series, reference.values, 'learned', daySpread(reference), params);
}

/** Kinds fed by people, of whom there are few. */
const LABEL_KINDS: ReadonlySet<SeriesId['kind']> = new Set<SeriesId['kind']>(['judge_human_disagreement']);

/**
 * Forgets what was learned, as when a person accepts a new level or has it learned anew. The light tier learns nothing; its
 * evidence is forgotten.
 */
export function relearn(series: WatchedSeries): void {
  if (series.isLight) {
    if (series.objective !== null) restartTier(series.objective);
    series.heldSince = null;
    return;
  }
  bringUpToDate(series);
  series.reference = createReference();
  series.baseline = null;
  series.page = null;
  series.ticket = null;
  series.window = null;
  series.heldSince = null;
  series.n = 0;
  series.firstAt = null;
}

/** Days between two values on average; null before two distinct times. */
export function paceOf({ n, firstAt, lastAt }: WatchedSeries): number | null {
  if (n < 2 || firstAt === null || lastAt <= firstAt) return null;
  return (lastAt - firstAt) / DAY_MS / (n - 1);
}

function learnFrom(
  series: WatchedSeries,
  values: readonly number[],
  source: 'learned' | 'seeded',
  spreadOfDays: number,
  params: AlertParams,
): void {
  const { detectors } = params;
  const days = Math.max(detectors.page.days, detectors.ticket.days) * detectors.maxSeries;
  const pace = source === 'seeded' ? UNKNOWN_PACE_DAYS : (paceOf(series) ?? UNKNOWN_PACE_DAYS);
  const { baseline, sums } = startGrowing(values, {
    threshold: days / pace,
    range: series.range,
  });
  bringUpToDate(series);
  series.reference = null;
  series.baseline = { source, learned: baseline, size: sums[0]!, daySpread: spreadOfDays };
  // Once: who accepts a level, or has it learned anew, has looked at it.
  if (source === 'learned') series.learnedAt ??= series.lastAt;
  const setups = tierSetups(series, series.baseline, params);
  const ticket = createTier(setups.ticket, { sums });
  series.ticket = ticket;
  series.page = setups.page === null ? null : createTier(setups.page, { leader: ticket });
  series.window = freshWindow(series.baseline);
}

function armTarget(series: WatchedSeries, target: number, params: AlertParams): void {
  series.reference = null;
  series.baseline = { source: 'target', target };
  const setups = tierSetups(series, series.baseline, params);
  series.page = setups.page === null ? null : createTier(setups.page);
  series.ticket = createTier(setups.ticket);
  series.window = freshWindow(series.baseline);
}

/** Nothing is borrowed from a series that has not learned itself. A borrowed level raises tickets only. */
function borrow(series: WatchedSeries, from: WatchedSeries, isLasting: boolean, params: AlertParams): void {
  bringUpToDate(from);
  const { baseline, ticket } = from;
  if (baseline === null || baseline.source === 'target' || ticket === null) return;
  if (isLasting) series.reference = null;
  series.baseline = { ...baseline, source: 'borrowed' };
  series.ticket = createTier(tierSetups(series, series.baseline, params).ticket, { leader: ticket });
  series.window = freshWindow(series.baseline);
}

export function freshWindow(baseline: Baseline): ChangeWindow {
  const { mean, variance } = levelOf(baseline);
  return createChangeWindow(mean, variance);
}

/** Each series has one part in `maxSeries` of either budget: its threshold is the budget's days times that. */
export function tierSetups(
  { id, range }: Pick<WatchedSeries, 'id' | 'range'>,
  baseline: Baseline,
  { detectors, alerts }: AlertParams,
): { readonly page: TierSetup | null; readonly ticket: TierSetup } {
  const spreadOfDays = baseline.source === 'target' ? 0 : baseline.daySpread;
  const setup = ({ days, tolerance }: { days: number; tolerance: number }): TierSetup => ({
    baseline,
    range,
    tolerance: baseline.source === 'target' ? 0 : Math.max(tolerance, leastTolerance(id.kind), spreadOfDays),
    threshold: days * detectors.maxSeries,
  });
  const isPaged = severityOf(id.kind, alerts) === 'page' && baseline.source !== 'borrowed';
  return { page: isPaged ? setup(detectors.page) : null, ticket: setup(detectors.ticket) };
}

/**
 * The light tier's part of the budget of pages. Of the parts of the cap (`PART` in admission.ts) those that page by default
 * come to 0.6, objectives of scores to 0.36, so with this one the parts come to 1.
 */
export const LIGHT_PART = 0.04;

/** An objective has a part of the budget of pages of its own, as large as the series'. */
export function objectiveSetup(
  { range, isLight }: Pick<WatchedSeries, 'range' | 'isLight'>,
  target: number,
  { detectors }: AlertParams,
): TierSetup {
  const threshold = detectors.page.days * (isLight ? detectors.maxLightSeries / LIGHT_PART : detectors.maxSeries);
  return { baseline: { source: 'target', target }, range, tolerance: 0, threshold };
}

/**
 * Values are held against the baseline less `correction` from now on, in place; what the detectors have gathered stays.
 * The possible range grows by as much, so that no bet is larger than it may be.
 */
export function correctSeries(series: WatchedSeries, correction: number, params: AlertParams): void {
  if (series.correction === correction) return;
  bringUpToDate(series);
  const [low, high] = series.bounds;
  series.range = [low - Math.max(0, correction), high + Math.max(0, -correction)];
  series.correction = correction;
  const { baseline, objective } = series;
  if (objective !== null && objective.type === 'target') {
    series.objective = rebuilt(objective, objectiveSetup(series, objective.design.baseline, params));
  }
  if (baseline === null) return;
  const setups = tierSetups(series, baseline, params);
  if (series.ticket !== null) series.ticket = rebuilt(series.ticket, setups.ticket);
  if (series.page !== null && setups.page !== null) series.page = rebuilt(series.page, setups.page);
}

function rebuilt(tier: Tier, setup: TierSetup): Tier {
  const fresh = createTier(setup);
  if (tier.type === 'target' || fresh.type === 'target') return { ...tier, design: fresh.design } as Tier;
  const design = { ...fresh.design, growth: tier.design.growth };
  return { ...tier, design };
}

/** The values of a seeded baseline, shuffled by a fixed seed: bets on the reference go by what came before. */
function spread({ values }: SeededBaseline): number[] {
  const total = values.reduce((sum, pair) => sum + pair[1]!, 0);
  const scale = Math.min(1, MOST_SEEDED / total);
  const all = values.flatMap((pair) => new Array<number>(Math.round(pair[1]! * scale)).fill(pair[0]!));
  const random = createRandom(all.length);
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
