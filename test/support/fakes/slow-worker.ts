import { type PartitionPosition, partitionKey, type TopicPartition } from '../../../src/domain/coordinates';
import type { Source, SourceHandlers, SourceRecord } from '../../../src/source/port';
import { createWatermark, type Watermark } from '../../../src/source/watermark';

/** Stands for the pipeline: takes a while for each record, finishes them in any order, commits the watermark. */
export interface SlowWorker extends SourceHandlers {
  /** Records whose work was finished while the partition was owned: `{"n":3}`. */
  readonly finished: string[];
  /** Deliveries of a record that this worker had been given already and had not lost since. */
  readonly repeated: string[];
  readonly fatal: Error[];
  /** Partitions of each assignment in turn. */
  readonly assignments: (readonly string[])[];
  /** Commits every few milliseconds until stopped; then once more. */
  run(source: Source): { stop(): Promise<void> };
  /** True when nothing is in flight. */
  isIdle(): boolean;
}

interface Owned {
  readonly at: TopicPartition;
  readonly watermark: Watermark;
  readonly given: Set<bigint>;
}

export function createSlowWorker({ maxWorkMs, commitMs = 20 }: { maxWorkMs: number; commitMs?: number }): SlowWorker {
  const owned = new Map<string, Owned>();
  const finished: string[] = [];
  const repeated: string[] = [];
  const fatal: Error[] = [];
  const assignments: (readonly string[])[] = [];
  let epoch = 0;

  const work = (record: SourceRecord): void => {
    const partition = owned.get(partitionKey(record));
    if (partition === undefined) throw new Error(`${partitionKey(record)} is not assigned`);
    if (partition.given.has(record.offset)) repeated.push(`${partitionKey(record)}@${record.offset}`);
    partition.given.add(record.offset);
    partition.watermark.start(record.offset);
    setTimeout(() => {
      // Work of a lost partition is void: its new owner does it again.
      if (owned.get(partitionKey(record)) !== partition) return;
      finished.push(String(record.value));
      partition.watermark.done(record.offset);
    }, Math.random() * maxWorkMs);
  };
  const positions = (): PartitionPosition[] =>
    [...owned.values()].flatMap(({ at, watermark }) => {
      const offset = watermark.position();
      return offset === null ? [] : [{ ...at, offset }];
    });

  return {
    finished,
    repeated,
    fatal,
    assignments,
    onRecords: (records) => records.forEach(work),
    onAssigned(partitions, newEpoch) {
      epoch = newEpoch;
      const kept = new Set(partitions.map(partitionKey));
      for (const key of [...owned.keys()]) if (!kept.has(key)) owned.delete(key);
      for (const at of partitions) {
        const key = partitionKey(at);
        if (!owned.has(key)) owned.set(key, { at, watermark: createWatermark(), given: new Set() });
      }
      assignments.push([...kept].sort());
    },
    onFatal: (error) => void fatal.push(error),
    onEnd: () => {},
    isIdle: () => [...owned.values()].every(({ watermark }) => watermark.pending() === 0),
    run(source) {
      const timer = setInterval(() => void source.commit(positions(), epoch), commitMs);
      return {
        async stop() {
          clearInterval(timer);
          await source.commit(positions(), epoch);
        },
      };
    },
  };
}
