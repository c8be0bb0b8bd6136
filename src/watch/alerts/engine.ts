import type { Acknowledgement } from '../../domain/acknowledgement';
import type { Alert, AlertSeverity, SeriesId } from '../../domain/alert';
import type { GoldenAnswer } from '../../domain/golden';
import type { GoldenRunSummary } from '../../domain/golden-standing';
import type { Label } from '../../domain/label';
import type { OutcomeItem } from '../../domain/ledger-record';
import type { SegmentKey } from '../../domain/segment';
import type { SessionOutcome, SessionValue } from '../../domain/session-outcome';
import type { EpochMs } from '../../domain/time';
import { type AlertOptions, type AlertParams, detectionPart, detectionPartOf010 } from '../options-alerts';
import { ALL_SEGMENTS } from '../segments';
import { type Admission, createAdmission } from './admission';
import { raise } from './conditions';
import { applyDecision } from './decisions';
import { nextEpisode } from './episodes';
import { closeEpisode, openEpisode, reachedSeverity, restart, stepEpisode } from './episode';
import { forgetResolved } from './forget-resolved';
import { feedGoldenAnswer, feedGoldenRun, feedLabel } from './feed-golden';
import { createGoldenMemory, panelStanding } from './golden-memory';
import { dayOf, forgetSilent } from './history';
import { ruleOn } from './hold';
import { failoverThatExplains, mixText, mixThatExplains } from './mix-explains';
import { feedItem } from './feed-items';
import { feedOutcome, feedScores } from './feed-sessions';
import { updateIncidents } from './incidents';
import { severityOf } from './kinds';
import { toldSeverity } from './mode';
import type { Observing } from './observing';
import { createPlace, createPlaces, type Place } from './places';
import { episodeId, hashOf, seriesKey } from './series-key';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';
import { watchStream } from './stream-conditions';
import { reviewSeats, type Volumes } from './seats';
import { leaveStubs } from './stubs';
import { toAlert } from './to-alert';
import { observe } from './watched';

/**
 * Turns values into alerts. Pure: the same values in the same order give the same states, ids and texts. The state is
 * changed in place, and between two markers by one engine alone.
 */
export interface AlertEngine {
  /** The series of scores of criteria that mean something else now start afresh. Returns what fired, as resolved. */
  restart(state: AlertsState, isAfresh: (id: SeriesId) => boolean): readonly Alert[];
  /** A segment lost its place: its series end but for a stub, and but for those that fire. */
  evict(state: AlertsState, segment: SegmentKey): void;
  /**
   * Once a day of event time: series of segments with more traffic take the full tier from those with little, and segments
   * without any are no part of the mix. `volumesOf` is asked then alone; see `reviewSeats`.
   */
  review(state: AlertsState, day: number, volumesOf: (days: number) => Volumes): void;
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
  /** One interaction: at the first turn its checks, its segments, and whether its judges answered. */
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
    stubs: new Map(),
    seats: new Map(),
    waiting: new Map(),
    reviewedDay: null,
    episodes: new Map(),
    episodeFloor: 0,
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
    incidentsAt: null,
    decisions: [],
  };
}

const MOST_ALERTS = 500;

/** What is found again from the state: the ways to its series, and those of them that want looking at each marker. */
interface Work {
  readonly series: AlertsState['series'];
  readonly admission: Admission;
  readonly observing: Observing;
  readonly held: Set<WatchedSeries>;
  readonly firing: Set<WatchedSeries>;
}

export function createAlertEngine(params: AlertParams): AlertEngine {
  const { detectors, alerts: options } = params;
  const paramsHash = hashOf(JSON.stringify(detectionPart(params)));
  const hashOf010 = hashOf(JSON.stringify(detectionPartOf010(params)));
  const holidays: ReadonlySet<number> = new Set(detectors.holidays.map((day) => dayOf(Date.parse(day))));
  const works = new WeakMap<AlertsState, Work>();
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
    state.stubs.clear();
    state.seats.clear();
    state.waiting.clear();
    state.pairs.clear();
    state.shares.clear();
    state.mix.clear();
    state.paramsHash = paramsHash;
    works.delete(state);
  };

  const workOn = (state: AlertsState): Work => {
    let work = works.get(state);
    // Another table of series has other ways to them.
    if (work?.series !== state.series) works.set(state, (work = createWork(state)));
    return work;
  };

  const createWork = (state: AlertsState): Work => {
    const admission = createAdmission(state, params, (series, open) => ended.push({ series, open }));
    const all = [...state.series.values()];
    const work: Work = {
      series: state.series,
      admission,
      held: new Set(all.filter(({ heldSince }) => heldSince !== null)),
      firing: new Set(all.filter(({ open }) => open !== null)),
      observing: {
        state,
        params,
        places: createPlaces(),
        hasRoom: (place) => admission.hasRoom(place),
        observe: (place, x, at) => observeAt(state, work, place, x, at),
        observeRarely: (id, x, at, how) => observeAt(state, work, createPlace(id, how), x, at),
      },
    };
    return work;
  };

  /** The one place where a value meets its series. */
  const observeAt = (state: AlertsState, work: Work, place: Place, x: number, at: EpochMs): void => {
    if (holidays.size > 0 && holidays.has(dayOf(at))) return;
    if (place.isClosed) {
      if (place.isLeft) state.left += 1;
      return;
    }
    if (place.how.heldAgainst !== undefined && !hasLearned(place.how.heldAgainst())) return;
    const series = place.series ?? work.admission.admit(place);
    if (series === null) {
      if (place.isLeft) state.left += 1;
      return;
    }
    if (!observe(series, x, at, state.clock, params)) {
      state.rejected += 1;
      return;
    }
    if (series.open !== null) stepOpen(state, series, series.open, x);
    else if (series.heldSince === null) {
      const severity = reachedSeverity(series);
      if (severity !== null && !isExplained(state, series)) rule(state, work, series, severity);
    }
  };

  const stepOpen = (state: AlertsState, series: WatchedSeries, open: OpenEpisode, x: number): void => {
    open.noData = false;
    const mayEscalate =
      open.severity === 'page' || reachedSeverity(series) !== 'page' || failoverThatExplains(state, series) === null;
    if (!stepEpisode(series, open, x - series.correction, mayEscalate, params)) return;
    closeEpisode(series);
    ended.push({ series, open });
  };

  /** An alarm on scores waits until the judges were asked; one that was the judge's doing starts over. */
  const rule = (
    state: AlertsState,
    work: Work,
    series: WatchedSeries,
    severity: AlertSeverity,
    isFinal = false,
  ): void => {
    const ruling = ruleOn(state, series, severity, isFinal, params);
    if (ruling.ruling === 'wait') {
      series.heldSince ??= state.clock;
      work.held.add(series);
      return;
    }
    series.heldSince = null;
    if (ruling.ruling === 'judge') {
      restart(series);
      return;
    }
    const { kind } = series.id;
    const failover = failoverThatExplains(state, series);
    const split = failover ?? mixThatExplains(state, series);
    if (split === null) openSeries(state, work, series, { kind, severity, findings: ruling.findings });
    else {
      const told = failover === null ? 'traffic_mix_shift' : 'failover_quality';
      openSeries(state, work, series, { kind: told, severity: 'ticket', findings: [mixText(split)] });
    }
  };

  const openSeries = (
    state: AlertsState,
    work: Work,
    series: WatchedSeries,
    { kind, severity, findings }: Pick<OpenEpisode, 'kind' | 'severity' | 'findings'>,
  ): void => {
    const key = seriesKey(series.id);
    const number = nextEpisode(state, key);
    const gravest = severityOf(series.id.kind, options) === 'info' ? 'info' : severity;
    const id = episodeId(series.id, number);
    series.open = openEpisode(series, { id, episode: number, kind, severity: gravest, findings });
    begun.push(series);
    work.firing.add(series);
  };

  const ruleOnHeld = (state: AlertsState, work: Work, isFinal: boolean): void => {
    // By name, as the order in which they were held is not kept.
    const held = [...work.held].sort((a, b) => (seriesKey(a.id) < seriesKey(b.id) ? -1 : 1));
    for (const series of held) {
      if (series.heldSince !== null && series.open === null) {
        const severity = reachedSeverity(series);
        // A drop that is no more needs no page.
        if (severity === null) series.heldSince = null;
        else rule(state, work, series, severity, isFinal);
      }
      if (series.heldSince === null) work.held.delete(series);
    }
  };

  /** Firing series whose alert is new, graver, or silent or not as it was not before. */
  const changedOf = (state: AlertsState, { firing }: Work, clock: EpochMs): WatchedSeries[] => {
    const changed: WatchedSeries[] = [];
    for (const series of firing) {
      const { open } = series;
      if (open === null) {
        firing.delete(series);
        continue;
      }
      const silent = clock - series.lastClock >= options.noDataMinutes * 60_000;
      const known = state.alerts.get(open.id);
      open.noData = silent;
      if (!isTold(known, series, open, options) || (known?.state === 'no_data') !== silent) changed.push(series);
    }
    return changed.sort((a, b) => (seriesKey(a.id) < seriesKey(b.id) ? -1 : 1));
  };

  const tell = (alert: Alert | null): void => {
    if (alert !== null) told.push(alert);
  };

  return {
    restart(state, isAfresh) {
      const resolved: Alert[] = [];
      for (const [key, { id, open, lastAt }] of state.series) {
        if (!isAfresh(id)) continue;
        const fired = open === null ? undefined : state.alerts.get(open.id);
        if (fired !== undefined) resolved.push({ ...fired, state: 'resolved', resolvedAt: lastAt });
        state.series.delete(key);
      }
      for (const [key, { id }] of state.stubs) if (isAfresh(id)) state.stubs.delete(key);
      works.delete(state);
      for (const alert of resolved) remember(state, alert);
      return resolved;
    },
    evict(state, segment) {
      leaveStubs(state, segment);
      works.delete(state);
    },
    review(state, day, volumesOf) {
      const before = state.reviewedDay;
      if (before !== null && day <= before) return;
      state.reviewedDay = day;
      const hasForgotten = forgetSilent(state.mix, day);
      const hasReviewed = before !== null && reviewSeats(state, volumesOf(day - before), params);
      if (hasForgotten || hasReviewed) works.delete(state);
    },
    begin(state, clock) {
      settle(state);
      state.clock = clock;
    },
    addSessionValues(state, segment, values, outcome) {
      feedScores(workOn(state).observing, segment, values, outcome);
    },
    addSession(state, outcome) {
      feedOutcome(workOn(state).observing, outcome);
    },
    addItem(state, item, segments) {
      feedItem(workOn(state).observing, item, segments);
    },
    addRecord(state, isDeadLetter) {
      state.traffic.lastClock = state.clock ?? state.traffic.lastClock;
      if (state.eventTime === null) return;
      const { places, observe: observePlace } = workOn(state).observing;
      places.deadLetters ??= createPlace(DEAD_LETTERS, { target: 1 - detectors.targets.deadLetters });
      observePlace(places.deadLetters, isDeadLetter ? 0 : 1, state.eventTime);
    },
    addGoldenRun(state, run) {
      settle(state);
      for (const alert of feedGoldenRun(workOn(state).observing, run, state.clock ?? run.finishedAt)) tell(alert);
    },
    addGoldenAnswer(state, golden) {
      settle(state);
      feedGoldenAnswer(workOn(state).observing, golden);
    },
    addLabel(state, label) {
      settle(state);
      tell(feedLabel(workOn(state).observing, label, state.clock ?? label.labelledAt));
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
      const work = workOn(state);
      if (work.held.size > 0) ruleOnHeld(state, work, isFinal);
      const changed = work.firing.size > 0 ? changedOf(state, work, clock) : [];
      for (const alert of watchStream(state, clock, params)) tell(alert);
      const hasChanged = changed.length > 0 || ended.length > 0;
      updateIncidents(state, { begun, firing: work.firing, clock, hasChanged }, params);
      for (const { series, open } of ended) tell(toAlert(state, series, open, { isOver: true, users: null }, params));
      for (const series of changed) {
        if (series.open === null) continue;
        tell(toAlert(state, series, series.open, { isOver: false, users: usersOf(series.id.segment) }, params));
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

const DEAD_LETTERS: SeriesId = { kind: 'dead_letters_rise', segment: ALL_SEGMENTS, criterion: '', panel: '' };

/** Judges that moved, or see the drop as well, have not parted from the users; taking an alarm away never adds a false one. */
function isExplained(state: AlertsState, { id }: WatchedSeries): boolean {
  if (id.kind !== 'judge_user_divergence') return false;
  const [criterion = ''] = id.criterion.split(':');
  if (panelStanding(state.golden, criterion, id.panel)?.moved === true) return true;
  const scores = state.series.get(seriesKey({ ...id, kind: 'score_regression', criterion }));
  return scores !== undefined && (scores.open !== null || reachedSeverity(scores) !== null);
}

function hasLearned(series: WatchedSeries | null): boolean {
  return series !== null && series.baseline !== null;
}

function remember({ alerts }: AlertsState, alert: Alert): void {
  alerts.set(alert.id, alert);
  forgetResolved(alerts, MOST_ALERTS);
}
