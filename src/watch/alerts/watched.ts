import type { SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import { coarsenBaseline } from '../../detectors/coarse-baseline';
import { freezeBaseline, type LearnedBaseline } from '../../detectors/learned-baseline';
import { createRandom } from '../../stats/seeded-random';
import type { AlertParams, SeededBaseline } from '../options-alerts';
import { type ChangeWindow, createChangeWindow, stepChangeWindow } from './change-window';
import { severityOf } from './kinds';
import type { WatchedSeries } from './state';
import { type Baseline, createTier, levelOf, stepTier, type TierSetup } from './tier';

export interface SeriesSetup {
  readonly id: SeriesId;
  readonly range: readonly [lower: number, upper: number];
  /** A known level; null = it is learned. */
  readonly target: number | null;
  readonly seeded: SeededBaseline | null;
}

const DAY_MS = 86_400_000;
/** A longer silence counts as this much: it can only make a detector slower, and a wrong clock costs no false alarm. */
const MOST_DAYS = 1;
/** Days between two values while nothing is known of the pace; short, so that the cells of a baseline reach far. */
const UNKNOWN_PACE_DAYS = 1e-4;
/** Cells of a learned baseline that are joined: a quarter of the work for about 3 % of delay. */
const COARSE = 4;
/** Most values of a seeded baseline that are used; freezing costs time in proportion. */
const MOST_SEEDED = 2_000;

export function createWatched({ id, range, target, seeded }: SeriesSetup, params: AlertParams): WatchedSeries {
  const series: WatchedSeries = {
    id,
    range,
    n: 0,
    firstAt: null,
    lastAt: null,
    lastClock: null,
    reference: [],
    baseline: null,
    page: null,
    ticket: null,
    window: null,
    open: null,
    resolvedAt: null,
  };
  if (target !== null) arm(series, { source: 'target', target }, params);
  else if (seeded !== null) {
    const learned = freeze(spread(seeded), range, params, UNKNOWN_PACE_DAYS);
    arm(series, { source: 'seeded', learned }, params);
  }
  return series;
}

/**
 * Takes in one value, in place. `at` is its event time; earlier than the last counts as the same moment. False for a
 * value outside the range, for which nothing is guaranteed.
 */
export function observe(
  series: WatchedSeries,
  x: number,
  at: EpochMs,
  clock: EpochMs | null,
  params: AlertParams,
): boolean {
  if (!(x >= series.range[0] - 1e-9 && x <= series.range[1] + 1e-9)) return false;
  const since = series.lastAt === null ? 0 : Math.max(0, at - series.lastAt);
  const days = Math.min(MOST_DAYS, since / DAY_MS);
  series.n += 1;
  series.firstAt ??= at;
  series.lastAt = Math.max(at, series.lastAt ?? at);
  series.lastClock = clock;
  if (series.reference !== null) {
    series.reference.push(x);
    if (series.reference.length < params.detectors.reference) return true;
    const learned = freeze(series.reference, series.range, params, paceOf(series) ?? UNKNOWN_PACE_DAYS);
    arm(series, { source: 'learned', learned }, params);
    return true;
  }
  if (series.page !== null) stepTier(series.page, x, days);
  if (series.ticket !== null) stepTier(series.ticket, x, days);
  if (series.window !== null) stepChangeWindow(series.window, x, series.lastAt);
  return true;
}

/** Days between two values on average; null before two distinct times. */
export function paceOf({ n, firstAt, lastAt }: WatchedSeries): number | null {
  if (n < 2 || firstAt === null || lastAt === null || lastAt <= firstAt) return null;
  return (lastAt - firstAt) / DAY_MS / (n - 1);
}

function arm(series: WatchedSeries, baseline: Baseline, params: AlertParams): void {
  series.reference = null;
  series.baseline = baseline;
  const setups = tierSetups(series, baseline, params);
  series.page = setups.page === null ? null : createTier(setups.page);
  series.ticket = createTier(setups.ticket);
  series.window = freshWindow(baseline);
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
  const setup = ({ days, tolerance }: { days: number; tolerance: number }): TierSetup => ({
    baseline,
    upperBound: range[1],
    tolerance: baseline.source === 'target' ? 0 : tolerance,
    threshold: days * detectors.maxSeries,
  });
  return {
    page: severityOf(id.kind, alerts) === 'page' ? setup(detectors.page) : null,
    ticket: setup(detectors.ticket),
  };
}

function freeze(
  reference: readonly number[],
  range: readonly [number, number],
  { detectors }: AlertParams,
  pace: number,
): LearnedBaseline {
  const days = Math.max(detectors.page.days, detectors.ticket.days) * detectors.maxSeries;
  return coarsenBaseline(freezeBaseline(reference, { threshold: days / pace, range }), COARSE);
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
