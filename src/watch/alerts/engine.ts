import type { Acknowledgement } from '../../domain/acknowledgement';
import type { Alert, AlertKind, AlertSeverity, SeriesId } from '../../domain/alert';
import type { GoldenAnswer } from '../../domain/golden';
import type { GoldenRunSummary } from '../../domain/golden-standing';
import type { Label } from '../../domain/label';
import type { OutcomeItem } from '../../domain/ledger-record';
import type { SegmentKey } from '../../domain/segment';
import type { SessionOutcome, SessionValue } from '../../domain/session-outcome';
import type { EpochMs } from '../../domain/time';
import {
  type AlertOptions,
  type AlertParams,
  detectionPart,
  detectionPartOf010,
  type SeededBaseline,
} from '../options-alerts';
import { ALL_SEGMENTS } from '../segments';
import { clear, raise } from './conditions';
import { applyDecision } from './decisions';
import { closeEpisode, openEpisode, reachedSeverity, restart, stepEpisode } from './episode';
import { feedGoldenAnswer, feedGoldenRun, feedLabel } from './feed-golden';
import { createGoldenMemory, panelStanding } from './golden-memory';
import { ruleOn } from './hold';
import { failoverThatExplains, mixText, mixThatExplains } from './mix-explains';
import { feedItem } from './feed-items';
import { feedOutcome, feedScore } from './feed-sessions';
import { updateIncidents } from './incidents';
import { SCORE_KINDS, severityOf, USER_KINDS } from './kinds';
import { toldSeverity } from './mode';
import { type Observing, type SeriesHow, UNIT } from './observing';
import { episodeId, hashOf, seriesKey } from './series-key';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';
import { toAlert } from './to-alert';
import { createWatched, observe } from './watched';

/**
 * Turns values into alerts. Pure: the same values in the same order give the same states, ids and texts. The state is
 * changed in place.
 */
export interface AlertEngine {
  /** The series of scores of criteria that mean something else now start afresh. Returns what fired, as resolved. */
  restart(state: AlertsState, criteria: readonly string[]): readonly Alert[];
  /** A marker begins: what it releases comes at this time of the fold's clock. */
  begin(state: AlertsState, clock: EpochMs): void;
  /** The judged values of a closed session in one of its segments, in order of closing. */
  addSessionValues(
    state: AlertsState,
    segment: SegmentKey,
    values: readonly SessionValue[],
    outcome: SessionOutcome,
  ): void;
  /** A closed session, once, after its values. */
  addSession(state: AlertsState, outcome: SessionOutcome): void;
  /** One interaction: its checks and segments at the first turn, and whether its judges answered. */
  addItem(state: AlertsState, item: OutcomeItem, segments: readonly SegmentKey[]): void;
  /** One source record, usable or a dead letter. */
  addRecord(state: AlertsState, isDeadLetter: boolean): void;
  /** A golden run of one judge and criterion that is complete; one answer of any run; what a person said, once. */
  addGoldenRun(state: AlertsState, run: GoldenRunSummary): void;
  addGoldenAnswer(state: AlertsState, golden: GoldenAnswer): void;
  addLabel(state: AlertsState, label: Label): void;
  /** What a person decided of an alert or a series. */
  acknowledge(state: AlertsState, acknowledgement: Acknowledgement): void;
  /** So many consecutive source offsets have no record. */
  addGap(state: AlertsState, partition: string, missing: number): void;
  /** The marker ends: silence, incidents; after a final one nothing is waited for. Returns the alerts that are new or have changed. */
  advance(state: AlertsState, usersOf: (segment: SegmentKey) => string | null, isFinal?: boolean): readonly Alert[];
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
    traffic: { lastClock: null },
    firstSeen: new Map(),
    mix: new Map(),
    shares: new Map(),
    pairs: new Map(),
    golden: createGoldenMemory(),
    conditions: new Map(),
    alerts: new Map(),
    incidents: new Map(),
    decisions: [],
  };
}

/** What series share the cap, so that no kind can crowd out the others. */
type Purpose = 'scores' | 'comparisons' | 'users' | 'checks' | 'mix' | 'rest';
const PART: Readonly<Record<Purpose, number>> = {
  scores: 0.38,
  comparisons: 0.04,
  users: 0.2,
  checks: 0.22,
  mix: 0.06,
  rest: 0.1,
};
const CHECK_KINDS: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'check_regression',
  'refusal_shift',
  'unsupported_claim_rise',
  'unsupported_action_rise',
  'prompt_injection_rise',
]);
const MOST_ALERTS = 500;

export function createAlertEngine(params: AlertParams): AlertEngine {
  const { detectors, alerts: options } = params;
  const paramsHash = hashOf(JSON.stringify(detectionPart(params)));
  const hashOf010 = hashOf(JSON.stringify(detectionPartOf010(params)));
  const seeds = new Map(detectors.baselines.map((seed) => [seedKey(seed), seed]));
  const holidays: ReadonlySet<number> = new Set(detectors.holidays.map((day) => dayOf(Date.parse(day))));
  /** Counted per state, so that nothing has to be counted per value. */
  const counts = new WeakMap<AlertsState, Record<Purpose, number>>();
  /** Began to fire, or ended, since the last marker. */
  let begun: WatchedSeries[] = [];
  let ended: { readonly series: WatchedSeries; readonly open: OpenEpisode }[] = [];
  let told: Alert[] = [];

  /** Parameters that changed start everything afresh but the numbering of episodes; what fired is resolved. */
  const settle = (state: AlertsState): void => {
    if (state.paramsHash === hashOf010) state.paramsHash = paramsHash;
    if (state.paramsHash === paramsHash) return;
    for (const series of state.series.values()) if (series.open !== null) ended.push({ series, open: series.open });
    state.series.clear();
    state.pairs.clear();
    state.shares.clear();
    state.mix.clear();
    state.paramsHash = paramsHash;
    counts.delete(state);
  };

  const countsOf = (state: AlertsState): Record<Purpose, number> => {
    let known = counts.get(state);
    if (known === undefined) {
      known = { scores: 0, comparisons: 0, users: 0, checks: 0, mix: 0, rest: 0 };
      for (const { id } of state.series.values()) known[purposeOf(id.kind)] += 1;
      counts.set(state, known);
    }
    return known;
  };

  const find = (state: AlertsState, id: SeriesId, how: SeriesHow): WatchedSeries | null => {
    const key = seriesKey(id);
    const known = state.series.get(key);
    if (known !== undefined) return known;
    const used = countsOf(state);
    const purpose = purposeOf(id.kind);
    if (used[purpose] >= Math.ceil(detectors.maxSeries * PART[purpose])) return null;
    const from = how.heldAgainst ?? how.borrows;
    const setup = {
      id,
      range: how.range ?? UNIT,
      target: how.target ?? null,
      objective: how.objective ?? null,
      seeded: seeds.get(key) ?? null,
      borrowed: from === undefined ? null : { from, isLasting: how.heldAgainst !== undefined },
      hasHistory: how.hasHistory ?? false,
    };
    const series = createWatched(setup, params);
    state.series.set(key, series);
    used[purpose] += 1;
    return series;
  };

  /** The one place where a value meets its series. */
  const observeSeries = (state: AlertsState, id: SeriesId, x: number, at: EpochMs, how: SeriesHow): void => {
    if (severityOf(id.kind, options) === null || holidays.has(dayOf(at))) return;
    if (how.heldAgainst !== undefined && how.heldAgainst.baseline === null) return;
    const series = find(state, id, how);
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
      const mayEscalate =
        open.severity === 'page' || !wouldPage(series) || failoverThatExplains(state, series) === null;
      if (!stepEpisode(series, open, x - series.correction, mayEscalate, params)) return;
      closeEpisode(series);
      ended.push({ series, open });
      return;
    }
    const severity = reachedSeverity(series);
    if (severity !== null && series.heldSince === null && !isExplained(state, series)) rule(state, series, severity);
  };

  /** An alarm on scores waits until the judges were asked; one that was the judge's doing starts over. */
  const rule = (state: AlertsState, series: WatchedSeries, severity: AlertSeverity, isFinal = false): void => {
    const ruling = ruleOn(state, series, severity, isFinal, params);
    if (ruling.ruling === 'wait') {
      series.heldSince ??= state.clock;
      return;
    }
    series.heldSince = null;
    if (ruling.ruling === 'judge') {
      restart(series);
      return;
    }
    const failover = failoverThatExplains(state, series);
    if (failover !== null) {
      openSeries(state, series, { kind: 'failover_quality', severity: 'ticket', findings: [mixText(failover)] });
      return;
    }
    const split = mixThatExplains(state, series);
    if (split === null) openSeries(state, series, { kind: series.id.kind, severity, findings: ruling.findings });
    else openSeries(state, series, { kind: 'traffic_mix_shift', severity: 'ticket', findings: [mixText(split)] });
  };

  const openSeries = (
    state: AlertsState,
    series: WatchedSeries,
    { kind, severity, findings }: Pick<OpenEpisode, 'kind' | 'severity' | 'findings'>,
  ): void => {
    const key = seriesKey(series.id);
    const number = (state.episodes.get(key) ?? 0) + 1;
    state.episodes.set(key, number);
    const gravest = severityOf(series.id.kind, options) === 'info' ? 'info' : severity;
    series.open = openEpisode(series, {
      id: episodeId(series.id, number),
      episode: number,
      kind,
      severity: gravest,
      findings,
    });
    begun.push(series);
  };

  /** Observers by state: feeds see one state, and nothing is made per value. */
  const observers = new WeakMap<AlertsState, Observing>();
  const observing = (state: AlertsState): Observing => {
    let own = observers.get(state);
    if (own === undefined) {
      own = { state, params, observe: (id, x, at, how = NOTHING) => observeSeries(state, id, x, at, how) };
      observers.set(state, own);
    }
    return own;
  };

  const tell = (alert: Alert | null): void => {
    if (alert !== null) told.push(alert);
  };

  const watchTraffic = (state: AlertsState, clock: EpochMs): void => {
    const last = state.traffic.lastClock;
    if (last === null) return;
    const silentMs = clock - last;
    if (silentMs < options.trafficAbsentMinutes * 60_000) {
      tell(clear(state, TRAFFIC, clock));
      return;
    }
    const text = `no interaction for ${Math.round(silentMs / 60_000)} minutes.`;
    tell(raise(state, TRAFFIC, { at: clock, began: { at: last, from: last, to: last }, text }, params));
  };

  const watchGolden = (state: AlertsState, clock: EpochMs): void => {
    const last = state.golden.lastRunAt;
    if (last === null) return;
    const hours = (clock - last) / 3_600_000;
    if (hours < options.goldenStaleHours) {
      tell(clear(state, GOLDEN_STALE, clock));
      return;
    }
    const text = `no golden run was completed for ${Math.floor(hours)} hours, so nothing says whether the judges are what they were.`;
    tell(raise(state, GOLDEN_STALE, { at: clock, began: { at: last, from: last, to: last }, text }, params));
  };

  /** A gap is over when no further one came for as long as a level has to be back. */
  const settleGaps = (state: AlertsState, clock: EpochMs): void => {
    for (const { alertId, seenAt } of [...state.conditions.values()]) {
      const alert = state.alerts.get(alertId);
      if (alert?.series.kind !== 'offset_gap' || clock - seenAt < options.resolveMinutes * 60_000) continue;
      tell(clear(state, alert.series, clock));
    }
  };

  return {
    restart(state, criteria) {
      const resolved: Alert[] = [];
      for (const [key, { id, open, lastAt }] of state.series) {
        if (id.kind !== 'score_regression' || !criteria.includes(id.criterion)) continue;
        const fired = open === null ? undefined : state.alerts.get(open.id);
        if (fired !== undefined) resolved.push({ ...fired, state: 'resolved', resolvedAt: lastAt });
        state.series.delete(key);
      }
      counts.delete(state);
      for (const alert of resolved) remember(state, alert);
      return resolved;
    },
    begin(state, clock) {
      settle(state);
      state.clock = clock;
    },
    addSessionValues(state, segment, values, outcome) {
      for (const value of values) feedScore(observing(state), segment, value, outcome);
    },
    addSession(state, outcome) {
      feedOutcome(observing(state), outcome);
    },
    addItem(state, item, segments) {
      feedItem(observing(state), item, segments);
    },
    addRecord(state, isDeadLetter) {
      state.traffic.lastClock = state.clock ?? state.traffic.lastClock;
      if (state.eventTime === null) return;
      const id: SeriesId = { kind: 'dead_letters_rise', segment: ALL_SEGMENTS, criterion: '', panel: '' };
      const target = 1 - detectors.targets.deadLetters;
      observeSeries(state, id, isDeadLetter ? 0 : 1, state.eventTime, { target });
    },
    addGoldenRun(state, run) {
      settle(state);
      for (const alert of feedGoldenRun(observing(state), run, state.clock ?? run.finishedAt)) tell(alert);
    },
    addGoldenAnswer(state, golden) {
      settle(state);
      feedGoldenAnswer(observing(state), golden);
    },
    addLabel(state, label) {
      settle(state);
      tell(feedLabel(observing(state), label, state.clock ?? label.labelledAt));
    },
    acknowledge(state, acknowledgement) {
      settle(state);
      const { closed, cleared } = applyDecision(state, acknowledgement);
      if (closed !== null) ended.push(closed);
      tell(cleared);
    },
    addGap(state, partition, missing) {
      if (missing < detectors.targets.offsetGap || state.clock === null) return;
      const id: SeriesId = { kind: 'offset_gap', segment: ALL_SEGMENTS, criterion: partition, panel: '' };
      const text = `${missing} consecutive offsets of ${partition} have no record: they were gone before they were read.`;
      tell(raise(state, id, { at: state.clock, began: null, text }, params));
    },
    advance(state, usersOf, isFinal = false) {
      const clock = state.clock ?? 0;
      for (const series of state.series.values()) {
        if (series.heldSince === null || series.open !== null) continue;
        const severity = reachedSeverity(series);
        // A drop that is no more needs no page.
        if (severity === null) series.heldSince = null;
        else rule(state, series, severity, isFinal);
      }
      const changed = new Map<WatchedSeries, OpenEpisode>();
      for (const series of begun) if (series.open !== null) changed.set(series, series.open);
      for (const series of state.series.values()) {
        const { open } = series;
        if (open === null) continue;
        const silent = series.lastClock !== null && clock - series.lastClock >= options.noDataMinutes * 60_000;
        const known = state.alerts.get(open.id);
        open.noData = silent;
        if (!isTold(known, series, open, options) || (known?.state === 'no_data') !== silent) changed.set(series, open);
      }
      watchTraffic(state, clock);
      watchGolden(state, clock);
      settleGaps(state, clock);
      updateIncidents(state, begun, params);
      for (const { series, open } of ended) tell(toAlert(state, series, open, { isOver: true, users: null }, params));
      for (const [series, open] of changed) {
        tell(toAlert(state, series, open, { isOver: false, users: usersOf(series.id.segment) }, params));
      }
      const news = told;
      [begun, ended, told] = [[], [], []];
      for (const alert of news) remember(state, alert);
      return news;
    },
  };
}

/** As grave as it is now, and as grave as it would be. */
function isTold(known: Alert | undefined, series: WatchedSeries, open: OpenEpisode, options: AlertOptions): boolean {
  if (known === undefined || known.severity !== toldSeverity(open.severity, series, options)) return false;
  return (known.withheld ?? known.severity) === open.severity;
}

const NOTHING: SeriesHow = {};
const GOLDEN_STALE: SeriesId = { kind: 'golden_set_stale', segment: ALL_SEGMENTS, criterion: '', panel: '' };
const TRAFFIC: SeriesId = { kind: 'traffic_absent', segment: ALL_SEGMENTS, criterion: '', panel: '' };

/** Judges that moved, or see the drop as well, have not parted from the users; taking an alarm away never adds a false one. */
function isExplained(state: AlertsState, { id }: WatchedSeries): boolean {
  if (id.kind !== 'judge_user_divergence') return false;
  const [criterion = ''] = id.criterion.split(':');
  if (panelStanding(state.golden, criterion, id.panel)?.moved === true) return true;
  const scores = state.series.get(seriesKey({ ...id, kind: 'score_regression', criterion }));
  return scores !== undefined && (scores.open !== null || reachedSeverity(scores) !== null);
}

function wouldPage(series: WatchedSeries): boolean {
  return reachedSeverity(series) === 'page';
}

function purposeOf(kind: AlertKind): Purpose {
  if (kind === 'score_regression') return 'scores';
  if (SCORE_KINDS.has(kind)) return 'comparisons';
  if (kind === 'traffic_mix_shift') return 'mix';
  if (USER_KINDS.has(kind)) return 'users';
  return CHECK_KINDS.has(kind) ? 'checks' : 'rest';
}

/** The key of the series that a seeded baseline is for. */
function seedKey({ kind, segment, criterion, panel }: SeededBaseline): string {
  return [kind, segment, criterion, panel].join('\u0000');
}

function dayOf(at: EpochMs): number {
  return Math.floor(at / 86_400_000);
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
