/** One reading of a topic from its start to its end. */
export interface Job {
  readonly brokers: readonly string[];
  readonly topic: string;
  /** A group that nobody has used. */
  readonly groupId: string;
  /** Records in the topic. */
  readonly records: number;
  /** Prefix of the topics that the monitor writes to; they exist. */
  readonly outputPrefix: string;
  readonly registryUrl: string;
}

export interface Reading {
  /** User and system time of the whole process from the assignment of partitions to the last record done, µs. */
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly records: number;
  /** 99th percentile of how late the event loop came round to a timer, ms. */
  readonly loopLagMs: number;
}

/** Reads every record of the job once. */
export type Consume = (job: Job, stopwatch: Stopwatch) => Promise<void>;

export interface Stopwatch {
  /** Called once, when partitions are assigned and nothing has been fetched. */
  start(): void;
  /** Called once, when the last record is done. */
  stop(): void;
}

/** What one fetch brings, the same for all consumers that are compared. */
export const FETCH = { maxBytes: 5 * 1024 * 1024, maxBytesPerPartition: 512 * 1024, maxWaitTimeInMs: 500 };
