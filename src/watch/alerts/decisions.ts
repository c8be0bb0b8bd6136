import type { Acknowledgement } from '../../domain/acknowledgement';
import type { Alert } from '../../domain/alert';
import { clear } from './conditions';
import { seriesKey } from './series-key';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';
import { relearn } from './watched';

const MOST_DECISIONS = 500;

/** What a decision has ended: an episode of a series, or a condition as it then is. */
export interface Decided {
  readonly closed: { readonly series: WatchedSeries; readonly open: OpenEpisode } | null;
  readonly cleared: Alert | null;
}

const NOTHING: Decided = { closed: null, cleared: null };

/**
 * Accepting a level, or having it learned anew, ends what fires and forgets the baseline: the level from here on is the
 * one that is learned. Acknowledging, or telling the cause, ends nothing. In place; unknown alerts and series change nothing.
 */
export function applyDecision(state: AlertsState, acknowledgement: Acknowledgement): Decided {
  const { action, reason, author, at } = acknowledgement;
  const series = seriesOf(state, acknowledgement);
  const name = series === null ? (acknowledgement.alertId ?? '') : seriesKey(series.id);
  state.decisions.push({ action, series: name, reason, author, at });
  if (state.decisions.length > MOST_DECISIONS) state.decisions.shift();
  if (action !== 'accept' && action !== 'reset') return NOTHING;
  if (series === null) {
    const alert = acknowledgement.alertId === null ? undefined : state.alerts.get(acknowledgement.alertId);
    return alert === undefined ? NOTHING : { closed: null, cleared: clear(state, alert.series, state.clock ?? at) };
  }
  const { open } = series;
  series.open = null;
  series.resolvedAt = Number.isFinite(series.lastAt) ? series.lastAt : null;
  relearn(series);
  return { closed: open === null ? null : { series, open }, cleared: null };
}

function seriesOf(state: AlertsState, { alertId, series }: Acknowledgement): WatchedSeries | null {
  if (series !== null) {
    const { kind, segment, criterion, panel } = series;
    const wanted = [
      kind,
      segment.dimension === 'all' ? 'all' : `${segment.dimension}=${segment.value}`,
      criterion,
      panel,
    ];
    return state.series.get(wanted.join('\u0000')) ?? null;
  }
  const alert = alertId === null ? undefined : state.alerts.get(alertId);
  if (alert === undefined) return null;
  for (const one of state.series.values()) if (one.open?.id === alertId) return one;
  return state.series.get(seriesKey(alert.series)) ?? null;
}
