import type { PartitionPosition, TopicPartition } from '../domain/coordinates';
import type { EpochMs } from '../domain/time';
import type { PartitionLag, Source, SourceHandlers, SourceRecord, SourceState } from '../source/port';
import type { SimulatedRecord } from './traffic';

export interface TrafficSourceOptions {
  readonly records: Iterator<SimulatedRecord>;
  readonly topics: { readonly interactions: string; readonly behaviour: string };
  /** Records delivered per second; Infinity delivers as fast as the pipeline takes them. */
  readonly recordsPerSecond: number;
  /** Wall time, for the stamps of records. */
  readonly now: () => EpochMs;
}

const TICK_MS = 50;
const BURST = 200;

/** A source that makes up its records: the simulator in the place of Kafka, behind the same port. */
export function createTrafficSource(options: TrafficSourceOptions): Source {
  const partitions: TopicPartition[] = Object.values(options.topics).map((topic) => ({ topic, partition: 0 }));
  const nextOffsets = new Map<string, bigint>();
  const committed = new Map<string, bigint>();
  const paused = new Set<string>();
  let status: SourceState['status'] = 'starting';
  let timer: NodeJS.Timeout | undefined;

  function deliver(handlers: SourceHandlers, atMost: number): boolean {
    for (let n = 0; n < atMost && paused.size === 0; n++) {
      const next = options.records.next();
      if (next.done === true) {
        halt();
        handlers.onEnd();
        return false;
      }
      handlers.onRecords([toSourceRecord(next.value)]);
    }
    return true;
  }

  function toSourceRecord(record: SimulatedRecord): SourceRecord {
    const topic = options.topics[record.topic];
    const offset = nextOffsets.get(topic) ?? 0n;
    nextOffsets.set(topic, offset + 1n);
    const key = Buffer.from(record.key, 'utf8');
    const sizeBytes = key.length + record.value.length;
    // As a broker stamps what is appended: the story may be told hours after its own time.
    const timestamp = options.now();
    return { topic, partition: 0, offset, key, value: record.value, headers: {}, timestamp, sizeBytes };
  }

  function halt(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    start(handlers) {
      status = 'consuming';
      handlers.onAssigned(partitions, 1);
      let credit = 0;
      timer = setInterval(() => {
        credit = Math.min(BURST, credit + (options.recordsPerSecond * TICK_MS) / 1000);
        const due = Math.floor(credit);
        credit -= due;
        deliver(handlers, due);
      }, TICK_MS);
      return Promise.resolve();
    },
    pause: (held) => held.forEach((at) => paused.add(at.topic)),
    resume: (held) => held.forEach((at) => paused.delete(at.topic)),
    commit(positions: readonly PartitionPosition[]) {
      for (const { topic, offset } of positions) committed.set(topic, offset);
      return Promise.resolve();
    },
    lag: () =>
      Promise.resolve(
        partitions.map((at): PartitionLag => {
          const end = nextOffsets.get(at.topic) ?? 0n;
          const done = committed.get(at.topic) ?? 0n;
          return { ...at, committed: done, end, lagRecords: Number(end - done) };
        }),
      ),
    state: () => ({
      status,
      reason: status === 'consuming' ? '' : `simulated traffic is ${status}`,
      assigned: partitions,
    }),
    drain() {
      halt();
      return Promise.resolve();
    },
    stop() {
      halt();
      status = 'stopped';
      return Promise.resolve();
    },
  };
}
