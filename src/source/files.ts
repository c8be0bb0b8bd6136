import { basename } from 'node:path';
import type { TopicPartition } from '../domain/coordinates';
import { MonitorError } from '../domain/error';
import type { EpochMs } from '../domain/time';
import type { Clock } from '../platform/clock';
import { type FileRecord, type OpenAvroContainer, readFileRecords } from './files-reader';
import type { Source, SourceHandlers, SourceRecord, SourceState } from './port';

export interface FileSourceOptions {
  /** Read one after the other: `.jsonl`, `.jsonl.gz`, `.avro`. Their base names must differ: each is a topic. */
  readonly files: readonly string[];
  /** `max`, or how many times faster than event time. */
  readonly speed: 'max' | number;
  /** Event time of a record, for pacing; null when it has none. Asked only when `speed` is a number. */
  readonly eventTime: (record: SourceRecord) => EpochMs | null;
  /** Of a longer line only the beginning is handed over, one byte above the limit, to be dead-lettered as too large. */
  readonly maxRecordBytes: number;
  readonly openAvroContainer: OpenAvroContainer;
  readonly clock: Clock;
}

/** Read ahead and handed over at once at most; what comes first. */
const BATCH_RECORDS = 64;
const BATCH_BYTES = 1_048_576;

/** One file on its way. */
interface Lane {
  readonly at: TopicPartition;
  readonly records: AsyncIterator<FileRecord>;
  /** Read, not handed over. */
  held: SourceRecord[];
  /** Records read, and records handed over. */
  read: bigint;
  delivered: bigint;
  ended: boolean;
}

/**
 * Files as a source: each file is a topic with one partition, each record's number its offset. Files are read one after
 * the other; while one is paused the next goes on. Committing is nothing here: a replay starts at the beginning. A file
 * that cannot be read to its end is fatal (FILE_UNREADABLE), after all records before the fault have been handed over.
 * Throws USAGE when two files have the same base name.
 */
export function createFileSource(options: FileSourceOptions): Source {
  const { clock } = options;
  const lanes = options.files.map((file): Lane => {
    const at = { topic: basename(file), partition: 0 };
    const records = readFileRecords(file, options);
    return { at, records, held: [], read: 0n, delivered: 0n, ended: false };
  });
  const partitions = lanes.map(({ at }) => at);
  refuseEqualNames(partitions);
  const paused = new Set<string>();
  const gate = createGate();
  const pace = createPace(options);
  let state: SourceState = { status: 'starting', reason: 'not started', assigned: [] };
  let halted = false;
  let reading: Promise<void> = Promise.resolve();

  const readAll = async (handlers: SourceHandlers): Promise<void> => {
    while (!halted) {
      const open = lanes.filter((lane) => !lane.ended || lane.held.length > 0);
      if (open.length === 0) {
        handlers.onEnd();
        return;
      }
      const lane = open.find(({ at }) => !paused.has(at.topic));
      if (lane === undefined) await gate.wait();
      else await advance(lane, handlers);
    }
  };

  /** Hands over what is held and due; reads when nothing is held. */
  const advance = async (lane: Lane, handlers: SourceHandlers): Promise<void> => {
    const fault = lane.held.length === 0 ? await readAhead(lane) : null;
    const waitMs = handOver(lane, handlers);
    if (fault !== null) throw fault;
    if (waitMs > 0) await gate.sleep(waitMs);
    // Judges answer and timers fire between two batches.
    else await new Promise((resolve) => setImmediate(resolve));
  };

  /** A fault is returned, so that what was read before it is handed over first. */
  const readAhead = async (lane: Lane): Promise<Error | null> => {
    for (let bytes = 0; lane.held.length < BATCH_RECORDS && bytes < BATCH_BYTES;) {
      try {
        const next = await lane.records.next();
        if (next.done === true) {
          lane.ended = true;
          return null;
        }
        lane.held.push(toSourceRecord(lane.at.topic, lane.read, next.value, clock.now()));
        lane.read += 1n;
        bytes += next.value.sizeBytes;
      } catch (failure) {
        return failure instanceof Error ? failure : new Error(String(failure));
      }
    }
    return null;
  };

  /** How long the first record that is left must still wait, ms; 0 when none is left or the lane may not go on. */
  const handOver = (lane: Lane, handlers: SourceHandlers): number => {
    // The pause, or the end, may have come while the file was being read.
    if (halted || paused.has(lane.at.topic)) return 0;
    const { due, waitMs } = pace(lane.held);
    if (due === 0) return waitMs;
    const records = lane.held.slice(0, due);
    lane.held = lane.held.slice(due);
    lane.delivered += BigInt(due);
    handlers.onRecords(records);
    return waitMs;
  };

  const halt = (): void => {
    halted = true;
    gate.open();
  };

  return {
    start(handlers) {
      state = { status: 'consuming', reason: '', assigned: partitions };
      handlers.onAssigned(partitions, 1);
      reading = readAll(handlers).catch((failure: unknown) => {
        const error = failure instanceof Error ? failure : new Error(String(failure));
        state = { status: 'failed', reason: error.message, assigned: [] };
        handlers.onFatal(error);
      });
      return Promise.resolve();
    },
    pause: (held) => held.forEach(({ topic }) => paused.add(topic)),
    resume(held) {
      for (const { topic } of held) paused.delete(topic);
      gate.open();
    },
    commit: () => Promise.resolve(),
    lag: () =>
      Promise.resolve(
        lanes.map(({ at, read, delivered }) => ({
          ...at,
          committed: delivered,
          end: read,
          lagRecords: Number(read - delivered),
        })),
      ),
    state: () => state,
    drain() {
      halt();
      return Promise.resolve();
    },
    async stop() {
      halt();
      if (state.status !== 'failed') state = { status: 'stopped', reason: 'stopped', assigned: [] };
      await reading;
      for (const { records } of lanes) await records.return?.();
    },
  };
}

function refuseEqualNames(partitions: readonly TopicPartition[]): void {
  const seen = new Set<string>();
  for (const { topic } of partitions) {
    if (seen.has(topic)) throw new MonitorError('USAGE', `wanted files of different names, saw ${topic} twice`);
    seen.add(topic);
  }
}

function toSourceRecord(topic: string, offset: bigint, raw: FileRecord, timestamp: EpochMs): SourceRecord {
  const { value, sizeBytes } = raw;
  const record = { topic, partition: 0, offset, key: null, value, headers: {}, timestamp, sizeBytes };
  return raw.decoded === undefined ? record : { ...record, decoded: raw.decoded };
}

/** Of records in order: how many are due, and how long the next one must wait, ms. */
type Pace = (records: readonly SourceRecord[]) => { readonly due: number; readonly waitMs: number };

function createPace({ speed, eventTime, clock }: FileSourceOptions): Pace {
  if (speed === 'max') return (records) => ({ due: records.length, waitMs: 0 });
  let origin: { readonly event: EpochMs; readonly monotonicMs: number } | null = null;
  const waitMs = (record: SourceRecord): number => {
    const event = eventTime(record);
    if (event === null) return 0;
    origin ??= { event, monotonicMs: clock.monotonicMs() };
    return origin.monotonicMs + (event - origin.event) / speed - clock.monotonicMs();
  };
  return (records) => {
    for (const [index, record] of records.entries()) {
      const left = waitMs(record);
      if (left > 0) return { due: index, waitMs: left };
    }
    return { due: records.length, waitMs: 0 };
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
