import { type Alert, type Incident, KEPT_LESS, type SeriesId, type SeriesStanding } from '../domain/alert';
import { segmentLabel } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import { type CellTable, clearTables, createTables, type TablesOf } from './cells';
import { toLabelValue } from './label-guard';
import type { MetricKey } from './metric-catalogue';

export interface AlertFigures {
  readonly alerts?: readonly Alert[];
  readonly incidents?: readonly Incident[];
  readonly standings?: readonly SeriesStanding[];
}

const ALERT_METRICS = [
  'alert_active',
  'alert_withheld',
  'alert_info',
  'detector_threshold_ratio',
  'detectable_drop',
  'judge_user_divergence',
  'cheap_kept_ratio',
  'incident_active',
  'alert_series',
  'watched_series',
] as const satisfies readonly MetricKey[];

export type AlertTables = TablesOf<(typeof ALERT_METRICS)[number]>;

export function createAlertTables(): AlertTables {
  return createTables(ALERT_METRICS);
}

/** Replaces every figure. Ratios are shown of the series nearest to their threshold, `most` of them. */
export function fillAlerts(tables: AlertTables, figures: AlertFigures, most: number): void {
  clearTables(tables);
  const { alerts = [], incidents = [], standings = [] } = figures;
  for (const one of standings) {
    tables.alert_series.at(one.state).add(1);
    tables.watched_series.at(one.tier).add(1);
    // A series that learns says so once in `alert_series`; hundreds of lines would hide those that matter. What fires is told below.
    if (one.state !== 'pending' && one.state !== 'resolved') continue;
    tables.alert_active.at(...labelsOf(one.series), one.severity, ownerLabel(one.owner), one.state).value = 1;
  }
  for (const alert of alerts) if (alert.state !== 'resolved') fillFiring(tables, alert);
  fillRatios(tables, standings, most);
  fillDivergence(tables.judge_user_divergence, standings);
  fillKept(tables.cheap_kept_ratio, standings);
  for (const { state, kind, scope, severity } of incidents) {
    if (state === 'firing') tables.incident_active.at(kind, toLabelValue(segmentLabel(scope)), severity).value = 1;
  }
}

/** By the alert and not by its series: what is told may be of another kind, and some alerts have no series. */
function fillFiring(
  { alert_active: active, alert_withheld: withheld, alert_info: info }: AlertTables,
  { series, state, severity, withheld: graver, owner, began, before, after }: Alert,
): void {
  active.at(...labelsOf(series), severity, ownerLabel(owner), state).value = 1;
  if (graver !== null) withheld.at(...labelsOf(series), graver, ownerLabel(owner)).value = 1;
  const level = (one: typeof before): string => (one === null ? 'none' : one.mean.toFixed(3));
  info.at(...labelsOf(series), began === null ? 'unknown' : minuteOf(began.at), level(before), level(after)).value = 1;
}

function fillRatios(
  { detector_threshold_ratio: ratio, detectable_drop: drop }: AlertTables,
  standings: readonly SeriesStanding[],
  most: number,
): void {
  const known = standings.filter(({ thresholdRatio }) => thresholdRatio !== null);
  const nearest = known.sort((a, b) => (b.thresholdRatio ?? 0) - (a.thresholdRatio ?? 0)).slice(0, most);
  for (const { series, thresholdRatio, detectableDrop } of nearest) {
    const cell = ratio.at(...labelsOf(series));
    // Panels share a line, so the nearer one speaks.
    cell.value = Math.max(cell.value, thresholdRatio ?? 0);
    const [, segment, criterion] = labelsOf(series);
    for (const [within, size] of Object.entries(detectableDrop ?? {})) {
      if (size !== null) drop.at(segment, criterion, within).value = size;
    }
  }
}

/** Users minus judges is moved into 0 to 1, so a fall of it is half of what judges have gained on users. */
function fillDivergence(table: CellTable, standings: readonly SeriesStanding[]): void {
  const largest = new Map<string, readonly [segment: string, signal: string, size: number]>();
  for (const { series, recentDrop } of standings) {
    if (series.kind !== 'judge_user_divergence' || recentDrop === null) continue;
    const isAssociation = series.criterion.endsWith(':association');
    const [segment, signal] = [toLabelValue(segmentLabel(series.segment)), isAssociation ? 'association' : 'outcome'];
    const size = isAssociation ? recentDrop : 2 * recentDrop;
    const key = `${segment}\n${signal}`;
    if (size > (largest.get(key)?.[2] ?? -Infinity)) largest.set(key, [segment, signal, size]);
  }
  for (const [segment, signal, size] of largest.values()) table.at(segment, signal).value = size;
}

/** Level of the last day of every criterion that has an operating point. */
function fillKept(table: CellTable, standings: readonly SeriesStanding[]): void {
  for (const { series, baseline, recentDrop } of standings) {
    if (!series.criterion.endsWith(KEPT_LESS) || baseline === null || recentDrop === null) continue;
    table.at(toLabelValue(series.criterion.slice(0, -KEPT_LESS.length))).value = baseline.mean - recentDrop;
  }
}

function labelsOf({ kind, segment, criterion }: SeriesId): [kind: string, segment: string, criterion: string] {
  // An empty label is no label, which rules on it could not match.
  return [kind, toLabelValue(segmentLabel(segment)), criterion === '' ? 'all' : toLabelValue(criterion)];
}

function minuteOf(at: EpochMs): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}

/** Nobody named: an empty label is no label. */
function ownerLabel(owner: string): string {
  return owner === '' ? '' : toLabelValue(owner);
}
