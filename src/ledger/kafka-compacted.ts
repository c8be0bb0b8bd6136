import { randomBytes } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import { MonitorError } from '../domain/error';
import { createDeferred } from '../platform/deferred';
import type { KafkaAccess } from '../source/kafka-client';
import { countPartitions, withAdmin } from '../source/kafka-client-admin';
import { createKafkaMember } from '../source/kafka-client-member';

export interface CompactedReading {
  /** Resolves when everything that was there at the start has been handed over; rejects when that is impossible. */
  readonly caughtUp: Promise<void>;
  /** Rejects when the topic cannot be read any further; never resolves before `stop`. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

export interface CompactedOptions extends KafkaAccess {
  /** A topic with one partition. */
  readonly topic: string;
  /** Prefix of the throwaway group. */
  readonly groupPrefix: string;
  /** Records in their order, those without a key left out; a null value removes its key. */
  readonly onRecord: (key: string, value: Buffer | null) => void;
}

const PARTITION = 0;
const MAX_FETCH_BYTES = 5 * 1024 * 1024;

/** Reads a compacted topic from its beginning and goes on until stopped. Offsets have holes there, and that is no gap. */
export function readCompacted({ topic, groupPrefix, onRecord, ...access }: CompactedOptions): CompactedReading {
  let next = 0n;
  let end: bigint | null = null;
  const caught = createDeferred();
  const finished = createDeferred();

  const reached = (position: bigint): void => {
    next = position;
    if (end !== null && next >= end) caught.resolve();
  };

  const member = createKafkaMember({
    ...access,
    topics: [topic],
    groupId: `${groupPrefix}-${randomBytes(8).toString('hex')}`,
    maxFetchBytes: MAX_FETCH_BYTES,
    events: {
      onJoin: () => member.seek({ topic, partition: PARTITION }, next),
      onBatch: (payload) => takeBatch(payload),
      onEmptyBatch: (_at, lastOffset) => reached(lastOffset + 1n),
      onHeartbeat: () => {},
      onRebalance: () => {},
      onDown: () => {},
      onGone: (error) => fail(error),
    },
  });

  const takeBatch = (payload: EachBatchPayload): void => {
    const { batch } = payload;
    for (const { offset, key, value } of batch.messages) {
      if (BigInt(offset) >= next && key !== null) onRecord(key.toString('utf8'), value);
    }
    payload.resolveOffset(batch.lastOffset());
    reached(BigInt(batch.lastOffset()) + 1n);
  };

  const fail = (failure: unknown): void => {
    caught.reject(failure);
    finished.reject(failure);
  };

  const open = async (): Promise<void> => {
    const partitions = await countPartitions(access, topic);
    if (partitions !== 1) {
      throw new MonitorError('TOPIC_UNSUITABLE', `topic ${topic} has ${partitions} partitions and must have exactly 1`);
    }
    await withAdmin(access, `look up the ends of ${topic}`, async (admin) => {
      const [ends] = await admin.fetchTopicOffsets(topic);
      next = BigInt(ends?.low ?? 0);
      end = BigInt(ends?.high ?? 0);
    });
    if (end !== null && next >= end) caught.resolve();
    await member.start();
  };

  const opened = open().catch(fail);
  return {
    caughtUp: caught.promise,
    done: finished.promise,
    async stop() {
      await opened;
      await member.stop();
      finished.resolve();
      caught.reject(new MonitorError('INTERNAL', `reading ${topic} was stopped before its end`));
    },
  };
}
