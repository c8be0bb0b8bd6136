import type { AlertState, SeriesStanding } from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';
import { expectedDelay, informationPerItem, learnedBaselineFactor } from '../../detectors/detection-delay';
import type { AlertParams } from '../options-alerts';
import { ownerOf, severityOf, toldSeverity } from './kinds';
import type { AlertsState, WatchedSeries } from './state';
import { levelOf, ratioOf } from './tier';
import { paceOf } from './watched';

/** From this ratio on a series is pending. */
const PENDING = 0.9;
const DAY_MS = 86_400_000;

/** Where every series stands. */
export function standingsOf(state: AlertsState, params: AlertParams): SeriesStanding[] {
  return [...state.series.values()].map((series) => ({
    series: series.id,
    state: stateOf(series),
    severity: toldSeverity(
      series.open?.severity ?? severityOf(series.id.kind, params.alerts) ?? 'info',
      params.alerts.mode,
    ),
    owner: ownerOf(segmentLabel(series.id.segment), params.alerts),
    learned: series.reference === null ? 1 : series.reference.length / params.detectors.reference,
    thresholdRatio: thresholdRatio(series),
    detectableDrop: series.id.kind === 'score_regression' ? detectableDrop(series) : null,
  }));
}

function stateOf(series: WatchedSeries): AlertState {
  if (series.reference !== null) return 'learning';
  if (series.open !== null) return series.open.noData ? 'no_data' : 'firing';
  if ((thresholdRatio(series) ?? 0) >= PENDING) return 'pending';
  const isFresh = series.resolvedAt !== null && (series.lastAt ?? 0) - series.resolvedAt < DAY_MS;
  return isFresh ? 'resolved' : 'idle';
}

function thresholdRatio({ page, ticket }: WatchedSeries): number | null {
  if (ticket === null) return null;
  return Math.max(ratioOf(ticket), page === null ? 0 : ratioOf(page));
}

/** By the page's detector, or the ticket's where nothing pages, at the pace and spread so far. */
function detectableDrop(series: WatchedSeries): SeriesStanding['detectableDrop'] {
  const pace = paceOf(series);
  const tier = series.page ?? series.ticket;
  if (pace === null || tier === null || series.baseline === null || series.baseline.source === 'target') return null;
  const { mean, variance } = levelOf(series.baseline);
  const { referenceSize } = series.baseline.learned;
  const within = (days: number): number | null => {
    const items = days / pace;
    const isSeen = (drop: number): boolean => {
      const information = informationPerItem(drop, Math.max(1e-4, variance));
      const delay = expectedDelay(tier.threshold / pace, information, false);
      return delay !== null && delay * learnedBaselineFactor(delay, referenceSize) <= items;
    };
    let [low, high] = [0, mean];
    if (!isSeen(high)) return null;
    for (let i = 0; i < 12; i++) {
      const middle = (low + high) / 2;
      if (isSeen(middle)) high = middle;
      else low = middle;
    }
    return Math.min(mean, high + tier.tolerance);
  };
  return { '1d': within(1), '7d': within(7), '30d': within(30) };
}
