import { partitionKey, type TopicPartition } from '../domain/coordinates';
import type { DeadLetter } from '../domain/dead-letter';
import type { BehaviourRecord, MarkerPosition, OutcomeRecord } from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import type { Verdict } from '../domain/verdict';
import type { WrittenOffsets } from '../ledger/port';
import type { ActiveSpan, SpanLink } from '../platform/observer';
import type { SourceRecord } from '../source/port';
import { createWatermark, type Watermark } from '../source/watermark';

/** What is known of one assigned partition; made anew with each assignment, so results of a lost one find `lost` set. */
export interface Partition extends TopicPartition {
  readonly key: string;
  readonly spanName: string;
  /** Received and not finished, those at the front of the line first; `head` is the first that was not taken out. */
  readonly queue: Item[];
  head: number;
  readonly watermark: Watermark;
  /** Highest offset received; what is delivered again at or below it is in flight or done already. */
  received: bigint;
  /** Started items in offset order, for the event time of what lies below the watermark. */
  readonly inOrder: Item[];
  eventTime: EpochMs | null;
  /** Work of a lost partition is void. */
  lost: boolean;
  /** True while the record at the front waits for its schema, or for a look into the ledger: all behind it wait too. */
  decoding: boolean;
  /** What the ledger held of it when it was assigned; null when that is not known or all above it. */
  written: WrittenOffsets | null;
  /** That record. */
  waitingForSchema: Item | null;
  /** Failed attempts to reach the schema registry for the record at the front. */
  schemaFailures: number;
  deliveredSinceMarker: boolean;
  /** Last position that the source has committed for us; null before the first. */
  committed: bigint | null;
}

/** One source record on its way; one object per record, filled in as it goes, so that the hot path makes no others. */
export interface Item {
  readonly partition: Partition;
  readonly offset: bigint;
  readonly sizeBytes: number;
  readonly timestamp: EpochMs;
  /** Dropped as soon as the result is known. */
  record: SourceRecord | null;
  stage: ItemStage;
  /** Set once the id is claimed in the table of recent ids, until it is settled or released. */
  claimedId: string | null;
  /** Largest possible contribution to the partition's event time; null for records without an event. */
  eventTime: EpochMs | null;
  span: ActiveSpan | null;
  traceId: string | null;
  /** Its own span, once it has ended too; null when the trace is not sampled. */
  publishLink: SpanLink | null;
  /** Present while a judge may be asked. */
  abort: AbortController | null;
  verdict: Verdict | null;
  deadLetter: DeadLetter | null;
  line: OutcomeRecord | BehaviourRecord | null;
}

/** `gone`: its line is durable, or it was given up; either way it weighs nothing any more. */
export type ItemStage = 'queued' | 'judging' | 'publishing' | 'gone';

export function createPartition({ topic, partition }: TopicPartition): Partition {
  return {
    topic,
    partition,
    key: partitionKey({ topic, partition }),
    spanName: `process ${topic}`,
    queue: [],
    head: 0,
    watermark: createWatermark(),
    received: -1n,
    inOrder: [],
    eventTime: null,
    lost: false,
    decoding: false,
    written: null,
    waitingForSchema: null,
    schemaFailures: 0,
    deliveredSinceMarker: false,
    committed: null,
  };
}

export function createItem(partition: Partition, record: SourceRecord): Item {
  return {
    partition,
    offset: record.offset,
    sizeBytes: record.sizeBytes,
    timestamp: record.timestamp,
    record,
    stage: 'queued',
    claimedId: null,
    eventTime: null,
    span: null,
    traceId: null,
    publishLink: null,
    abort: null,
    verdict: null,
    deadLetter: null,
    line: null,
  };
}

export function enqueue(partition: Partition, item: Item): void {
  partition.received = item.offset;
  partition.deliveredSinceMarker = true;
  partition.watermark.start(item.offset);
  partition.inOrder.push(item);
  partition.queue.push(item);
}

export function dequeue(partition: Partition): Item | null {
  const item = partition.queue[partition.head];
  if (item === undefined) return null;
  partition.head += 1;
  // Emptying beats shifting: a shift moves everything behind it.
  if (partition.head === partition.queue.length || partition.head >= 1024) {
    partition.queue.splice(0, partition.head);
    partition.head = 0;
  }
  return item;
}

/** Takes out everything that was not decoded yet, the record that waits for its schema included. */
export function dequeueAll(partition: Partition): Item[] {
  const items = partition.waitingForSchema === null ? [] : [partition.waitingForSchema];
  partition.waitingForSchema = null;
  for (let item = dequeue(partition); item !== null; item = dequeue(partition)) items.push(item);
  return items;
}

export function queuedRecords(partition: Partition): number {
  return partition.queue.length - partition.head;
}

/**
 * The partition's part of a marker; null before anything was delivered, since then nothing is known of it. Idle means
 * that nothing came for a whole interval and nothing is left, so other partitions need not wait for its event time.
 */
export function toMarkerPosition(partition: Partition, paused: boolean): MarkerPosition | null {
  const offset = partition.watermark.position();
  if (offset === null) return null;
  passBelow(partition, offset);
  const idle = !paused && !partition.deliveredSinceMarker && partition.inOrder.length === 0;
  partition.deliveredSinceMarker = false;
  return { topic: partition.topic, partition: partition.partition, offset, eventTime: partition.eventTime, idle };
}

/** Only records below the watermark count: the fold has not seen the others, which must not arrive late. */
function passBelow(partition: Partition, offset: bigint): void {
  let passed = 0;
  for (const item of partition.inOrder) {
    if (item.offset >= offset) break;
    passed += 1;
    if (item.eventTime !== null && (partition.eventTime === null || item.eventTime > partition.eventTime)) {
      partition.eventTime = item.eventTime;
    }
  }
  partition.inOrder.splice(0, passed);
}
