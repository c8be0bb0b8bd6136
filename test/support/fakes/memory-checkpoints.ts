import type { CheckpointStore } from '../../../src/ledger/checkpoint-port';

export interface MemoryCheckpoints extends CheckpointStore {
  /** As they lie there; may be changed to play a torn disk. */
  readonly records: Map<string, Buffer>;
  /** Keys in the order they were written, `-key` for a removal. */
  readonly written: string[];
  /** From now on writes reject after so many more records; null mends it. */
  failAfter(records: number | null): void;
}

/** A compacted log in memory. */
export function createMemoryCheckpoints(): MemoryCheckpoints {
  const records = new Map<string, Buffer>();
  const written: string[] = [];
  let left: number | null = null;
  return {
    records,
    written,
    failAfter(count) {
      left = count;
    },
    load: () => Promise.resolve(new Map(records)),
    write(batch) {
      for (const { key, value } of batch) {
        if (left !== null && left-- <= 0) return Promise.reject(new Error('the disk is full'));
        if (value === null) records.delete(key);
        else records.set(key, Buffer.from(value));
        written.push(value === null ? `-${key}` : key);
      }
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
