import type { Admin } from 'kafkajs';
import { partitionKey } from '../domain/coordinates';

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
