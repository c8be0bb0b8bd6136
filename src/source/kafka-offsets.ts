import type { Admin } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../domain/coordinates';
import { BRISK_RETRY, createKafkaClient, type KafkaAccess } from './kafka-client';
import { assertTopicsExist } from './kafka-client-admin';
import type { PartitionLag } from './port';

/** What the brokers know of one partition, seen by one group. */
export interface PartitionOffsets {
  /** The group's next offset to read; null when it never committed one, or the commit has expired. */
  readonly committed: bigint | null;
  /** The oldest offset that still exists. */
  readonly low: bigint;
  /** The offset the next record will get. */
  readonly high: bigint;
}

/** By `partitionKey`, for all partitions of the topics. Rejects with kafkajs' errors. */
export async function lookUpOffsets(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
): Promise<Map<string, PartitionOffsets>> {
  const [commits, ...ends] = await Promise.all([
    admin.fetchOffsets({ groupId, topics: [...topics] }),
    ...topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) })),
  ]);
  const committed = new Map<string, bigint>();
  for (const { topic, partitions } of commits) {
    for (const { partition, offset } of partitions) {
      // -1 is the broker's word for none.
      if (BigInt(offset) >= 0n) committed.set(partitionKey({ topic, partition }), BigInt(offset));
    }
  }
  const offsets = new Map<string, PartitionOffsets>();
  for (const { topic, partitions } of ends) {
    for (const { partition, low, high } of partitions) {
      const key = partitionKey({ topic, partition });
      offsets.set(key, { committed: committed.get(key) ?? null, low: BigInt(low), high: BigInt(high) });
    }
  }
  return offsets;
}

export function toLag(at: TopicPartition, { committed, low, high }: PartitionOffsets): PartitionLag {
  return { ...at, committed, end: high, lagRecords: Math.max(0, Number(high - (committed ?? low))) };
}

/** One connection that looks up the offsets of a group, for as long as its member lives. */
export interface OffsetLookup {
  /** Rejects with TOPIC_MISSING when a topic does not exist, and with kafkajs' errors. */
  open(): Promise<void>;
  /** As `lookUpOffsets`, of all topics of the group unless told which. */
  lookUp(of?: readonly string[]): Promise<Map<string, PartitionOffsets>>;
  close(): Promise<void>;
}

export function createOffsetLookup(access: KafkaAccess, groupId: string, topics: readonly string[]): OffsetLookup {
  let admin: Admin | null = null;
  return {
    async open() {
      admin = createKafkaClient(access, BRISK_RETRY).admin();
      await admin.connect();
      await assertTopicsExist(access, admin, topics);
    },
    async lookUp(of = topics) {
      if (admin === null) throw new Error('the source has not been started');
      return lookUpOffsets(admin, groupId, of);
    },
    close: async () => admin?.disconnect(),
  };
}
