import type { AlertState, SeriesStanding } from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';
import type { EpochMs } from '../../domain/time';
import { smallestVisibleDrop } from '../../detectors/detection-delay';
import type { AlertParams } from '../options-alerts';
import { momentsIn } from './history';
import { ownerOf, severityOf } from './kinds';
import { toldSeverity } from './mode';
import { bringUpToDate } from './pending';
import type { AlertsState, WatchedSeries } from './state';
import { learnedSize, levelOf, ratioOf } from './tier';
import { paceOf } from './watched';

/** From this ratio on a series is pending. */
const PENDING = 0.9;
const DAY_MS = 86_400_000;

/** Where every series stands. */
export function standingsOf(state: AlertsState, params: AlertParams): SeriesStanding[] {
  for (const series of state.series.values()) bringUpToDate(series);
  return [...state.series.values()].map((series) => ({
    series: series.id,
    tier: series.isLight ? 'light' : 'full',
    state: stateOf(series),
    severity: toldSeverity(
      series.open?.severity ?? severityOf(series.id.kind, params.alerts) ?? 'info',
      series,
      params.alerts,
    ),
    owner: ownerOf(segmentLabel(series.id.segment), params.alerts),
    learned: learnedShare(series, params),
    readyAt: readyAt(series, params),
    baseline: baselineOf(series),
    recentDrop: recentDrop(series),
    thresholdRatio: thresholdRatio(series),
    detectableDrop: series.id.kind === 'score_regression' ? detectableDrop(series) : null,
  }));
}

/** Of values or of days, whichever is further from its end. */
function learnedShare({ reference, firstAt, lastAt }: WatchedSeries, { detectors }: AlertParams): number {
  if (reference === null) return 1;
  const values = reference.seen / detectors.reference;
  const days =
    detectors.referenceDays === 0 ? 1 : (firstAt === null ? 0 : lastAt - firstAt) / DAY_MS / detectors.referenceDays;
  return Math.min(1, values, days);
}

/** The later of enough values, at the pace so far, and enough days. */
function readyAt(series: WatchedSeries, { detectors }: AlertParams): EpochMs | null {
  const { reference, firstAt, lastAt } = series;
  const pace = paceOf(series);
  if (reference === null || firstAt === null || pace === null) return null;
  const missing = Math.max(0, detectors.reference - reference.seen);
  return Math.round(Math.max(lastAt + missing * pace * DAY_MS, firstAt + detectors.referenceDays * DAY_MS));
}

function baselineOf({ baseline, ticket }: WatchedSeries): SeriesStanding['baseline'] {
  if (baseline === null) return null;
  const values = baseline.source === 'target' ? 0 : ticket === null ? baseline.size : learnedSize(ticket);
  return { source: baseline.source, mean: levelOf(baseline).mean, values };
}

const FEWEST_RECENT = 20;

function recentDrop({ history, baseline, lastAt }: WatchedSeries): number | null {
  if (history === null || baseline === null) return null;
  const { n, mean } = momentsIn(history, { from: lastAt - DAY_MS, to: Infinity });
  return mean === null || n < FEWEST_RECENT ? null : levelOf(baseline).mean - mean;
}

function stateOf(series: WatchedSeries): AlertState {
  if (series.open !== null) return series.open.noData ? 'no_data' : 'firing';
  if (series.heldSince !== null) return 'pending';
  if (series.reference !== null && series.objective === null && series.ticket === null) return 'learning';
  if ((thresholdRatio(series) ?? 0) >= PENDING) return 'pending';
  const isFresh = series.resolvedAt !== null && series.lastAt - series.resolvedAt < DAY_MS;
  return isFresh ? 'resolved' : 'idle';
}

function thresholdRatio({ page, ticket, objective }: WatchedSeries): number | null {
  const tiers = [page, ticket, objective].filter((tier) => tier !== null);
  return tiers.length === 0 ? null : Math.max(...tiers.map(ratioOf));
}

/** By the page's detector, or the ticket's where nothing pages, at the pace and spread so far. */
function detectableDrop(series: WatchedSeries): SeriesStanding['detectableDrop'] {
  const pace = paceOf(series);
  const tier = series.page ?? series.ticket;
  if (pace === null || tier === null || series.baseline === null || series.baseline.source === 'target') return null;
  const { mean, variance } = levelOf(series.baseline);
  const referenceSize = learnedSize(series.ticket ?? tier);
  const within = (days: number): number | null => {
    const threshold = tier.threshold / pace;
    const drop = smallestVisibleDrop({ mean, variance, threshold, items: days / pace, referenceSize });
    return drop === null ? null : Math.min(mean, drop + tier.tolerance);
  };
  return { '1d': within(1), '7d': within(7), '30d': within(30) };
}
