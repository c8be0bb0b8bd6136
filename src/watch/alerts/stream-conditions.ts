import type { Alert, SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import { ALL_SEGMENTS } from '../segments';
import { clear, raise } from './conditions';
import type { AlertsState } from './state';

const GOLDEN_STALE: SeriesId = { kind: 'golden_set_stale', segment: ALL_SEGMENTS, criterion: '', panel: '' };
const TRAFFIC: SeriesId = { kind: 'traffic_absent', segment: ALL_SEGMENTS, criterion: '', panel: '' };

/** What holds of the stream as a whole at a marker, whatever detectors say. Returns what is new, nulls among it. In place. */
export function watchStream(state: AlertsState, clock: EpochMs, params: AlertParams): (Alert | null)[] {
  return [watchTraffic(state, clock, params), watchGolden(state, clock, params), ...settleGaps(state, clock, params)];
}

function watchTraffic(state: AlertsState, clock: EpochMs, params: AlertParams): Alert | null {
  const last = state.traffic.lastClock;
  if (last === null) return null;
  const silentMs = clock - last;
  if (silentMs < params.alerts.trafficAbsentMinutes * 60_000) return clear(state, TRAFFIC, clock);
  const text = `no interaction for ${Math.round(silentMs / 60_000)} minutes.`;
  return raise(state, TRAFFIC, { at: clock, began: { at: last, from: last, to: last }, text }, params);
}

function watchGolden(state: AlertsState, clock: EpochMs, params: AlertParams): Alert | null {
  const last = state.golden.lastRunAt;
  if (last === null) return null;
  const hours = (clock - last) / 3_600_000;
  if (hours < params.alerts.goldenStaleHours) return clear(state, GOLDEN_STALE, clock);
  const text = `no golden run was completed for ${Math.floor(hours)} hours, so nothing says whether the judges are what they were.`;
  return raise(state, GOLDEN_STALE, { at: clock, began: { at: last, from: last, to: last }, text }, params);
}

/** A gap is over when no further one came for as long as a level has to be back. */
function settleGaps(state: AlertsState, clock: EpochMs, { alerts }: AlertParams): (Alert | null)[] {
  const over: (Alert | null)[] = [];
  for (const { alertId, seenAt } of [...state.conditions.values()]) {
    const alert = state.alerts.get(alertId);
    if (alert?.series.kind !== 'offset_gap' || clock - seenAt < alerts.resolveMinutes * 60_000) continue;
    over.push(clear(state, alert.series, clock));
  }
  return over;
}
