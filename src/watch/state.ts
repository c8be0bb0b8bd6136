import type { EpochMs } from '../domain/time';
import { partitionKey, type PartitionPosition } from '../domain/coordinates';
import { type Counts, createCounts, type CriterionCounts } from './counts';
import { createIdTable, decodeIdTable, type EncodedIdTable, encodeIdTable, type IdTable } from './id-table';
import type { SegmentOptions, WatchOptions } from './options';
import type { FoldPartition, FoldPartitions, HeldRecord } from './partitions';
import { createSegmentTable, type SegmentTable } from './segment-table';
import type { CriterionSeries, PanelSeries } from './series';

export interface FoldOptions {
  readonly segments: SegmentOptions;
  readonly watch: WatchOptions;
  /** Names of the configured criteria; others found in the ledger are counted too. */
  readonly criteria: readonly string[];
}

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
  readonly dropped: Dropped;
}

/** Ledger lines without effect, by why; how much at-least-once delivery has cost. */
export interface Dropped {
  late: number;
  repeated: number;
}

/** Plain JSON: maps as arrays of entries in their order, bigints as decimal strings. */
export interface EncodedState {
  readonly version: 1;
  readonly position: string;
  readonly clock: EpochMs | null;
  readonly final: boolean;
  readonly partitions: readonly EncodedPartition[];
  readonly ids: EncodedIdTable;
  readonly counts: Omit<Counts, 'criteria'> & { readonly criteria: readonly [string, CriterionCounts][] };
  readonly segments: {
    readonly overflow: readonly [string, number][];
    readonly rejected: number;
    readonly dimensions: readonly [string, readonly [string, readonly [string, EncodedSeries][]][]][];
  };
  readonly dropped: Dropped;
}

type EncodedPartition = Omit<FoldPartition, 'watermark' | 'held'> & {
  readonly watermark: string | null;
  readonly held: readonly { readonly offset: string; readonly record: HeldRecord }[];
};

type EncodedSeries = Omit<CriterionSeries, 'panels'> & { readonly panels: readonly [string, PanelSeries][] };

export function createState({ watch, segments, criteria }: FoldOptions): FoldState {
  return {
    position: 0n,
    clock: null,
    final: false,
    partitions: new Map(),
    ids: createIdTable(watch.idWindow),
    counts: createCounts(criteria),
    segments: createSegmentTable(segments.maxValues),
    dropped: { late: 0, repeated: 0 },
  };
}

/** Shares the parts that are plain already: stringify it before the state goes on. */
export function encodeState(state: FoldState): EncodedState {
  const { counts, segments } = state;
  return {
    version: 1,
    position: String(state.position),
    clock: state.clock,
    final: state.final,
    partitions: inOrder(state.partitions).map(encodePartition),
    ids: encodeIdTable(state.ids),
    counts: { ...counts, criteria: [...counts.criteria] },
    segments: {
      overflow: [...segments.overflow],
      rejected: segments.rejected,
      dimensions: [...segments.dimensions].map(([dimension, values]) => [
        dimension,
        [...values].map(([value, criteria]) => [
          value,
          [...criteria].map(([criterion, series]) => [criterion, { ...series, panels: [...series.panels] }]),
        ]),
      ]),
    },
    dropped: state.dropped,
  };
}

/** Takes ownership of what it is given: decode a freshly parsed value. The options are those the state was made with. */
export function decodeState(encoded: EncodedState, options: FoldOptions): FoldState {
  const { counts, segments } = encoded;
  return {
    position: BigInt(encoded.position),
    clock: encoded.clock,
    final: encoded.final,
    partitions: new Map(encoded.partitions.map((partition) => [partitionKey(partition), decodePartition(partition)])),
    ids: decodeIdTable(encoded.ids, options.watch.idWindow),
    counts: { ...counts, criteria: new Map(counts.criteria) },
    segments: {
      maxValues: options.segments.maxValues,
      rejected: segments.rejected,
      overflow: new Map(segments.overflow),
      dimensions: new Map(
        segments.dimensions.map(([dimension, values]) => [
          dimension,
          new Map(
            values.map(([value, criteria]) => [
              value,
              new Map(criteria.map(([name, series]) => [name, { ...series, panels: new Map(series.panels) }])),
            ]),
          ),
        ]),
      ),
    },
    dropped: { ...encoded.dropped },
  };
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
    held: partition.held.map(({ offset, record }) => ({ offset: String(offset), record })),
  };
}

function decodePartition(partition: EncodedPartition): FoldPartition {
  return {
    ...partition,
    watermark: partition.watermark === null ? null : BigInt(partition.watermark),
    held: partition.held.map(({ offset, record }) => ({ offset: BigInt(offset), record })),
  };
}
