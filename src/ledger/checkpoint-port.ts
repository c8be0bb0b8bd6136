/** One record of a compacted log: the last one of a key counts, and one without a value removes its key. */
export interface StoredRecord {
  readonly key: string;
  readonly value: Buffer | null;
}

/**
 * Where checkpoints outlive the process: a compacted topic or a folder. It keeps bytes and promises only that what was
 * acknowledged is there; what it returns may be torn or old, and whoever reads it checks.
 */
export interface CheckpointStore {
  /** The last value of every key. Rejects when the store cannot be read; an absent or empty one is an empty map. */
  load(): Promise<ReadonlyMap<string, Buffer>>;
  /**
   * Resolves when all are durable. They become so in the order given, so a failure or a crash leaves a first part of
   * them.
   */
  write(records: readonly StoredRecord[]): Promise<void>;
  close(): Promise<void>;
}
