import { basename } from 'node:path';
import type { PartitionPosition, TopicPartition } from '../domain/coordinates';
import type { EpochMs } from '../domain/time';
import type { Clock } from '../platform/clock';
import { type FileRecord, readFileRecords } from './files-reader';
import type { PartitionLag, Source, SourceHandlers, SourceRecord, SourceState } from './port';

export interface FileSourceOptions {
  /** Read one after the other: `.jsonl`, `.jsonl.gz`, `.avro`. */
  readonly files: readonly string[];
  /** `max`, or how many times faster than event time. */
  readonly speed: 'max' | number;
  /** Event time of a record, for pacing; null when it has none. Asked only when `speed` is a number. */
  readonly eventTime: (record: SourceRecord) => EpochMs | null;
  /** A longer line is handed over without its bytes, to be dead-lettered as too large. */
  readonly maxRecordBytes: number;
  readonly openAvroContainer: (path: string) => AsyncIterable<unknown>;
  readonly clock: Clock;
}

/** Records handed over before the loop lets others run. */
const BATCH = 64;

/**
 * Files as a source: each file is a topic with one partition, each record's number its offset. Committing is nothing
 * here: a replay starts at the beginning. A file that cannot be read to its end is fatal (FILE_UNREADABLE), after all
 * records before the fault have been handed over.
 */
export function createFileSource(options: FileSourceOptions): Source {
  const { clock } = options;
  const partitions: TopicPartition[] = options.files.map((file) => ({ topic: basename(file), partition: 0 }));
  const delivered = new Map(partitions.map(({ topic }) => [topic, 0n]));
  const paused = new Set<string>();
  const gate = createGate();
  const pace = createPace(options);
  let status: SourceState['status'] = 'starting';
  let reason = 'not started';
  let halted = false;

  async function readAll(handlers: SourceHandlers): Promise<void> {
    for (const [index, file] of options.files.entries()) {
      const topic = partitions[index]?.topic ?? basename(file);
      let batch: SourceRecord[] = [];
      const flush = async (): Promise<void> => {
        while (paused.has(topic) && !halted) await gate.wait();
        if (halted) return;
        const records = batch;
        batch = [];
        if (records.length === 0) return;
        delivered.set(topic, (records.at(-1)?.offset ?? -1n) + 1n);
        handlers.onRecords(records);
        // Judges answer and timers fire between two batches.
        await new Promise((resolve) => setImmediate(resolve));
      };
      try {
        let offset = delivered.get(topic) ?? 0n;
        for await (const raw of readFileRecords(file, options)) {
          if (halted) return;
          const record = toSourceRecord(topic, offset++, raw, clock.now());
          const waitMs = pace(record);
          if (waitMs > 0) {
            await flush();
            await gate.sleep(waitMs);
          }
          batch.push(record);
          if (batch.length >= BATCH || paused.has(topic)) await flush();
        }
      } finally {
        await flush();
      }
    }
    if (!halted) handlers.onEnd();
  }

  function halt(): void {
    halted = true;
    gate.open();
  }

  return {
    start(handlers) {
      status = 'consuming';
      reason = '';
      handlers.onAssigned(partitions, 1);
      readAll(handlers).catch((error: unknown) => {
        status = 'failed';
        reason = error instanceof Error ? error.message : String(error);
        handlers.onFatal(error instanceof Error ? error : new Error(reason));
      });
      return Promise.resolve();
    },
    pause: (held) => held.forEach(({ topic }) => paused.add(topic)),
    resume(held) {
      for (const { topic } of held) paused.delete(topic);
      gate.open();
    },
    commit: (_positions: readonly PartitionPosition[]) => Promise.resolve(),
    lag: () =>
      Promise.resolve(
        partitions.map((at): PartitionLag => {
          const end = delivered.get(at.topic) ?? 0n;
          return { ...at, committed: end, end, lagRecords: 0 };
        }),
      ),
    state: () => ({ status, reason, assigned: partitions }),
    drain() {
      halt();
      return Promise.resolve();
    },
    stop() {
      halt();
      status = 'stopped';
      reason = 'stopped';
      return Promise.resolve();
    },
  };
}

function toSourceRecord(topic: string, offset: bigint, raw: FileRecord, timestamp: EpochMs): SourceRecord {
  const { value, sizeBytes } = raw;
  const record = { topic, partition: 0, offset, key: null, value, headers: {}, timestamp, sizeBytes };
  return raw.decoded === undefined ? record : { ...record, decoded: raw.decoded };
}

/** Milliseconds to wait before a record is due; 0 when there is no hurry to hold back. */
function createPace({ speed, eventTime, clock }: FileSourceOptions): (record: SourceRecord) => number {
  if (speed === 'max') return () => 0;
  let origin: { readonly event: EpochMs; readonly monotonicMs: number } | null = null;
  return (record) => {
    const event = eventTime(record);
    if (event === null) return 0;
    origin ??= { event, monotonicMs: clock.monotonicMs() };
    const dueMs = origin.monotonicMs + (event - origin.event) / speed;
    return Math.max(0, dueMs - clock.monotonicMs());
  };
}

interface Gate {
  /** Resolves when the gate is opened next. */
  wait(): Promise<void>;
  /** Resolves after the time, or when the gate is opened before. */
  sleep(ms: number): Promise<void>;
  open(): void;
}

function createGate(): Gate {
  let waiting: (() => void)[] = [];
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
    open() {
      const opened = waiting;
      waiting = [];
      for (const proceed of opened) proceed();
    },
  };
}
