import { randomBytes } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../domain/coordinates';
import type { EpochMs } from '../domain/time';
import type { Clock } from '../platform/clock';
import type { KafkaAccess } from './kafka-client';
import { withAdmin, assertTopicsExist } from './kafka-client-admin';
import { delay, within } from './kafka-client-delay';
import { createKafkaMember } from './kafka-client-member';
import { toRecords } from './kafka-partitions';
import type { WindowOptions } from './options';
import type { PartitionLag, Source, SourceHandlers, SourceRecord, SourceState } from './port';

/** Records of one partition from `from` up to `to`, which is not one of them. */
export interface OffsetRange extends TopicPartition {
  readonly from: bigint;
  readonly to: bigint;
}

export interface KafkaRangeOptions extends KafkaAccess {
  /** Those of one partition ascending and apart from each other; offsets must exist (see `rangesByTime`, `clampRanges`). */
  readonly ranges: readonly OffsetRange[];
  /** The group is a throwaway of this prefix, for the ACLs of the cluster; it commits nothing. */
  readonly groupPrefix: string;
  readonly window: WindowOptions;
  readonly clock: Clock;
  /** Handed over per second at most, over all partitions; default: as fast as they are taken. */
  readonly recordsPerSecond?: number;
}

interface Lane {
  readonly at: TopicPartition;
  /** What is left, the first one begun. */
  readonly left: OffsetRange[];
  next: bigint;
  isPaused: boolean;
}

const PATIENCE_MS = 10_000;
/** The unit of pacing: a consumer that waits must still tell the broker that it lives. */
const SLICE_MS = 250;

/**
 * Ranges of a topic's records as a finite source: read beside the live traffic, by a group of its own, and without a trace
 * in the topic or in the groups of others. `onEnd` follows the last record. Errors as those of `createKafkaSource`.
 */
export function createKafkaRangeSource(options: KafkaRangeOptions): Source {
  const { ranges, clock, recordsPerSecond, logger } = options;
  const lanes = toLanes(ranges);
  const partitions = [...lanes.values()].map(({ at }) => at);
  const stopping = new AbortController();
  let handlers: SourceHandlers | null = null;
  let state: SourceState = { status: 'starting', reason: 'not started', assigned: [] };
  let isDraining = false;
  let isOver = false;
  let paceFromMs = 0;
  let paced = 0;

  const member = createKafkaMember({
    ...options,
    topics: [...new Set(partitions.map(({ topic }) => topic))],
    groupId: `${options.groupPrefix}-${randomBytes(8).toString('hex')}`,
    maxFetchBytes: options.window.maxBytes,
    events: {
      onJoin: (assigned) => placeAll(assigned),
      onBatch: (payload) => takeBatch(payload),
      onEmptyBatch(at, lastOffset) {
        const lane = lanes.get(partitionKey(at));
        if (lane !== undefined) reached(lane, lastOffset + 1n);
      },
      onHeartbeat: () => {},
      onRebalance: () => {},
      onDown: (error) => logger.warn({ error: error.message }, 'out of the group of a range, joining again'),
      onGone(error) {
        state = { status: 'failed', reason: error.message, assigned: [] };
        handlers?.onFatal(error);
      },
    },
  });

  /** The group has one member, so it has all partitions, those without a range too. */
  const placeAll = (assigned: readonly TopicPartition[]): void => {
    const resting = assigned.filter((at) => {
      const lane = lanes.get(partitionKey(at));
      return lane === undefined || lane.left.length === 0 || lane.isPaused || isDraining;
    });
    member.pause(resting);
    for (const lane of lanes.values()) if (lane.left.length > 0) member.seek(lane.at, lane.next);
    state = { status: 'consuming', reason: '', assigned: partitions };
  };

  const takeBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload;
    const lane = lanes.get(partitionKey(batch));
    const range = lane?.left[0];
    if (lane === undefined || range === undefined) return;
    const records = toRecords(batch, lane.next).filter(({ offset }) => offset < range.to);
    for (let at = 0; at < records.length;) {
      // Left unresolved, so it is fetched again when it is wanted.
      if (lane.isPaused || isDraining || stopping.signal.aborted) return;
      const slice = records.slice(at, at + sliceRecords());
      await due(slice.length);
      if (lane.isPaused || isDraining || stopping.signal.aborted) return;
      at += slice.length;
      hand(lane, slice);
      payload.resolveOffset(String(lane.next - 1n));
      if (recordsPerSecond !== undefined) await payload.heartbeat();
    }
    const end = BigInt(batch.lastOffset()) + 1n;
    if (lane.left[0] !== range) return;
    payload.resolveOffset(batch.lastOffset());
    reached(lane, end);
  };

  const sliceRecords = (): number =>
    recordsPerSecond === undefined ? Infinity : Math.max(1, Math.floor((recordsPerSecond * SLICE_MS) / 1000));

  const due = async (count: number): Promise<void> => {
    if (recordsPerSecond === undefined) return;
    const now = clock.monotonicMs();
    // Time that was spent paused is not made up for: a backfill never bursts.
    if (paced === 0 || now > paceFromMs + (paced / recordsPerSecond) * 1000 + SLICE_MS) [paceFromMs, paced] = [now, 0];
    paced += count;
    await delay(paceFromMs + (paced / recordsPerSecond) * 1000 - now, stopping.signal);
  };

  const hand = (lane: Lane, records: readonly SourceRecord[]): void => {
    const last = records.at(-1);
    if (last === undefined) return;
    lane.next = last.offset + 1n;
    handlers?.onRecords(records);
    reached(lane, lane.next);
  };

  /** Everything of the lane below `next` was handed over or does not exist. */
  const reached = (lane: Lane, next: bigint): void => {
    if (next > lane.next) lane.next = next;
    const before = lane.left[0];
    while (lane.left[0] !== undefined && lane.next >= lane.left[0].to) lane.left.shift();
    const range = lane.left[0];
    if (range === undefined) {
      member.pause([lane.at]);
      endWhenDone();
    } else if (range !== before) {
      if (range.from > lane.next) lane.next = range.from;
      member.seek(lane.at, lane.next);
    }
  };

  const endWhenDone = (): void => {
    if (isOver || [...lanes.values()].some(({ left }) => left.length > 0)) return;
    isOver = true;
    // Not from inside the batch that brought the last record.
    setImmediate(() => handlers?.onEnd());
  };

  const setPaused = (wanted: readonly TopicPartition[], isPaused: boolean): TopicPartition[] =>
    wanted.flatMap((at) => {
      const lane = lanes.get(partitionKey(at));
      if (lane === undefined) return [];
      lane.isPaused = isPaused;
      return lane.left.length > 0 ? [lane.at] : [];
    });

  return {
    async start(started) {
      handlers = started;
      if (lanes.size === 0) {
        state = { status: 'consuming', reason: '', assigned: [] };
        started.onAssigned([], 1);
        return endWhenDone();
      }
      started.onAssigned(partitions, 1);
      await member.start();
    },
    pause: (wanted) => member.pause(setPaused(wanted, true)),
    resume(wanted) {
      const resumed = setPaused(wanted, false);
      if (!isDraining) member.resume(resumed);
    },
    commit: () => Promise.resolve(),
    lag: () =>
      Promise.resolve(
        [...lanes.values()].map(({ at, left, next }): PartitionLag => {
          const end = left.at(-1)?.to ?? next;
          return { ...at, committed: next, end, lagRecords: Number(end - next) };
        }),
      ),
    state: () => state,
    drain() {
      isDraining = true;
      member.pause(partitions);
      return Promise.resolve();
    },
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await within(PATIENCE_MS, member.stop());
      if (state.status !== 'failed') state = { status: 'stopped', reason: 'stopped', assigned: [] };
    },
  };
}

function toLanes(ranges: readonly OffsetRange[]): Map<string, Lane> {
  const lanes = new Map<string, Lane>();
  for (const range of ranges) {
    if (range.from >= range.to) continue;
    const { topic, partition, from } = range;
    const lane = lanes.get(partitionKey(range));
    if (lane === undefined) {
      lanes.set(partitionKey(range), { at: { topic, partition }, left: [range], next: from, isPaused: false });
    } else lane.left.push(range);
  }
  return lanes;
}

/** Reads ranges to their end. Rejects with the error that ended the source. */
export async function readRanges(
  options: KafkaRangeOptions,
  onRecords: (records: readonly SourceRecord[]) => void,
): Promise<void> {
  const source = createKafkaRangeSource(options);
  try {
    await new Promise<void>((resolve, reject) => {
      const handlers = { onRecords, onAssigned: () => {}, onEnd: resolve, onFatal: reject };
      source.start(handlers).catch(reject);
    });
  } finally {
    await source.stop();
  }
}

/**
 * What each partition of the topics holds of records whose timestamp lies in [from, to); null = as far as there is. Rejects
 * with TOPIC_MISSING, KAFKA_UNREACHABLE or KAFKA_DENIED.
 */
export function rangesByTime(
  access: KafkaAccess,
  topics: readonly string[],
  from: EpochMs | null,
  to: EpochMs | null,
): Promise<OffsetRange[]> {
  return withAdmin(access, `look up offsets of ${topics.join(', ')}`, async (admin) => {
    await assertTopicsExist(access, admin, topics);
    const ranges: OffsetRange[] = [];
    for (const topic of topics) {
      const ends = await admin.fetchTopicOffsets(topic);
      const begins = from === null ? null : offsetsOf(await admin.fetchTopicOffsetsByTimestamp(topic, from));
      const stops = to === null ? null : offsetsOf(await admin.fetchTopicOffsetsByTimestamp(topic, to));
      for (const { partition, low, high } of ends) {
        const first = begins?.get(partition) ?? BigInt(low);
        const last = stops?.get(partition) ?? BigInt(high);
        if (first < last) ranges.push({ topic, partition, from: first, to: last });
      }
    }
    return ranges;
  });
}

/** The parts of the ranges that exist; the rest was deleted by retention, or never was. Rejects as `rangesByTime`. */
export async function clampRanges(access: KafkaAccess, ranges: readonly OffsetRange[]): Promise<OffsetRange[]> {
  const topics = [...new Set(ranges.map(({ topic }) => topic))];
  const held = new Map((await rangesByTime(access, topics, null, null)).map((range) => [partitionKey(range), range]));
  return ranges.flatMap((range) => {
    const there = held.get(partitionKey(range));
    if (there === undefined) return [];
    const from = range.from > there.from ? range.from : there.from;
    const to = range.to < there.to ? range.to : there.to;
    return from < to ? [{ ...range, from, to }] : [];
  });
}

/** Where nothing is as late as the time, kafkajs answers with the end of the partition. */
function offsetsOf(answers: readonly { readonly partition: number; readonly offset: string }[]): Map<number, bigint> {
  return new Map(answers.map(({ partition, offset }) => [partition, BigInt(offset)]));
}
