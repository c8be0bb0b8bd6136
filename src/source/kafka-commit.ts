import type { Offsets } from 'kafkajs';
import { type PartitionPosition, partitionKey } from '../domain/coordinates';
import type { HeldPartition } from './kafka-partitions';

/** What of a commit is due: positions of placed partitions above what is committed. */
export interface DueCommit {
  readonly held: HeldPartition;
  readonly offset: bigint;
}

/**
 * Throws when a position lies above what was delivered: committing it would lose records, so it is a bug of the caller.
 *
 * Where all that was delivered is done, the commit moves on over what followed without being delivered (transaction
 * markers, compacted records), so that an idle partition shows no lag.
 */
export function dueCommits(
  positions: readonly PartitionPosition[],
  partitions: ReadonlyMap<string, HeldPartition>,
): DueCommit[] {
  const due: DueCommit[] = [];
  for (const position of positions) {
    const held = partitions.get(partitionKey(position));
    if (held === undefined || !held.isPlaced || held.next === null) continue;
    if (position.offset > held.next) {
      throw new Error(
        `${partitionKey(position)} was to be committed at ${position.offset} but is read to ${held.next}`,
      );
    }
    const offset = position.offset === held.deliveredEnd ? held.next : position.offset;
    if (held.committed === null || offset > held.committed) due.push({ held, offset });
  }
  return due;
}

export function toOffsets(due: readonly DueCommit[]): Offsets {
  const topics = new Map<string, { partition: number; offset: string }[]>();
  for (const { held, offset } of due) {
    const { topic, partition } = held.at;
    topics.set(topic, [...(topics.get(topic) ?? []), { partition, offset: String(offset) }]);
  }
  return { topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) };
}
