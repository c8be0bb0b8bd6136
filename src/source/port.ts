import type { PartitionPosition, TopicPartition } from '../domain/coordinates';
import type { EpochMs } from '../domain/time';

/** One record as it lies in the source, undecoded. */
export interface SourceRecord extends TopicPartition {
  readonly offset: bigint;
  readonly key: Buffer | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Broker or producer time; in file mode the time of reading. */
  readonly timestamp: EpochMs;
  /** Bytes of key and value, for the in-flight window. */
  readonly sizeBytes: number;
  /** File mode only: an already decoded value (`.avro` containers, JSON lines are decoded from `value`). */
  readonly decoded?: unknown;
}

export interface SourceHandlers {
  /**
   * Takes records of one partition in offset order. Must return at once: no judging, no waiting.
   *
   * While a partition stays assigned, over any number of epochs, none of its records is delivered twice: after a
   * rebalance the source goes on behind what it delivered last, so work in flight stays valid and its positions may be
   * committed under the new epoch. A partition that was lost and comes back starts at its committed position.
   */
  onRecords(records: readonly SourceRecord[]): void;
  /**
   * The full assignment after each (re)balance, before any of its records; `epoch` grows by one each time. Work of
   * partitions that are gone is void. Empty when the member has dropped out of the group and will join again: then all
   * work is void.
   */
  onAssigned(partitions: readonly TopicPartition[], epoch: number): void;
  /** The source cannot go on. Called at most once; the process is expected to end with the error's exit code. */
  onFatal(error: Error): void;
  /** File mode only: every record has been handed over. */
  onEnd(): void;
}

/** The consumer's real state, for readiness. */
export interface SourceState {
  readonly status: 'starting' | 'joining' | 'consuming' | 'failed' | 'stopped';
  /** Why it is not consuming; empty when it is. */
  readonly reason: string;
  readonly assigned: readonly TopicPartition[];
}

export interface PartitionLag extends TopicPartition {
  /** Next offset to be read by this consumer's committed progress. */
  readonly committed: bigint | null;
  readonly end: bigint;
  /** Records between the two; what is left to do. */
  readonly lagRecords: number;
}

/** Where records come from: Kafka or files. One real adapter each, one contract suite for all. */
export interface Source {
  start(handlers: SourceHandlers): Promise<void>;
  /**
   * Stops delivery for the partitions, keeps the membership alive. Idempotent; survives a rebalance, and ends with the
   * loss of the partition. Records of a fetch that is being handed over when this is called may still arrive.
   */
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /**
   * Commits positions (the next offset to read). Only partitions still owned in `epoch` are committed, never backwards;
   * the others are dropped silently, since their new owner will commit. One commit is in flight at a time. A commit that
   * a rebalance or a lost connection defeats is dropped too: it resolves, and the next one covers it.
   */
  commit(positions: readonly PartitionPosition[], epoch: number): Promise<void>;
  lag(): Promise<readonly PartitionLag[]>;
  state(): SourceState;
  /** Stops fetching but keeps the membership so that what is in flight can still be committed. */
  drain(): Promise<void>;
  /** Leaves the group and closes connections. */
  stop(): Promise<void>;
}
