import type { Offsets } from 'kafkajs';
import { type PartitionPosition, partitionKey } from '../domain/coordinates';
import type { MonitorError } from '../domain/error';
import type { Logger } from '../platform/logger';
import type { HeldPartition } from './kafka-partitions';

export interface CommitterOptions {
  readonly groupId: string;
  readonly logger: Logger;
  readonly explain: (failure: unknown, action: string) => MonitorError;
  /** What is held, once the positions of the newest assignment are known. */
  readonly holdings: () => Promise<Holdings>;
}

interface Holdings {
  readonly epoch: number;
  readonly partitions: ReadonlyMap<string, HeldPartition>;
}

export interface Committer {
  /** Takes over how commits are sent: under the generation of the moment, without retries; null = not at present. */
  sendBy(send: ((offsets: Offsets) => Promise<void>) | null): void;
  canSend(): boolean;
  /** As `Source.commit`. Rejects with KAFKA_DENIED; any other failure is left to the next commit to make good. */
  commit(positions: readonly PartitionPosition[], ofEpoch: number): Promise<void>;
  /** Resolves when no commit is in flight. */
  idle(): Promise<void>;
}

/** Commits of one member of a group, one at a time; those of an earlier epoch are dropped. */
export function createCommitter({ groupId, logger, explain, holdings }: CommitterOptions): Committer {
  let send: ((offsets: Offsets) => Promise<void>) | null = null;
  let last: Promise<void> = Promise.resolve();

  async function commitNow(positions: readonly PartitionPosition[], ofEpoch: number): Promise<void> {
    const { epoch, partitions } = await holdings();
    if (ofEpoch !== epoch) return logger.debug({ groupId, epoch, ofEpoch }, 'a commit of an earlier epoch was dropped');
    const due = dueCommits(positions, partitions);
    if (due.length === 0 || send === null) return;
    try {
      await send(toOffsets(due));
      for (const { held, offset } of due) held.committed = offset;
    } catch (failure) {
      const error = explain(failure, `commit as group ${groupId}`);
      if (error.code === 'KAFKA_DENIED') throw error;
      logger.debug({ groupId, error: error.message }, 'a commit was dropped, the next one covers it');
    }
  }

  return {
    sendBy: (by) => void (send = by),
    canSend: () => send !== null,
    commit(positions, ofEpoch) {
      const committed = last.then(() => commitNow(positions, ofEpoch));
      last = committed.catch(() => {});
      return committed;
    },
    idle: () => last,
  };
}

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
