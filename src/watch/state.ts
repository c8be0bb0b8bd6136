import type { EpochMs } from '../domain/time';
import { partitionKey, type PartitionPosition } from '../domain/coordinates';
import { type Counts, createCounts, type CriterionCounts } from './counts';
import { createFailover, decodeFailover, type EncodedFailover, encodeFailover, type FailoverState } from './failover';
import { createIdTable, decodeIdTable, type EncodedIdTable, encodeIdTable, type IdTable } from './id-table';
import { decodeRuns, encodeRuns } from './offset-runs';
import { type FoldOptions, parseFoldOptions } from './options';
import type { FoldPartition, FoldPartitions, HeldRecord } from './partitions';
import { decodeAlerts, type EncodedAlerts, encodeAlerts } from './alerts/encode';
import { createAlertsState } from './alerts/engine';
import type { AlertsState } from './alerts/state';
import { createKeyedTable, decodeKeyed, type EncodedKeyed, encodeKeyed, type KeyedTable } from './keyed-table';
import { createSpend, decodeSpend, type EncodedSpend, encodeSpend, type Spend } from '../policy/spend';
import type { Weighting } from '../policy/weighting';
import { createSegmentTable, type SegmentTable } from './segment-table';
import { limitsOf } from './segment-limits';
import type { CriterionSeries } from './series';
import { createSegmentSeries, type SegmentSeries, seriesIn } from './series-rows';
import {
  createSessionTable,
  decodeSessionTable,
  type EncodedSessionTable,
  encodeSessionTable,
  type SessionTable,
} from './session-table';

export type { FoldOptions } from './options';

/**
 * All that WATCH knows, owned by the fold and changed by nothing else. `encodeState` turns it into plain JSON and
 * `decodeState` back; going on from either gives the same bits.
 */
export interface FoldState {
  /** Next ledger position; everything below it is applied, so an entry read again changes nothing. */
  position: bigint;
  /** The largest marker time; null before the first. */
  clock: EpochMs | null;
  /** True once the last marker of a replay was seen. */
  final: boolean;
  readonly partitions: FoldPartitions;
  readonly ids: IdTable;
  readonly counts: Counts;
  readonly segments: SegmentTable;
  sessions: SessionTable;
  alerts: AlertsState;
  /** Labels, annotations, acknowledgements and golden runs. */
  keyed: KeyedTable;
  /** Event time up to which all is complete, but for what is late; null before anything can be said. */
  eventWatermark: EpochMs | null;
  failover: FailoverState;
  readonly dropped: Dropped;
  /** What judging has cost; also of records that came second. */
  readonly spend: Spend;
  /** Judges that people have paused. */
  readonly pausedJudges: Set<string>;
  /** By criterion. */
  readonly weightings: Map<string, Weighting>;
  /** The last config record that counted: whose ledger this is and under which parameters it is folded; null before. */
  config: FoldConfig | null;
  /** Config records of another instance, or whose body this version cannot read. */
  ignoredConfigs: number;
}

/** Of a config record, what the fold goes by. */
export interface FoldConfig {
  readonly instance: string;
  readonly configHash: string;
  /** JSON text of `FoldOptions`. */
  readonly body: string;
}

/** Ledger lines without effect, by why; how much at-least-once delivery has cost. */
export interface Dropped {
  late: number;
  repeated: number;
  /** Replays of what is no dead letter, or no longer, or not yet. */
  replay: number;
}

const NOTHING_DROPPED: Dropped = { late: 0, repeated: 0, replay: 0 };

/**
 * The version of the state's shape. One that an older version wrote is upgraded when it is read; a newer one is refused,
 * since what it counts is unknown here.
 */
export const STATE_VERSION = 4;

/** Plain JSON: maps as arrays of entries in their order, bigints as decimal strings. */
export interface EncodedState extends EncodedHead {
  readonly ids: EncodedIdTable;
  readonly sessions: EncodedSessionTable;
  readonly alerts: EncodedAlerts;
  readonly keyed: EncodedKeyed;
  readonly segments: EncodedHead['segments'] & { readonly dimensions: readonly EncodedDimension[] };
}

/** All but the five parts that grow large, which a checkpoint writes in slices. */
export interface EncodedHead {
  readonly version: typeof STATE_VERSION;
  readonly position: string;
  readonly clock: EpochMs | null;
  readonly final: boolean;
  readonly partitions: readonly EncodedPartition[];
  readonly counts: Omit<Counts, 'criteria'> & { readonly criteria: readonly [string, CriterionCounts][] };
  readonly segments: { readonly overflow: readonly [string, number][]; readonly rejected: number };
  readonly eventWatermark: EpochMs | null;
  /** Absent in states of before episodes of failover. */
  readonly failover?: EncodedFailover;
  readonly dropped: Dropped;
  /** Absent in states written before budgets. */
  readonly spend?: EncodedSpend;
  readonly pausedJudges?: readonly string[];
  readonly weightings?: readonly Weighting[];
  readonly config: FoldConfig | null;
  readonly ignoredConfigs: number;
}

export type EncodedDimension = readonly [string, readonly EncodedValue[]];
/** One value of a dimension with its series by criterion. */
export type EncodedValue = readonly [
  value: string,
  criteria: readonly (readonly [string, CriterionSeries])[],
  /** Absent in states of before values could lose their places. */
  records?: number,
  lastAt?: EpochMs | null,
  /** Absent in states of before there were tiers. */
  volume?: readonly [volume: number, reviewedRecords: number],
];

type EncodedPartition = Omit<FoldPartition, 'watermark' | 'held' | 'deadLettered'> & {
  readonly watermark: string | null;
  /** Absent in states of before there were replays. */
  readonly deadLettered?: string;
  readonly held: readonly { readonly offset: string; readonly record: HeldRecord }[];
};

export function createState({ watch, segments, criteria }: FoldOptions): FoldState {
  return {
    position: 0n,
    clock: null,
    final: false,
    partitions: new Map(),
    ids: createIdTable(watch.idWindow),
    counts: createCounts(criteria),
    segments: createSegmentTable(limitsOf(segments)),
    sessions: createSessionTable(),
    alerts: createAlertsState(),
    keyed: createKeyedTable(),
    eventWatermark: null,
    failover: createFailover(),
    dropped: { ...NOTHING_DROPPED },
    spend: createSpend(),
    pausedJudges: new Set(),
    weightings: new Map(),
    config: null,
    ignoredConfigs: 0,
  };
}

/** Shares the parts that are plain already: stringify it before the state goes on. */
export function encodeState(state: FoldState): EncodedState {
  const head = encodeHead(state);
  const dimensions = [...state.segments.dimensions].map(([dimension, values]): EncodedDimension => {
    return [dimension, [...values].map(encodeValue)];
  });
  return {
    ...head,
    ids: encodeIdTable(state.ids),
    sessions: encodeSessionTable(state.sessions),
    alerts: encodeAlerts(state.alerts),
    keyed: encodeKeyed(state.keyed),
    segments: { ...head.segments, dimensions },
  };
}

export function encodeHead(state: FoldState): EncodedHead {
  const { counts, segments } = state;
  return {
    version: STATE_VERSION,
    position: String(state.position),
    clock: state.clock,
    final: state.final,
    partitions: inOrder(state.partitions).map(encodePartition),
    counts: { ...counts, criteria: [...counts.criteria] },
    segments: { overflow: [...segments.overflow], rejected: segments.rejected },
    eventWatermark: state.eventWatermark,
    failover: encodeFailover(state.failover),
    dropped: state.dropped,
    spend: encodeSpend(state.spend),
    pausedJudges: [...state.pausedJudges],
    weightings: [...state.weightings.values()],
    config: state.config,
    ignoredConfigs: state.ignoredConfigs,
  };
}

export function encodeValue([value, own]: readonly [string, SegmentSeries]): EncodedValue {
  const { records, lastAt, volume, reviewedRecords } = own;
  return [value, seriesIn(own), records, Number.isFinite(lastAt) ? lastAt : null, [volume, reviewedRecords]];
}

/**
 * Takes ownership of what it is given: decode a freshly parsed value. `options` are those the state was made with; a
 * config record that the state has seen wins over them.
 */
export function decodeState(encoded: EncodedState, options: FoldOptions): FoldState {
  const { watch } = effectiveOptions(encoded.config, options);
  const state = decodeHead(encoded, options);
  for (const [dimension, values] of encoded.segments.dimensions) addValues(state, dimension, values);
  return {
    ...state,
    ids: decodeIdTable(encoded.ids, watch.idWindow),
    sessions: decodeSessionTable(encoded.sessions),
    alerts: decodedAlerts(encoded.alerts, encoded.config, options),
    keyed: decodeKeyed(encoded.keyed),
  };
}

/** The state without ids, series, sessions, alerts and keyed records, which are added afterwards. */
export function decodeHead(encoded: EncodedHead, options: FoldOptions): FoldState {
  const { counts, segments } = encoded;
  const effective = effectiveOptions(encoded.config, options);
  return {
    position: BigInt(encoded.position),
    clock: encoded.clock,
    final: encoded.final,
    partitions: new Map(encoded.partitions.map((partition) => [partitionKey(partition), decodePartition(partition)])),
    ids: createIdTable(effective.watch.idWindow),
    counts: { ...counts, criteria: new Map(counts.criteria), replays: { ...counts.replays } },
    segments: {
      ...createSegmentTable(limitsOf(effective.segments)),
      rejected: segments.rejected,
      overflow: new Map(segments.overflow),
    },
    sessions: createSessionTable(),
    alerts: createAlertsState(),
    keyed: createKeyedTable(),
    eventWatermark: encoded.eventWatermark,
    failover: encoded.failover === undefined ? createFailover() : decodeFailover(encoded.failover),
    dropped: { ...NOTHING_DROPPED, ...encoded.dropped },
    spend: encoded.spend === undefined ? createSpend() : decodeSpend(encoded.spend),
    pausedJudges: new Set(encoded.pausedJudges),
    weightings: new Map((encoded.weightings ?? []).map((weighting) => [weighting.criterion, weighting])),
    config: encoded.config,
    ignoredConfigs: encoded.ignoredConfigs,
  };
}

export function addValues(
  { segments, eventWatermark }: FoldState,
  dimension: string,
  values: readonly EncodedValue[],
): void {
  const known = segments.dimensions.get(dimension) ?? new Map<string, SegmentSeries>();
  segments.dimensions.set(dimension, known);
  for (const [value, criteria, records = 0, lastAt = eventWatermark, volume = [0, records] as const] of values) {
    known.set(value, createSegmentSeries(segments.emptyShape, criteria, records, lastAt ?? -Infinity, volume));
  }
}

/** Without parameters there are no series, and nothing that needs them. */
export function decodedAlerts(encoded: EncodedAlerts, config: FoldConfig | null, options: FoldOptions): AlertsState {
  const { alerting } = effectiveOptions(config, options);
  return alerting === undefined ? createAlertsState() : decodeAlerts(encoded, alerting);
}

function effectiveOptions(config: FoldConfig | null, options: FoldOptions): FoldOptions {
  return (config === null ? null : parseFoldOptions(config.body)) ?? options;
}

/** Where each partition stands: everything below is applied. */
export function watermarksOf(partitions: FoldPartitions): PartitionPosition[] {
  const positions: PartitionPosition[] = [];
  for (const { topic, partition, watermark } of inOrder(partitions)) {
    if (watermark !== null) positions.push({ topic, partition, offset: watermark });
  }
  return positions;
}

/** By name: the order in which partitions were first heard of must not show. */
function inOrder(partitions: FoldPartitions): FoldPartition[] {
  return [...partitions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, partition]) => partition);
}

function encodePartition(partition: FoldPartition): EncodedPartition {
  return {
    ...partition,
    watermark: partition.watermark === null ? null : String(partition.watermark),
    deadLettered: encodeRuns(partition.deadLettered),
    held: partition.held.map(({ offset, record }) => ({ offset: String(offset), record })),
  };
}

function decodePartition(partition: EncodedPartition): FoldPartition {
  return {
    ...partition,
    watermark: partition.watermark === null ? null : BigInt(partition.watermark),
    deadLettered: decodeRuns(partition.deadLettered ?? ''),
    held: partition.held.map(({ offset, record }) => ({ offset: BigInt(offset), record })),
  };
}
