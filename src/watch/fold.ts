import type { Alert } from '../domain/alert';
import { partitionKey } from '../domain/coordinates';
import type {
  BehaviourRecord,
  ConfigRecord,
  KeyedRecord,
  MarkerRecord,
  OutcomeItem,
  OutcomeRecord,
} from '../domain/ledger-record';
import { type SegmentKey, segmentLabel } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import type { LedgerEntry } from '../ledger/port';
import { type CeilingsOf, createCeilings } from '../policy/ceilings';
import { recordGoldenSpend, recordSpend } from '../policy/spend';
import type { ClosedSession } from '../sessions/fold';
import { type AlertEngine, createAlertEngine } from './alerts/engine';
import { dayOf } from './alerts/history';
import { usersText } from './alerts/text';
import { addCriteria, countCriterion, countRecord, countReplay } from './counts';
import { advanceEventTime, lastEventTime } from './event-time';
import { addId, sliceIdsOf } from './id-table';
import { DEFAULT_SESSIONS, parseFoldOptions } from './options';
import type { AlertParams } from './options-alerts';
import { isCountedControl } from './golden-table';
import type { SessionOptions } from '../sessions/options';
import { addAnswer, stepFailover } from './failover';
import { applyJudgeNote, applyWeights } from './judge-notes';
import { addKeyed } from './keyed-table';
import { appendOffset } from './offset-runs';
import { hold, type HeldRecord, largestGap, partitionOf, release, takeReplay } from './partitions';
import { changesOf, startsAfresh } from './resets';
import { recordItem, recordSessionValues, reviewVolumes } from './segment-table';
import { limitsOf } from './segment-limits';
import { createSegmenter, type Segmenter } from './segments';
import { sessionsBySegment } from './session-segments';
import { createSessionFeed, type SessionFeed, takenBack } from './session-table';
import { type FoldSnapshot, snapshotOf } from './snapshot';
import { createState, type FoldOptions, type FoldState } from './state';

export type { FoldSnapshot } from './snapshot';

/**
 * The ledger in, the state out: no clock, no chance, no I/O, so two folds of one log agree to the bit. The state is
 * changed in place and belongs to the caller, who hands it to nobody else.
 */
export interface Fold {
  initial(): FoldState;
  applyEntry(state: FoldState, entry: LedgerEntry): void;
  snapshot(state: FoldState): FoldSnapshot;
}

/** What differs between a fold of live traffic and one of recorded files. */
export interface FoldRuntime {
  /** Event times far ahead of when they were recorded are taken back; default false, as recordings may tell of any time. */
  readonly isLive?: boolean;
  /** Partitions without which event time does not move, and none of which is ever idle: files read one after the other. */
  readonly awaitedPartitions?: number;
  /** Told of each session as it closes; must not throw. On a restart those after the last checkpoint come again. */
  readonly onSession?: (session: ClosedSession) => void;
  /** Told of each alert that is new or has changed, after the marker that brought it; as `onSession`. */
  readonly onAlert?: (alert: Alert) => void;
}

interface Folding {
  readonly body: string;
  readonly segmentsOf: Segmenter;
  readonly feed: SessionFeed;
  readonly sessions: SessionOptions;
  /** Keys of the ceilings that an item counts towards. */
  readonly ceilingsOf: CeilingsOf;
  /** Null where nothing is watched for alerts. */
  readonly alerting: { readonly engine: AlertEngine; readonly params: AlertParams } | null;
}

/** `options` hold until the ledger's first config record, which brings its own. */
export function createFold(options: FoldOptions, runtime: FoldRuntime = {}): Fold {
  const parametersOf = (
    body: string,
    { segments, sessions = DEFAULT_SESSIONS, alerting, ceilings = [] }: FoldOptions,
  ): Folding => ({
    body,
    segmentsOf: createSegmenter(segments),
    feed: createSessionFeed(sessions, limitsOf(segments)),
    sessions,
    ceilingsOf: createCeilings(ceilings),
    alerting: alerting === undefined ? null : { engine: createAlertEngine(alerting), params: alerting },
  });
  let current = parametersOf('', options);

  /** The state says under which parameters it stands; made once per body, since the text is one object until it changes. */
  const parameters = (state: FoldState): Folding => {
    const body = state.config === null ? '' : state.config.body;
    if (body !== current.body) current = parametersOf(body, parseFoldOptions(body) ?? options);
    return current;
  };

  const applyConfig = (state: FoldState, { instance, configHash, body }: ConfigRecord): void => {
    const parsed = parseFoldOptions(body);
    const isForeign = state.config !== null && state.config.instance !== instance;
    if (parsed === null || isForeign) {
      state.ignoredConfigs += 1;
      return;
    }
    const before = state.config === null ? null : parseFoldOptions(state.config.body);
    const { alerting } = parameters(state);
    if (before !== null && alerting !== null) {
      const changes = changesOf(before, parsed);
      const resolved = alerting.engine.restart(state.alerts, (id) => startsAfresh(id, changes));
      for (const alert of resolved) runtime.onAlert?.(alert);
    }
    state.config = { instance, configHash, body };
    state.segments.limits = limitsOf(parsed.segments);
    state.ids.sliceIds = sliceIdsOf(parsed.watch.idWindow);
    addCriteria(state.counts, parsed.criteria);
  };

  const applyMarker = (state: FoldState, marker: MarkerRecord): void => {
    const before = state.clock;
    if (state.clock === null || marker.recordedAt > state.clock) state.clock = marker.recordedAt;
    const { alerting } = parameters(state);
    alerting?.engine.begin(state.alerts, state.clock);
    for (const position of marker.positions) {
      const partition = partitionOf(state.partitions, position);
      const from = partition.watermark;
      const released = release(partition, position);
      if (alerting !== null && from !== null) {
        const missing = largestGap(released, from, position.offset);
        if (missing > 0) alerting.engine.addGap(state.alerts, partitionKey(position), missing);
      }
      for (const { offset, record } of released) {
        applyRecord(state, record);
        if (record.kind === 'outcome' && record.outcome === 'dead_lettered')
          appendOffset(partition.deadLettered, offset);
      }
    }
    advanceEventTime(state, before, runtime.awaitedPartitions ?? null);
    const { feed } = parameters(state);
    if (state.eventWatermark !== null) stepFailover(state.failover, state.eventWatermark);
    if (state.eventWatermark !== null) closeSessions(state, feed.advance(state.sessions, state.eventWatermark));
    if (marker.final) {
      state.final = true;
      stepFailover(state.failover, lastEventTime(state));
      closeSessions(state, feed.finish(state.sessions, lastEventTime(state)));
    }
    if (alerting === null) return;
    if (state.eventWatermark !== null) {
      const day = dayOf(state.eventWatermark);
      alerting.engine.review(state.alerts, day, (days) => reviewVolumes(state.segments, days));
    }
    const changed = alerting.engine.advance(state.alerts, (segment) => usersOf(state, segment), marker.final);
    for (const alert of changed) runtime.onAlert?.(alert);
  };

  /** How users of a segment fare, for the text of an alert. */
  const usersOf = (state: FoldState, segment: SegmentKey): string | null => {
    const all = sessionsBySegment(state.sessions, state.eventWatermark, parameters(state).sessions);
    const label = segmentLabel(segment);
    return usersText(all.find((one) => segmentLabel(one.segment) === label)?.ratios ?? null);
  };

  const closeSessions = (state: FoldState, closed: readonly ClosedSession[]): void => {
    for (const session of closed) {
      const { alerting } = parameters(state);
      const { turns, outcome } = session;
      recordSessionValues(state.segments, turns, outcome.values, (segment, values) =>
        alerting?.engine.addSessionValues(state.alerts, segment, values, outcome),
      );
      alerting?.engine.addSession(state.alerts, outcome);
      runtime.onSession?.(session);
    }
  };

  /** Before anything takes it in: series and sessions know no time before their latest, so one of 2100 would blind them. */
  const timely = <T extends { readonly occurredAt: EpochMs }>(state: FoldState, told: T, recordedAt: EpochMs): T =>
    runtime.isLive === true ? takenBack(state.sessions, told, recordedAt) : told;

  const applyRecord = (state: FoldState, record: HeldRecord): void => {
    if (record.kind === 'outcome') {
      parameters(state).alerting?.engine.addRecord(state.alerts, record.outcome === 'dead_lettered');
    }
    if (record.kind === 'behaviour') {
      countRecord(state.counts, 'behaviour');
      parameters(state).feed.addBehaviour(state.sessions, timely(state, record.behaviour, record.recordedAt));
    } else if (record.item === null) countRecord(state.counts, record.outcome);
    else if (addId(state.ids, record.item.interactionId)) {
      applyItem(state, record.outcome, timely(state, record.item, record.recordedAt), record.recordedAt);
    } else countRecord(state.counts, 'duplicate');
  };

  const applyItem = (state: FoldState, outcome: FoldOutcome, item: OutcomeItem, recordedAt: EpochMs): void => {
    countRecord(state.counts, outcome);
    const { segmentsOf, alerting } = parameters(state);
    const segments = segmentsOf(item);
    alerting?.engine.addItem(state.alerts, item, segments);
    takeIn(state, item, recordedAt, segments);
  };

  const takeIn = (state: FoldState, item: OutcomeItem, recordedAt: EpochMs, segments: readonly SegmentKey[]): void => {
    state.counts.interactions += 1;
    addAnswer(state.failover, Math.min(item.occurredAt, recordedAt), item.producerRoute);
    for (const criterion of item.criteria) countCriterion(state.counts, criterion);
    if (item.sampled) {
      recordItem(state.segments, segments, item.criteria, {
        // What claims to be of the future keeps no place for longer.
        at: Math.min(item.occurredAt, recordedAt),
        now: state.eventWatermark ?? -Infinity,
        onEvicted: (segment) => parameters(state).alerting?.engine.evict(state.alerts, segment),
      });
    }
    parameters(state).feed.addItem(state.sessions, item, segments);
  };

  /**
   * A dead letter's second chance, at its own event time and counted apart. It tells no detector anything: those watch
   * what comes now.
   */
  const applyReplay = (state: FoldState, record: OutcomeRecord | BehaviourRecord): void => {
    const partition = partitionOf(state.partitions, record.source);
    if (record.kind === 'outcome' && record.outcome === 'dead_lettered') state.dropped.replay += 1;
    else if (!takeReplay(partition, record.source.offset)) state.dropped.replay += 1;
    else if (record.kind === 'behaviour') {
      countReplay(state.counts, 'behaviour');
      parameters(state).feed.addBehaviour(state.sessions, timely(state, record.behaviour, record.recordedAt));
    } else if (record.item === null) countReplay(state.counts, record.outcome);
    else if (addId(state.ids, record.item.interactionId)) {
      countReplay(state.counts, record.outcome);
      const item = timely(state, record.item, record.recordedAt);
      takeIn(state, item, record.recordedAt, parameters(state).segmentsOf(item));
    } else countReplay(state.counts, 'duplicate');
  };

  /** At once and whatever becomes of the record: it has been paid for. */
  const spendOn = (state: FoldState, record: OutcomeRecord): void => {
    if (record.item === null || !(record.item.costUsd > 0)) return;
    recordSpend(state.spend, {
      at: record.recordedAt,
      partition: partitionKey(record.source),
      usd: record.item.costUsd,
      ceilings: parameters(state).ceilingsOf(record.item.segments),
    });
  };

  const applyKeyed = (state: FoldState, record: KeyedRecord): void => {
    const isFirst = record.kind !== 'label' || !state.keyed.labels.has(record.key);
    const isAgain = record.kind === 'golden' && isCountedControl(state.keyed.golden, record.golden);
    const completed = addKeyed(state.keyed, record);
    const engine = parameters(state).alerting?.engine;
    if (engine === undefined) return;
    if (record.kind === 'golden' && !isAgain) engine.addGoldenAnswer(state.alerts, record.golden);
    if (record.kind === 'label' && isFirst) engine.addLabel(state.alerts, record.label);
    if (record.kind === 'acknowledgement') engine.acknowledge(state.alerts, record.acknowledgement);
    for (const run of completed) engine.addGoldenRun(state.alerts, run);
  };

  return {
    initial: () => createState(options),
    applyEntry(state, { position, record }) {
      if (position < state.position) return;
      state.position = position + 1n;
      switch (record.kind) {
        case 'outcome':
        case 'behaviour': {
          if (record.kind === 'outcome') spendOn(state, record);
          if (record.isReplay === true) return applyReplay(state, record);
          const held = hold(partitionOf(state.partitions, record.source), record);
          if (held !== 'held') state.dropped[held] += 1;
          return;
        }
        case 'marker':
          applyMarker(state, record);
          return;
        case 'config':
          applyConfig(state, record);
          return;
        case 'golden':
          recordGoldenSpend(state.spend, record.recordedAt, record.golden.costUsd);
          applyKeyed(state, record);
          return;
        case 'annotation':
          applyJudgeNote(state, record.annotation);
          applyWeights(state, record.annotation);
          applyKeyed(state, record);
          return;
        case 'label':
        case 'acknowledgement':
          applyKeyed(state, record);
      }
    },
    snapshot: (state) => {
      const { alerting, sessions } = parameters(state);
      return snapshotOf(state, { watching: alerting?.params ?? null, sessions });
    },
  };
}

type FoldOutcome = Parameters<typeof countRecord>[1];
