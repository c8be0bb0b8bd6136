import { CompressionTypes, type Message, Partitioners } from 'kafkajs';
import type { MonitorError } from '../domain/error';
import { createKafkaClient, type KafkaAccess } from './kafka-client';
import { countPartitions } from './kafka-client-admin';
import { isRefused, toMonitorError } from './kafka-client-errors';

export interface ProducedRecord {
  readonly partition: number;
  readonly key: Buffer | null;
  /** Null removes the key from a compacted topic. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes to one topic, one request at a time, so that records reach each partition in the order they were given. */
export interface TopicProducer {
  /** Partitions of the topic when it was opened. */
  readonly partitions: number;
  /**
   * Resolves when all in-sync replicas have the records. After a failure some of them may be there, and a second send
   * repeats them. Rejects with KAFKA_UNREACHABLE (worth trying again), KAFKA_DENIED, TOPIC_MISSING, or INTERNAL for a
   * record the broker will never take.
   */
  send(records: readonly ProducedRecord[]): Promise<void>;
  /** Waits for what is being sent. */
  close(): Promise<void>;
}

/** Brokers refuse batches over 1 MB by default; the rest is for what a batch needs around its records. */
export const MAX_BATCH_BYTES = 900_000;
/** An upper bound of what Kafka adds to one record besides key, value and headers. */
const RECORD_OVERHEAD_BYTES = 70;

/** Rejects with TOPIC_MISSING, KAFKA_UNREACHABLE or KAFKA_DENIED. */
export async function openTopicProducer(access: KafkaAccess, topic: string): Promise<TopicProducer> {
  const explain = (failure: unknown): MonitorError => {
    const otherwise = isRefused(failure) ? 'INTERNAL' : 'KAFKA_UNREACHABLE';
    return toMonitorError(failure, { brokers: access.kafka.brokers, action: `write to ${topic}`, otherwise });
  };
  const producer = createKafkaClient(access).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const partitions = await countPartitions(access, topic);
  await producer.connect().catch((failure: unknown) => Promise.reject(explain(failure)));
  let tail: Promise<void> = Promise.resolve();

  const sendNow = async (records: readonly ProducedRecord[]): Promise<void> => {
    for (const batch of batchesOf(records)) {
      await sendUntilAnswered(batch, (messages) =>
        producer.send({ topic, acks: -1, timeout: 30_000, compression: CompressionTypes.LZ4, messages }),
      );
    }
  };

  return {
    partitions,
    send(records) {
      const sent = tail.then(() => sendNow(records)).catch((failure: unknown) => Promise.reject(explain(failure)));
      tail = sent.catch(() => {});
      return sent;
    },
    async close() {
      await tail;
      await producer.disconnect();
    },
  };
}

/**
 * Sends until every partition is answered for. kafkajs asks the leaders side by side and, when one fails, only those again
 * that have not answered: a partition that has meanwhile moved to a leader which has is then left out, and the call
 * succeeds without it. Rejects as `send`, and when nothing of what is left is answered for.
 *
 * @param send resolves with the partitions that were written.
 */
export async function sendUntilAnswered(
  messages: readonly Message[],
  send: (messages: Message[]) => Promise<readonly { readonly partition: number }[]>,
): Promise<void> {
  for (let left = [...messages]; left.length > 0;) {
    const answered = new Set((await send(left)).map(({ partition }) => partition));
    const unanswered = left.filter(({ partition }) => partition === undefined || !answered.has(partition));
    if (unanswered.length === left.length) throw new Error('no broker answered for the partitions written to');
    left = unanswered;
  }
}

/** kafkajs makes one batch per partition of all it is given at once; a record over the limit goes alone. */
export function batchesOf(records: readonly ProducedRecord[], maxBytes: number = MAX_BATCH_BYTES): Message[][] {
  const batches: Message[][] = [];
  let batch: Message[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (batch.length > 0 && bytes + size > maxBytes) {
      batches.push(batch);
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

function sizeOf({ key, value, headers }: ProducedRecord): number {
  let bytes = RECORD_OVERHEAD_BYTES + (value?.length ?? 0) + (key?.length ?? 0);
  for (const [name, text] of Object.entries(headers)) bytes += Buffer.byteLength(name) + Buffer.byteLength(text) + 10;
  return bytes;
}
