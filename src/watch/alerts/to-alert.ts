import type { Alert, AlertSeverity, SeriesChange } from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';
import type { AlertParams } from '../options-alerts';
import { changeOf, levelSince } from './change-window';
import { encodeFirstSeen } from './first-seen';
import { overlap, seriesChanged } from './incidents';
import { ownerOf, QUALITY_KINDS } from './kinds';
import { toldSeverity, withheldSeverity } from './mode';
import { bringUpToDate } from './pending';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';
import { alertText } from './text';
import { levelOf } from './tier';
import { LIGHT_PART } from './watched';

const ALONGSIDE = 5;

/** An episode as it stands. What was found out when it began is kept, unless it has become graver since. */
export function toAlert(
  state: AlertsState,
  series: WatchedSeries,
  open: OpenEpisode,
  { isOver, users }: { readonly isOver: boolean; readonly users: string | null },
  params: AlertParams,
): Alert {
  bringUpToDate(series);
  const { alerts: options, detectors } = params;
  const earlier = state.alerts.get(open.id);
  const alongside = earlier?.alongside ?? alongsideOf(state, series, open, params);
  const newSince = earlier?.newSince ?? newSinceOf(state, series);
  const severity = toldSeverity(open.severity, series, options);
  const id = { ...series.id, kind: open.kind };
  return {
    id: open.id,
    episode: open.episode,
    state: isOver ? 'resolved' : open.noData ? 'no_data' : 'firing',
    severity,
    withheld: withheldSeverity(open.severity, series, options),
    series: id,
    owner: ownerOf(segmentLabel(id.segment), options),
    firedAt: open.firedAt,
    resolvedAt: isOver ? (series.resolvedAt ?? series.lastAt) : null,
    before: open.before,
    after: open.after,
    began: open.began,
    alongside,
    newSince,
    incident: [...state.incidents.values()].find((one) => one.alerts.includes(open.id))?.id ?? null,
    text:
      earlier !== undefined && earlier.severity === severity
        ? earlier.text
        : alertText({
            id,
            open,
            baseline: series.baseline,
            alongside,
            newSince,
            users,
            budget: { severity: open.severity, ...sharedBudget(series, open.severity, detectors) },
          }),
  };
}

/** Days to one false alarm, and the series that share it: the light tier's are apart. */
function sharedBudget(
  { isLight }: WatchedSeries,
  severity: AlertSeverity,
  { page, ticket, maxSeries, maxLightSeries }: AlertParams['detectors'],
): { readonly days: number; readonly series: number } {
  if (isLight) return { days: Math.round(page.days / LIGHT_PART), series: maxLightSeries };
  return { days: (severity === 'page' ? page : ticket).days, series: maxSeries };
}

/** Other series that changed at the same time, furthest first. */
function alongsideOf(
  state: AlertsState,
  series: WatchedSeries,
  { began }: OpenEpisode,
  params: AlertParams,
): SeriesChange[] {
  if (began === null || !QUALITY_KINDS.has(series.id.kind)) return [];
  const changes: SeriesChange[] = [];
  for (const other of seriesChanged(state, params)) {
    if (other === series || other.window === null || other.baseline === null) continue;
    const start = other.open?.began ?? changeOf(other.window);
    if (start === null || !overlap(start, began)) continue;
    const after = levelSince(other.window, start.at);
    if (after === null) continue;
    const { segment, criterion } = other.id;
    changes.push({ segment, criterion, drop: levelOf(other.baseline).mean - after.mean });
  }
  return changes.sort((a, b) => b.drop - a.drop).slice(0, ALONGSIDE);
}

/** What was first seen while the change may have begun; what was there from the start of the log is not new. */
function newSinceOf(state: AlertsState, { open, firstAt }: WatchedSeries): string[] {
  const began = open?.began ?? null;
  if (began === null || firstAt === null) return [];
  const margin = Math.max(3_600_000, began.to - began.from);
  return encodeFirstSeen(state.firstSeen)
    .filter(([, at]) => at > firstAt && at >= began.from - margin && at <= began.to + margin)
    .sort(([, a], [, b]) => a - b)
    .map(([label]) => label);
}
