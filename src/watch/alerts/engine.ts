import type { Alert, AlertKind, SeriesChange, SeriesId } from '../../domain/alert';
import type { OutcomeCriterion, OutcomeItem } from '../../domain/ledger-record';
import { type SegmentKey, segmentLabel } from '../../domain/segment';
import type { SessionValue } from '../../domain/session-outcome';
import type { EpochMs } from '../../domain/time';
import type { AlertParams, SeededBaseline } from '../options-alerts';
import { ALL_SEGMENTS, OTHER_VALUE } from '../segments';
import { changeOf, levelSince } from './change-window';
import { closeEpisode, openEpisode, reachedSeverity, stepEpisode } from './episode';
import { overlap, seriesChanged, updateIncidents } from './incidents';
import { kindOfCheck, ownerOf, QUALITY_KINDS, severityOf, toldSeverity } from './kinds';
import { episodeId, hashOf, seriesKey } from './series-key';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';
import { alertText } from './text';
import { levelOf } from './tier';
import { createWatched, observe } from './watched';

/**
 * Turns values into alerts. Pure: the same values in the same order give the same states, ids and texts. The state is
 * changed in place.
 */
export interface AlertEngine {
  /** A marker begins: what it releases comes at this time of the fold's clock. */
  begin(state: AlertsState, clock: EpochMs): void;
  /** One value per closed session, in order of closing. `at`: event time of the session's last sign of life. */
  addSessionValue(state: AlertsState, segment: SegmentKey, value: SessionValue, at: EpochMs): void;
  /** One interaction: its checks at the first turn, and whether its judges answered. */
  addItem(state: AlertsState, item: OutcomeItem, segments: readonly SegmentKey[]): void;
  /** One source record, usable or a dead letter. */
  addRecord(state: AlertsState, isDeadLetter: boolean): void;
  /** The marker ends: silence, incidents. Returns the alerts that are new or have changed. */
  advance(state: AlertsState, usersOf: (segment: SegmentKey) => string | null): readonly Alert[];
}

export function createAlertsState(): AlertsState {
  return {
    paramsHash: '',
    clock: null,
    series: new Map(),
    episodes: new Map(),
    left: 0,
    rejected: 0,
    eventTime: null,
    traffic: { lastClock: null, absent: null },
    firstSeen: new Map(),
    alerts: new Map(),
    incidents: new Map(),
  };
}

/** Scores have this part of the series to themselves, so that many checks cannot crowd them out. */
const SCORE_PART = 0.6;
const MOST_FIRST_SEEN = 1_000;
const MOST_ALERTS = 500;
const ALONGSIDE = 5;
/** Dimensions whose new values are worth naming beside a change. */
const RELEASED: ReadonlySet<string> = new Set(['release', 'model', 'route', 'provider']);
/** Reasons of an unjudged criterion that lie with the judges' endpoints. */
const JUDGE_FAILURES: ReadonlySet<string> = new Set(['timeout', 'rate_limited', 'deadline', 'error']);

export function createAlertEngine(params: AlertParams): AlertEngine {
  const { detectors, alerts: options, scores } = params;
  const paramsHash = hashOf(JSON.stringify(params));
  const seeds = new Map(detectors.baselines.map((seed) => [seedKey(seed), seed]));
  const scoreCap = Math.ceil(detectors.maxSeries * SCORE_PART);
  /** Counted per state, so that nothing has to be counted per value. */
  const scoreCounts = new WeakMap<AlertsState, number>();
  /** Began to fire, or ended, since the last marker. */
  let begun: WatchedSeries[] = [];
  let ended: { readonly series: WatchedSeries; readonly open: OpenEpisode }[] = [];

  /** Parameters that changed start everything afresh but the numbering of episodes; what fired is resolved. */
  const settle = (state: AlertsState): void => {
    if (state.paramsHash === paramsHash) return;
    for (const series of state.series.values()) if (series.open !== null) ended.push({ series, open: series.open });
    state.series.clear();
    state.paramsHash = paramsHash;
    scoreCounts.delete(state);
  };

  const countScores = (state: AlertsState): number => {
    let count = scoreCounts.get(state);
    if (count === undefined) {
      count = [...state.series.values()].filter(({ id }) => id.kind === 'score_regression').length;
      scoreCounts.set(state, count);
    }
    return count;
  };

  const find = (
    state: AlertsState,
    id: SeriesId,
    range: readonly [number, number],
    target: number | null,
  ): WatchedSeries | null => {
    const key = seriesKey(id);
    const known = state.series.get(key);
    if (known !== undefined) return known;
    const scored = countScores(state);
    const isScore = id.kind === 'score_regression';
    const isFull = isScore ? scored >= scoreCap : state.series.size - scored >= detectors.maxSeries - scoreCap;
    if (isFull) return null;
    const series = createWatched({ id, range, target, seeded: seeds.get(key) ?? null }, params);
    state.series.set(key, series);
    if (isScore) scoreCounts.set(state, scored + 1);
    return series;
  };

  /** The one place where a value meets its series. */
  const observeSeries = (
    state: AlertsState,
    id: SeriesId,
    x: number,
    at: EpochMs,
    { range = UNIT, target = null }: { range?: readonly [number, number]; target?: number | null } = {},
  ): void => {
    if (severityOf(id.kind, options) === null) return;
    const series = find(state, id, range, target);
    if (series === null) {
      state.left += 1;
      return;
    }
    if (!observe(series, x, at, state.clock, params)) {
      state.rejected += 1;
      return;
    }
    const { open } = series;
    if (open !== null) {
      open.noData = false;
      if (!stepEpisode(series, open, x, params)) return;
      closeEpisode(series);
      ended.push({ series, open });
      return;
    }
    const severity = reachedSeverity(series);
    if (severity === null) return;
    const key = seriesKey(id);
    const number = (state.episodes.get(key) ?? 0) + 1;
    state.episodes.set(key, number);
    series.open = openEpisode(series, episodeId(id, number), number, graveAs(severity, id.kind));
    begun.push(series);
  };

  const graveAs = (reached: 'page' | 'ticket' | 'info', kind: AlertKind): 'page' | 'ticket' | 'info' =>
    severityOf(kind, options) === 'info' ? 'info' : reached;

  const addCheck = (
    state: AlertsState,
    check: string,
    failed: boolean,
    segments: readonly SegmentKey[],
    at: EpochMs,
  ): void => {
    const kind = kindOfCheck(check);
    for (const segment of segments) {
      // Crosses would make more series of checks than of everything else together.
      if (segment.value === OTHER_VALUE || segment.dimension.includes('+')) continue;
      observeSeries(state, { kind, segment, criterion: check, panel: '' }, failed ? 0 : 1, at);
    }
  };

  const addJudging = (state: AlertsState, one: OutcomeCriterion, at: EpochMs): void => {
    if (one.result === 'not_sampled') return;
    const id = { segment: ALL_SEGMENTS, criterion: one.criterion, panel: '' };
    const { judgedRatio, judgeFailures } = detectors.targets;
    const isUnjudged = one.result === 'unjudged';
    observeSeries(state, { ...id, kind: 'judged_ratio_low' }, isUnjudged ? 0 : 1, at, { target: judgedRatio });
    const isFailure = isUnjudged && JUDGE_FAILURES.has(one.unjudgedReason ?? 'error');
    observeSeries(state, { ...id, kind: 'judge_unavailable' }, isFailure ? 0 : 1, at, { target: 1 - judgeFailures });
  };

  const firstSeen = (state: AlertsState, segments: readonly SegmentKey[], at: EpochMs): void => {
    for (const segment of segments) {
      if (!RELEASED.has(segment.dimension) || segment.value === OTHER_VALUE) continue;
      const label = segmentLabel(segment);
      if (!state.firstSeen.has(label) && state.firstSeen.size < MOST_FIRST_SEEN) state.firstSeen.set(label, at);
    }
  };

  const toAlert = (
    state: AlertsState,
    series: WatchedSeries,
    open: OpenEpisode,
    isOver: boolean,
    users: string | null,
  ): Alert => {
    const earlier = state.alerts.get(open.id);
    const alongside = earlier?.alongside ?? alongsideOf(state, series, open, params);
    const newSince = earlier?.newSince ?? newSinceOf(state, series);
    const paged = open.severity === 'page';
    const budget = paged ? detectors.page : detectors.ticket;
    return {
      id: open.id,
      episode: open.episode,
      state: isOver ? 'resolved' : open.noData ? 'no_data' : 'firing',
      severity: toldSeverity(open.severity, options.mode),
      series: series.id,
      owner: ownerOf(segmentLabel(series.id.segment), options),
      firedAt: open.firedAt,
      resolvedAt: isOver ? (series.resolvedAt ?? series.lastAt) : null,
      before: open.before,
      after: open.after,
      began: open.began,
      alongside,
      newSince,
      incident: [...state.incidents.values()].find((one) => one.alerts.includes(open.id))?.id ?? null,
      text:
        earlier !== undefined && earlier.severity === toldSeverity(open.severity, options.mode)
          ? earlier.text
          : alertText({
              id: series.id,
              open,
              baseline: series.baseline,
              alongside,
              newSince,
              users,
              budget: { severity: open.severity, days: budget.days, series: detectors.maxSeries },
            }),
    };
  };

  const watchTraffic = (state: AlertsState, clock: EpochMs): Alert | null => {
    const { traffic } = state;
    const owner = ownerOf('all', options);
    if (traffic.absent !== null) {
      const open = state.alerts.get(traffic.absent);
      if (traffic.lastClock === null || open === undefined || traffic.lastClock <= open.firedAt) return null;
      traffic.absent = null;
      return { ...open, state: 'resolved', resolvedAt: clock };
    }
    const severity = severityOf('traffic_absent', options);
    if (severity === null || traffic.lastClock === null) return null;
    const silentMs = clock - traffic.lastClock;
    if (silentMs < options.trafficAbsentMinutes * 60_000) return null;
    const key = seriesKey(TRAFFIC);
    const episode = (state.episodes.get(key) ?? 0) + 1;
    state.episodes.set(key, episode);
    traffic.absent = episodeId(TRAFFIC, episode);
    return {
      id: traffic.absent,
      episode,
      state: 'firing',
      severity: toldSeverity(severity, options.mode),
      series: TRAFFIC,
      owner,
      firedAt: clock,
      resolvedAt: null,
      before: null,
      after: null,
      began: { at: traffic.lastClock, from: traffic.lastClock, to: traffic.lastClock },
      alongside: [],
      newSince: [],
      incident: null,
      text: `traffic_absent: no interaction for ${Math.round(silentMs / 60_000)} minutes.`,
    };
  };

  return {
    begin(state, clock) {
      settle(state);
      state.clock = clock;
    },
    addSessionValue(state, segment, value, at) {
      // Values of own-family judges raise no alerts; those of pooled segments are of an ever-changing mixture.
      if (value.panel.endsWith('~own') || segment.value === OTHER_VALUE) return;
      const id: SeriesId = { kind: 'score_regression', segment, criterion: value.criterion, panel: value.panel };
      // Judges that failed for good are taken to have said 1: the value least favourable to an alarm.
      observeSeries(state, id, value.highest, at, { range: [1 - 1 / scores.floor, scores.largest] });
    },
    addItem(state, item, segments) {
      const at = item.occurredAt;
      state.eventTime = Math.max(at, state.eventTime ?? at);
      state.traffic.lastClock = state.clock ?? state.traffic.lastClock;
      firstSeen(state, segments, at);
      if (item.sampled) for (const one of item.criteria) addJudging(state, one, state.eventTime);
      if (item.conversationKnown && item.turnIndex > 0) return;
      for (const { check, result } of item.checks) {
        if (result === 'pass' || result === 'fail') addCheck(state, check, result === 'fail', segments, at);
      }
    },
    addRecord(state, isDeadLetter) {
      state.traffic.lastClock = state.clock ?? state.traffic.lastClock;
      if (state.eventTime === null) return;
      const id: SeriesId = { kind: 'dead_letters_rise', segment: ALL_SEGMENTS, criterion: '', panel: '' };
      const target = 1 - detectors.targets.deadLetters;
      observeSeries(state, id, isDeadLetter ? 0 : 1, state.eventTime, { target });
    },
    advance(state, usersOf) {
      const clock = state.clock ?? 0;
      const changed = new Map<WatchedSeries, OpenEpisode>();
      for (const series of begun) if (series.open !== null) changed.set(series, series.open);
      for (const series of state.series.values()) {
        const { open } = series;
        if (open === null) continue;
        const silent = series.lastClock !== null && clock - series.lastClock >= options.noDataMinutes * 60_000;
        const known = state.alerts.get(open.id);
        open.noData = silent;
        const isTold = known?.severity === toldSeverity(open.severity, options.mode);
        if (!isTold || (known?.state === 'no_data') !== silent) changed.set(series, open);
      }
      const told: Alert[] = [];
      updateIncidents(state, begun, params);
      for (const { series, open } of ended) told.push(toAlert(state, series, open, true, null));
      for (const [series, open] of changed) told.push(toAlert(state, series, open, false, usersOf(series.id.segment)));
      const traffic = watchTraffic(state, clock);
      if (traffic !== null) told.push(traffic);
      begun = [];
      ended = [];
      for (const alert of told) remember(state, alert);
      return told;
    },
  };
}

const UNIT: readonly [number, number] = [0, 1];
const TRAFFIC: SeriesId = { kind: 'traffic_absent', segment: ALL_SEGMENTS, criterion: '', panel: '' };

/** The key of the series that a seeded baseline is for. */
function seedKey({ kind, segment, criterion, panel }: SeededBaseline): string {
  return [kind, segment, criterion, panel].join('\u0000');
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
  return [...state.firstSeen]
    .filter(([, at]) => at > firstAt && at >= began.from - margin && at <= began.to + margin)
    .map(([label]) => label);
}

function remember(state: AlertsState, alert: Alert): void {
  state.alerts.set(alert.id, alert);
  if (state.alerts.size <= MOST_ALERTS) return;
  for (const [id, one] of state.alerts) {
    if (one.state === 'resolved') {
      state.alerts.delete(id);
      return;
    }
  }
}
