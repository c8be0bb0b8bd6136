import { partitionKey, type TopicPartition } from '../domain/coordinates';
import type { BehaviourRecord, MarkerPosition, OutcomeRecord } from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import type { WrittenOffsets } from '../ledger/port';
import { type OffsetRuns, removeOffset } from './offset-runs';

/** What the fold needs of a record once its place is known; plain JSON. */
export type HeldRecord = Omit<OutcomeRecord, 'source'> | Omit<BehaviourRecord, 'source'>;

export interface Held {
  readonly offset: bigint;
  readonly record: HeldRecord;
}

/** Records at or above the watermark wait here for the marker that releases them in offset order. */
export interface FoldPartition extends TopicPartition {
  /** Below it everything is applied; null before the first marker. */
  watermark: bigint | null;
  /** Ascending by offset, one record per offset: the first that came. Bounded by what SCORE has in flight. */
  held: Held[];
  eventTime: EpochMs | null;
  idle: boolean;
  /** Offsets below the watermark that are dead letters still: what a replay may take the place of. */
  readonly deadLettered: OffsetRuns;
}

export type FoldPartitions = Map<string, FoldPartition>;

export function partitionOf(partitions: FoldPartitions, at: TopicPartition): FoldPartition {
  const key = partitionKey(at);
  let partition = partitions.get(key);
  if (partition === undefined) {
    const { topic, partition: number } = at;
    partition = {
      topic,
      partition: number,
      watermark: null,
      held: [],
      eventTime: null,
      idle: false,
      deadLettered: [],
    };
    partitions.set(key, partition);
  }
  return partition;
}

/**
 * `late`: a marker has passed it, so its effective record is applied already. `repeated`: an earlier record of the
 * same offset is held. Both are what at-least-once delivery, crashes and zombies leave behind.
 */
export function hold(partition: FoldPartition, record: OutcomeRecord | BehaviourRecord): 'held' | 'late' | 'repeated' {
  const { offset } = record.source;
  if (partition.watermark !== null && offset < partition.watermark) return 'late';
  const { held } = partition;
  let index = held.length;
  // From the end: records come nearly in order.
  while (index > 0) {
    const before = held[index - 1];
    if (before === undefined || before.offset < offset) break;
    if (before.offset === offset) return 'repeated';
    index -= 1;
  }
  held.splice(index, 0, { offset, record: withoutSource(record) });
  return 'held';
}

/**
 * True when the line is a dead letter's second chance and the first to come; then the dead letter is one no more.
 * A letter whose marker is still to come keeps its place, so that it is counted before its replay is.
 */
export function takeReplay(partition: FoldPartition, offset: bigint): boolean {
  return removeOffset(partition.deadLettered, offset);
}

/** Moves the watermark and returns what lies below it, in offset order. An older position changes nothing. */
export function release(partition: FoldPartition, position: MarkerPosition): readonly Held[] {
  if (partition.watermark !== null && position.offset < partition.watermark) return NOTHING;
  partition.watermark = position.offset;
  partition.idle = position.idle;
  if (position.eventTime !== null && (partition.eventTime === null || position.eventTime > partition.eventTime)) {
    partition.eventTime = position.eventTime;
  }
  let below = 0;
  while (below < partition.held.length && (partition.held[below]?.offset ?? 0n) < position.offset) below += 1;
  return below === 0 ? NOTHING : partition.held.splice(0, below);
}

/** Most consecutive offsets in [from, to) without a record among the released ones, which are in order. */
export function largestGap(released: readonly Held[], from: bigint, to: bigint): number {
  if (to - from <= BigInt(released.length)) return 0;
  let largest = 0n;
  let next = from;
  for (const { offset } of released) {
    if (offset - next > largest) largest = offset - next;
    next = offset + 1n;
  }
  return Number(to - next > largest ? to - next : largest);
}

/** A copy: the fold goes on meanwhile. */
export function writtenIn(partition: FoldPartition | undefined): WrittenOffsets {
  if (partition === undefined) return { highest: -1n, has: () => false };
  const below = partition.watermark ?? 0n;
  const above = new Set(partition.held.map(({ offset }) => offset));
  const highest = partition.held.at(-1)?.offset ?? below - 1n;
  return { highest, has: (offset) => offset < below || above.has(offset) };
}

const NOTHING: readonly Held[] = [];

function withoutSource(record: OutcomeRecord | BehaviourRecord): HeldRecord {
  if (record.kind === 'behaviour') {
    return { kind: 'behaviour', recordedAt: record.recordedAt, behaviour: record.behaviour };
  }
  const { kind, recordedAt, outcome, deadLetterReason, item } = record;
  return { kind, recordedAt, outcome, deadLetterReason, item };
}
