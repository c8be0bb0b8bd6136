import {
  ALERT_SEVERITIES,
  type AlertKind,
  type AlertSeverity,
  type ChangeInterval,
  type Incident,
} from '../../domain/alert';
import { type SegmentKey, segmentLabel } from '../../domain/segment';
import { changedTogether } from '../../detectors/fleet-budget';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import { forgetResolved } from './forget-resolved';
import { changeOf, levelSince } from './change-window';
import { graver, QUALITY_KINDS } from './kinds';
import { toldSeverity } from './mode';
import { bringUpToDate } from './pending';
import { hashOf, seriesKey } from './series-key';
import type { AlertsState, WatchedSeries } from './state';
import { levelOf } from './tier';

/**
 * Series that changed together by the e-d-BH rule on the ticket budget, firing or not: the wider the change, the less
 * evidence is asked of each. Their expected false share within T days of the start is at most T over the budget's days.
 */
export function seriesChanged(state: AlertsState, { detectors }: AlertParams): WatchedSeries[] {
  const watched = [...state.series.values()].filter(({ ticket, id }) => ticket !== null && QUALITY_KINDS.has(id.kind));
  for (const series of watched) bringUpToDate(series);
  // Each has one part in `maxSeries`, also where fewer are watched; the rule's K is the number it looks at.
  const shares = watched.map(() => 1 / detectors.maxSeries);
  const statistics = watched.map(({ ticket }) => ticket?.value ?? 0);
  const scaled = statistics.map((value) => Math.min(value, Number.MAX_SAFE_INTEGER));
  const changed = changedTogether(scaled, { days: detectors.ticket.days, shares });
  return changed.map((index) => watched[index]!);
}

/**
 * Puts each alert that has just begun to fire into the open incident whose change began at the same time, or opens one;
 * then tells what incidents have in common. In place. An incident is over when all its alerts are; see `isOver`.
 */
export function updateIncidents(
  state: AlertsState,
  { begun, firing, clock, hasChanged }: Marked,
  params: AlertParams,
): void {
  for (const series of begun) {
    const open = series.open;
    if (open === null) continue;
    const incident = [...state.incidents.values()].find((one) => isPartOf(series, one, state));
    if (incident === undefined) {
      const id = hashOf(`incident\u0000${open.id}`);
      state.incidents.set(id, {
        id,
        state: 'firing',
        kind: series.id.kind,
        severity: toldSeverity(open.severity, series, params.alerts),
        scope: series.id.segment,
        openedAt: open.firedAt,
        began: open.began,
        alerts: [open.id],
      });
    } else state.incidents.set(incident.id, { ...incident, alerts: [...membersKept(incident, firing), open.id] });
  }
  forgetResolved(state.incidents, MOST_INCIDENTS);
  // What they have in common is a matter of all series together, which is too much to look at every second.
  const isDue = state.incidentsAt === null || clock - state.incidentsAt >= REFRESH_MS;
  if (!hasChanged && !isDue) return;
  state.incidentsAt = clock;
  for (const incident of state.incidents.values()) {
    if (incident.state === 'firing') state.incidents.set(incident.id, refreshed(incident, firing, state, params));
  }
}

/** One that stays open for months while members come and go keeps, of very many, those that fire. */
export function membersKept(
  { alerts }: Pick<Incident, 'alerts'>,
  firing: Iterable<Pick<WatchedSeries, 'open'>>,
): readonly string[] {
  if (alerts.length < MOST_MEMBERS) return alerts;
  const open = new Set([...firing].map((series) => series.open?.id));
  return alerts.filter((id) => open.has(id));
}

const MOST_MEMBERS = 1_000;
const REFRESH_MS = 600_000;
/** As many as alerts; the evidence store keeps what is forgotten here. */
const MOST_INCIDENTS = 500;

/** What has happened since the last marker. */
interface Marked {
  readonly begun: readonly WatchedSeries[];
  readonly firing: ReadonlySet<WatchedSeries>;
  readonly clock: EpochMs;
  /** Whether an alert is new, over, graver or silent. */
  readonly hasChanged: boolean;
}

/**
 * A series that measures the answers belongs to an incident when its change may have begun when that of any of its members
 * did, give or take an hour: a diluted series finds its own beginning late. Others go by their kind.
 */
function isPartOf({ id, open }: WatchedSeries, incident: Incident, state: AlertsState): boolean {
  if (incident.state !== 'firing' || open === null) return false;
  if (QUALITY_KINDS.has(id.kind) !== QUALITY_KINDS.has(incident.kind)) return false;
  if (!QUALITY_KINDS.has(id.kind)) return id.kind === incident.kind;
  // Told as such because the whole stream's drop is the failover's, wherever its own series finds its beginning.
  if (open.kind === 'failover_quality' && incident.kind === open.kind) return true;
  const own = open.began === null ? null : widened(open.began);
  const others = [incident.began, ...incident.alerts.map((alert) => state.alerts.get(alert)?.began ?? null)];
  return own !== null && others.some((other) => other !== null && overlap(own, other));
}

const MARGIN_MS = 3_600_000;

function widened({ at, from, to }: ChangeInterval): ChangeInterval {
  return { at, from: from - MARGIN_MS, to: to + MARGIN_MS };
}

export function overlap(a: ChangeInterval, b: ChangeInterval): boolean {
  return a.from <= b.to && b.from <= a.to;
}

function refreshed(
  incident: Incident,
  all: ReadonlySet<WatchedSeries>,
  state: AlertsState,
  params: AlertParams,
): Incident {
  const members = [...all].filter(({ open }) => open !== null && incident.alerts.includes(open.id));
  const firing = members.sort((a, b) => (seriesKey(a.id) < seriesKey(b.id) ? -1 : 1));
  if (isOver(incident, firing)) return { ...incident, state: 'resolved' };
  const naming = [...firing].sort((a, b) => kindRank(a) - kindRank(b) || gravity(a) - gravity(b))[0]!;
  const told = firing.map((series) => toldSeverity(series.open?.severity ?? 'info', series, params.alerts));
  return {
    ...incident,
    kind: toldKind(naming),
    severity: told.reduce<AlertSeverity>(graver, 'info'),
    scope: scopeOf(naming, firing, state, params),
    began: naming.open?.began ?? incident.began,
  };
}

/**
 * Members of which nothing comes any more, such as those of a release that was rolled back, do not keep an incident open once
 * others have shown that the level is back; when something comes again they are told alone.
 */
function isOver({ alerts }: Incident, firing: readonly WatchedSeries[]): boolean {
  return firing.length === 0 || (firing.length < alerts.length && firing.every(({ open }) => open?.noData === true));
}

function toldKind({ id, open }: WatchedSeries): AlertKind {
  return open?.kind ?? id.kind;
}

function gravity({ open }: WatchedSeries): number {
  return ALERT_SEVERITIES.indexOf(open?.severity ?? 'info');
}

const NAMING: readonly AlertKind[] = [...QUALITY_KINDS];

function kindRank({ id }: WatchedSeries): number {
  const rank = NAMING.indexOf(id.kind);
  return rank < 0 ? NAMING.length : rank;
}

/**
 * The segment that carries the change: of all that changed in what the naming alert measures, firing or together with
 * those that fire, the one that fell furthest in units of its own spread, a standard error taken off; the others hold it,
 * or lie beside it. Of several that are as good the one with most dimensions.
 */
function scopeOf(
  naming: WatchedSeries,
  firing: readonly WatchedSeries[],
  state: AlertsState,
  params: AlertParams,
): SegmentKey {
  const candidates = new Set(firing);
  if (firing.some(({ id }) => QUALITY_KINDS.has(id.kind))) {
    for (const series of seriesChanged(state, params))
      if (firing.some((one) => sharesStart(one, series))) candidates.add(series);
  }
  const { kind, criterion, segment: own } = naming.id;
  let best = { segment: own, size: -Infinity };
  for (const series of candidates) {
    const isAlike = series.id.kind === kind && series.id.criterion === criterion;
    const size = isAlike ? sizeOf(series) : null;
    if (size === null) continue;
    const { segment } = series.id;
    const isBetter = size > best.size + NEAR;
    const isAsGood = size > best.size - NEAR && widthOf(segment) > widthOf(best.segment);
    if (isBetter || isAsGood) best = { segment, size: Math.max(size, best.size) };
  }
  return best.segment;
}

/** Sizes this close together are equal. */
const NEAR = 0.02;

function sharesStart(firing: WatchedSeries, other: WatchedSeries): boolean {
  const a = firing.open?.began ?? null;
  const b = other.window === null ? null : changeOf(other.window);
  return a !== null && b !== null && overlap(a, b);
}

/** Number of dimensions of a segment: 0 for the whole stream, 2 for a cross of two. */
function widthOf(segment: SegmentKey): number {
  return segmentLabel(segment) === 'all' ? 0 : segment.dimension.split('+').length;
}

function sizeOf({ window, baseline, open }: WatchedSeries): number | null {
  if (window === null || baseline === null) return null;
  const since = open?.began?.at ?? changeOf(window)?.at;
  const after = since === undefined ? null : levelSince(window, since);
  if (after === null || after.items < 5) return null;
  const { mean, variance } = levelOf(baseline);
  const spread = Math.sqrt(Math.max(1e-6, variance));
  return (mean - after.mean) / spread - 1 / Math.sqrt(after.items);
}
