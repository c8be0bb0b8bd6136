import { randomBytes } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import type { KafkaAccess } from './kafka-client';
import { withAdmin } from './kafka-client-admin';
import { createKafkaMember } from './kafka-client-member';

export interface SampledRecord {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SampleRequest extends KafkaAccess {
  readonly topic: string;
  /** At most this many records, the newest of every partition alike. */
  readonly count: number;
  /** Gives up waiting after this; what has come by then is the sample. */
  readonly timeoutMs: number;
}

/**
 * The newest records of a topic, read by a throwaway group that commits nothing, so that no consumer of the topic notices.
 * Empty for an empty topic. Rejects with TOPIC_MISSING, KAFKA_UNREACHABLE or KAFKA_DENIED.
 */
export async function sampleTopic({ topic, count, timeoutMs, ...access }: SampleRequest): Promise<SampledRecord[]> {
  const starts = await startsOf(access, topic, count);
  const records: SampledRecord[] = [];
  const open = new Set(starts.filter(({ from, end }) => from < end).map(({ partition }) => partition));
  if (open.size === 0) return records;
  let finish = (): void => {};
  let fail: (failure: unknown) => void = () => {};
  const done = new Promise<void>((resolve, reject) => ([finish, fail] = [resolve, reject]));
  const timer = setTimeout(finish, timeoutMs);

  const reached = (partition: number, next: bigint): void => {
    const end = starts.find((one) => one.partition === partition)?.end ?? 0n;
    if (next >= end) open.delete(partition);
    if (open.size === 0 || records.length >= count) finish();
  };
  const takeBatch = (payload: EachBatchPayload): void => {
    const { batch } = payload;
    const from = starts.find(({ partition }) => partition === batch.partition)?.from ?? 0n;
    for (const { offset, value, headers } of batch.messages) {
      if (BigInt(offset) >= from && records.length < count)
        records.push({ topic, value, headers: textHeaders(headers) });
    }
    payload.resolveOffset(batch.lastOffset());
    reached(batch.partition, BigInt(batch.lastOffset()) + 1n);
  };
  const member = createKafkaMember({
    ...access,
    topics: [topic],
    groupId: `plumbline-inspect-${randomBytes(8).toString('hex')}`,
    maxFetchBytes: 5 * 1024 * 1024,
    events: {
      onJoin: () => {
        for (const { partition, from } of starts) member.seek({ topic, partition }, from);
      },
      onBatch: takeBatch,
      onEmptyBatch: ({ partition }, lastOffset) => reached(partition, lastOffset + 1n),
      onHeartbeat: () => {},
      onRebalance: () => {},
      onDown: () => {},
      onGone: fail,
    },
  });
  try {
    await member.start();
    await done;
  } finally {
    clearTimeout(timer);
    await member.stop();
  }
  return records;
}

interface Start {
  readonly partition: number;
  readonly from: bigint;
  readonly end: bigint;
}

function startsOf(access: KafkaAccess, topic: string, count: number): Promise<Start[]> {
  return withAdmin(access, `look up the ends of ${topic}`, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const share = BigInt(Math.ceil(count / Math.max(1, ends.length)));
    return ends.map(({ partition, low, high }) => {
      const [first, end] = [BigInt(low), BigInt(high)];
      return { partition, end, from: end - share > first ? end - share : first };
    });
  });
}

function textHeaders(headers: EachBatchPayload['batch']['messages'][number]['headers']): Record<string, string> {
  const entries = Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const one = Array.isArray(value) ? value.at(-1) : value;
    return one === undefined ? [] : [[name, one.toString()] as const];
  });
  return Object.fromEntries(entries);
}
