import type { Batch, IHeaders, KafkaMessage } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../domain/coordinates';
import type { PartitionOffsets } from './kafka-offsets';
import type { SourceRecord } from './port';

/** One assigned partition: what was delivered from it, what is committed, whether it may be fetched. */
export interface HeldPartition {
  readonly at: TopicPartition;
  /** The next offset to deliver; null until it is known where to start. */
  next: bigint | null;
  /** Where the next fetch should begin; null until it is known. */
  fetchFrom: bigint | null;
  /** One above the last delivered offset; `next` lies further on when all that followed was filtered by the broker. */
  deliveredEnd: bigint | null;
  /** What the group has committed, as last seen or written; never committed below it. */
  committed: bigint | null;
  /** Whether its position is settled in this epoch; nothing is delivered or committed before. */
  isPlaced: boolean;
  isPausedByCaller: boolean;
  /** Monotonic milliseconds of the last sign that it moves or has no reason to. */
  movedAtMs: number;
}

/** The partitions of a new assignment: those kept go on as they were, those gained start afresh. */
export function reassign(
  before: ReadonlyMap<string, HeldPartition>,
  assigned: readonly TopicPartition[],
  nowMs: number,
): Map<string, HeldPartition> {
  const held = new Map<string, HeldPartition>();
  for (const at of assigned) {
    const key = partitionKey(at);
    const kept = before.get(key);
    if (kept !== undefined) kept.isPlaced = false;
    held.set(key, kept ?? fresh(at, nowMs));
  }
  return held;
}

function fresh(at: TopicPartition, movedAtMs: number): HeldPartition {
  const unknown = { next: null, fetchFrom: null, deliveredEnd: null, committed: null };
  return { at, ...unknown, isPlaced: false, isPausedByCaller: false, movedAtMs };
}

/** Offsets that should have been delivered and no longer can be. */
export interface OffsetGap {
  readonly at: TopicPartition;
  /** Where reading should have gone on. */
  readonly wanted: bigint;
  /** The oldest and the next offset of the partition as it is. */
  readonly low: bigint;
  readonly high: bigint;
  /** Records lost by retention; 0 when the log was cut off at its end, where it is not known how many. */
  readonly lostRecords: bigint;
  /**
   * True when the log was cut off below records that were delivered in this assignment: their offsets may be given out
   * again, which no watermark survives, so only a fresh start helps.
   */
  readonly isBehindDelivered: boolean;
}

/**
 * Settles where a partition goes on after a join, and says when that place no longer exists. A gap starts again at the
 * oldest record. Where another member went further than we did (we were away without having noticed), we follow it.
 */
export function place(held: HeldPartition, { committed, low, high }: PartitionOffsets): OffsetGap | null {
  const wanted = maxOf(held.next, committed);
  const gap = wanted !== null && (wanted < low || wanted > high);
  const isBehindDelivered = held.deliveredEnd !== null && held.deliveredEnd > high;
  held.next = gap || wanted === null ? low : wanted;
  // After a truncation the commit lies in the future and would hold back all new ones.
  held.committed = committed !== null && committed > high ? null : committed;
  held.isPlaced = true;
  if (!gap) return null;
  return { at: held.at, wanted, low, high, lostRecords: wanted < low ? low - wanted : 0n, isBehindDelivered };
}

function maxOf(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** In kafkajs' batches, though not in its types: where the fetch began that brought the batch. */
type FetchedBatch = Batch & { readonly fetchedOffset?: string };

/**
 * True for a batch that was not fetched where it should have been. Above: taking it would skip records. Below: kafkajs
 * found its offset out of range and went back to the oldest record, without a word but in the log.
 */
export function isDisplaced({ fetchedOffset }: FetchedBatch, { next, fetchFrom }: HeldPartition): boolean {
  if (fetchedOffset === undefined || next === null || fetchFrom === null) return false;
  const from = BigInt(fetchedOffset);
  return from > next || from < fetchFrom;
}

/** The records at or above `next`. A fetch also brings older ones, since whole batches are fetched. */
export function toRecords({ topic, partition, messages }: Batch, next: bigint): SourceRecord[] {
  const records: SourceRecord[] = [];
  for (const message of messages) {
    const offset = BigInt(message.offset);
    if (offset >= next) records.push(toRecord(topic, partition, offset, message));
  }
  return records;
}

function toRecord(topic: string, partition: number, offset: bigint, message: KafkaMessage): SourceRecord {
  const { key, value, headers, timestamp } = message;
  return {
    topic,
    partition,
    offset,
    key,
    value,
    headers: headers === undefined ? {} : toStrings(headers),
    timestamp: Number(timestamp),
    sizeBytes: (key?.length ?? 0) + (value?.length ?? 0),
  };
}

/** Confluent serialisers put the schema id here, as bytes. */
const BINARY_HEADER = '__value_schema_id';

/** The last value where a name is repeated. */
function toStrings(headers: IHeaders): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [name, values] of Object.entries(headers)) {
    const last = Array.isArray(values) ? values.at(-1) : values;
    // A binary schema id survives only where every byte is a character of its own.
    if (last !== undefined) strings[name] = last.toString(name === BINARY_HEADER ? 'latin1' : 'utf8');
  }
  return strings;
}

/** `llm.interactions/0@17, llm.interactions/1@4`: what would be read next, for messages to an operator. */
export function describePositions(held: Iterable<HeldPartition>): string {
  return [...held].map(({ at, next }) => `${partitionKey(at)}@${next ?? 'start'}`).join(', ');
}

/** The shape kafkajs takes for pause and resume: `[{ topic, partitions: [0, 1] }]`. */
export function byTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics].map(([topic, numbers]) => ({ topic, partitions: numbers }));
}
