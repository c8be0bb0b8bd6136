import { type Alert, type Incident, KEPT_LESS, type SeriesId, type SeriesStanding } from '../domain/alert';
import { segmentLabel } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import type { CellMetric } from './cell-page';
import { CellTable } from './cells';
import { toLabelValue } from './label-guard';
import { METRIC_CATALOGUE } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';

/** What the engine says of every series, as gauges. */
export interface AlertTables {
  readonly active: CellTable;
  readonly withheld: CellTable;
  readonly info: CellTable;
  readonly ratio: CellTable;
  readonly drop: CellTable;
  readonly divergence: CellTable;
  readonly kept: CellTable;
  readonly incident: CellTable;
  readonly series: CellTable;
}

export interface AlertFigures {
  readonly alerts?: readonly Alert[];
  readonly incidents?: readonly Incident[];
  readonly standings?: readonly SeriesStanding[];
}

export function createAlertTables(): AlertTables {
  const table = (key: MetricKey): CellTable => new CellTable(METRIC_CATALOGUE[key].labels);
  return {
    active: table('alert_active'),
    withheld: table('alert_withheld'),
    info: table('alert_info'),
    ratio: table('detector_threshold_ratio'),
    drop: table('detectable_drop'),
    divergence: table('judge_user_divergence'),
    kept: table('cheap_kept_ratio'),
    incident: table('incident_active'),
    series: table('alert_series'),
  };
}

export function alertMetrics(tables: AlertTables): readonly CellMetric[] {
  return [
    ['alert_active', tables.active],
    ['alert_withheld', tables.withheld],
    ['alert_info', tables.info],
    ['detector_threshold_ratio', tables.ratio],
    ['detectable_drop', tables.drop],
    ['judge_user_divergence', tables.divergence],
    ['cheap_kept_ratio', tables.kept],
    ['incident_active', tables.incident],
    ['alert_series', tables.series],
  ];
}

/** Replaces every figure. Ratios are shown of the series nearest to their threshold, `most` of them. */
export function fillAlerts(tables: AlertTables, figures: AlertFigures, most: number): void {
  clearAlerts(tables);
  const { alerts = [], incidents = [], standings = [] } = figures;
  for (const one of standings) {
    tables.series.at(one.state).add(1);
    // A series that learns says so once in `alert_series`; hundreds of lines would hide those that matter. What fires is told below.
    if (one.state !== 'pending' && one.state !== 'resolved') continue;
    tables.active.at(...labelsOf(one.series), one.severity, ownerLabel(one.owner), one.state).value = 1;
  }
  for (const alert of alerts) if (alert.state !== 'resolved') fillFiring(tables, alert);
  fillRatios(tables, standings, most);
  fillDivergence(tables.divergence, standings);
  fillKept(tables.kept, standings);
  for (const { state, kind, scope, severity } of incidents) {
    if (state === 'firing') tables.incident.at(kind, toLabelValue(segmentLabel(scope)), severity).value = 1;
  }
}

export function clearAlerts(tables: AlertTables): void {
  for (const table of Object.values(tables) as CellTable[]) table.clear();
}

/** By the alert and not by its series: what is told may be of another kind, and some alerts have no series. */
function fillFiring(
  { active, withheld, info }: AlertTables,
  { series, state, severity, withheld: graver, owner, began, before, after }: Alert,
): void {
  active.at(...labelsOf(series), severity, ownerLabel(owner), state).value = 1;
  if (graver !== null) withheld.at(...labelsOf(series), graver, ownerLabel(owner)).value = 1;
  const level = (one: typeof before): string => (one === null ? 'none' : one.mean.toFixed(3));
  info.at(...labelsOf(series), began === null ? 'unknown' : minuteOf(began.at), level(before), level(after)).value = 1;
}

function fillRatios({ ratio, drop }: AlertTables, standings: readonly SeriesStanding[], most: number): void {
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
