import type { EachBatchPayload } from 'kafkajs';
import type { KafkaAccess } from './kafka-client';
import { createKafkaMember } from './kafka-client-member';

/** A message as it lies on a topic. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TopicReaderOptions extends KafkaAccess {
  readonly topics: readonly string[];
  readonly groupId: string;
  /**
   * Takes records of one partition in order. They are committed once it resolves, so those in hand at a crash come again.
   * Tombstones are left out.
   */
  readonly onRecords: (records: readonly TopicRecord[]) => Promise<void>;
}

export interface TopicReader {
  /** Rejects when it is out of the group for good, and with what `onRecords` threw; resolves when stopped. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

const MAX_FETCH_BYTES = 4 * 1024 * 1024;
const MAX_RECORDS = 500;

/** Reads topics from their beginning, or from where the group left off, for as long as it takes. */
export function readTopics({ topics, groupId, onRecords, ...access }: TopicReaderOptions): TopicReader {
  let finish = (): void => {};
  let fail: (failure: unknown) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  done.catch(() => {});

  const takeBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload;
    for (let at = 0; at < batch.messages.length; at += MAX_RECORDS) {
      if (!payload.isRunning() || payload.isStale()) return;
      const messages = batch.messages.slice(at, at + MAX_RECORDS);
      const records = messages.flatMap(({ offset, value, headers = {} }) => {
        if (value === null) return [];
        const texts = Object.entries(headers).map(([name, text]) => [
          name,
          String(Array.isArray(text) ? text.at(-1) : text),
        ]);
        const plain = Object.fromEntries(texts) as Record<string, string>;
        return [{ topic: batch.topic, partition: batch.partition, offset: BigInt(offset), value, headers: plain }];
      });
      try {
        await onRecords(records);
      } catch (failure) {
        return fail(failure);
      }
      payload.resolveOffset(messages.at(-1)!.offset);
      await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
      await payload.heartbeat();
    }
  };

  const member = createKafkaMember({
    ...access,
    topics,
    groupId,
    maxFetchBytes: MAX_FETCH_BYTES,
    events: {
      onJoin: () => {},
      onBatch: takeBatch,
      onEmptyBatch: () => {},
      onHeartbeat: () => {},
      onRebalance: () => {},
      onDown: () => {},
      onGone: (error) => fail(error),
    },
  });
  const started = member.start().catch((failure: unknown) => fail(failure));
  return {
    done,
    async stop() {
      finish();
      await started;
      await member.stop();
    },
  };
}
