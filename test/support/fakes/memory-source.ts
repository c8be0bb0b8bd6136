import { type PartitionPosition, partitionKey, type TopicPartition } from '../../../src/domain/coordinates';
import type { Source, SourceHandlers, SourceRecord, SourceState } from '../../../src/source/port';

export interface MemoryRecord {
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timestamp?: number;
}

/** Partition logs and one group's committed offsets; outlives the sources that read it, as a broker does. */
export interface MemoryBroker {
  readonly partitions: readonly TopicPartition[];
  /** Appends and wakes the source that holds the partition; returns the record's offset. */
  append(at: TopicPartition, record: MemoryRecord): bigint;
  /** Leaves out the next `count` offsets, as compaction and transaction markers do. */
  skipOffsets(at: TopicPartition, count: bigint): void;
  committed(at: TopicPartition): bigint | null;
  /** Every commit that was accepted, in order: `llm.interactions/0@5`. */
  readonly commits: readonly string[];
}

interface PartitionLog {
  readonly at: TopicPartition;
  readonly records: SourceRecord[];
  next: bigint;
  committed: bigint | null;
}

export interface OpenMemoryBroker extends MemoryBroker {
  readonly logs: ReadonlyMap<string, PartitionLog>;
  readonly watchers: Set<() => void>;
  readonly commits: string[];
}

/** `createMemoryBroker({ 'llm.interactions': 3 })` has one topic of three empty partitions. */
export function createMemoryBroker(topics: Readonly<Record<string, number>>): OpenMemoryBroker {
  const partitions = Object.entries(topics).flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition): TopicPartition => ({ topic, partition })),
  );
  const logs = new Map(
    partitions.map((at): [string, PartitionLog] => [partitionKey(at), { at, records: [], next: 0n, committed: null }]),
  );
  const watchers = new Set<() => void>();
  return {
    partitions,
    logs,
    watchers,
    commits: [],
    append(at, { key = null, value, headers = {}, timestamp = 0 }) {
      const log = logOf(logs, at);
      const keyBytes = key === null ? null : Buffer.from(key);
      const valueBytes = value === null ? null : Buffer.from(value);
      const offset = log.next++;
      const sizeBytes = (keyBytes?.length ?? 0) + (valueBytes?.length ?? 0);
      log.records.push({ ...log.at, offset, key: keyBytes, value: valueBytes, headers, timestamp, sizeBytes });
      for (const wake of watchers) wake();
      return offset;
    },
    skipOffsets(at, count) {
      logOf(logs, at).next += count;
    },
    committed: (at) => logOf(logs, at).committed,
  };
}

export interface MemorySource extends Source {
  /** A rebalance: this member now owns exactly these. What it keeps goes on, what is new starts at its commit. */
  assign(partitions: readonly TopicPartition[]): void;
  /** The source cannot go on. */
  crash(error: Error): void;
  /** Calls `onEnd`, as a file source does after its last record. */
  end(): void;
  isPaused(at: TopicPartition): boolean;
}

export interface MemorySourceOptions {
  readonly broker: OpenMemoryBroker;
  /** What it owns from the start; all partitions when absent. */
  readonly assigned?: readonly TopicPartition[];
  /** Records handed over at once at most; default 10. */
  readonly batchSize?: number;
}

/** The contract of `src/source/port.ts` without a broker: delivery in microtasks, so tests own the order of things. */
export function createMemorySource({ broker, assigned, batchSize = 10 }: MemorySourceOptions): MemorySource {
  let handlers: SourceHandlers | null = null;
  let state: SourceState = { status: 'starting', reason: 'not started', assigned: [] };
  let epoch = 0;
  let draining = false;
  let scheduled = false;
  /** By partition: the next offset to hand over. */
  const next = new Map<string, bigint>();
  const paused = new Set<string>();

  const deliverable = (at: TopicPartition): SourceRecord[] => {
    const key = partitionKey(at);
    const from = next.get(key);
    if (from === undefined || draining || paused.has(key)) return [];
    return logOf(broker.logs, at)
      .records.filter(({ offset }) => offset >= from)
      .slice(0, batchSize);
  };

  const deliver = (): void => {
    scheduled = false;
    if (handlers === null || state.status !== 'consuming') return;
    for (const at of state.assigned) {
      const records = deliverable(at);
      const last = records.at(-1);
      if (last === undefined) continue;
      next.set(partitionKey(at), last.offset + 1n);
      handlers.onRecords(records);
      schedule();
    }
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(deliver);
  };

  const assign = (partitions: readonly TopicPartition[]): void => {
    const kept = new Set(partitions.map(partitionKey));
    for (const key of [...next.keys()]) if (!kept.has(key)) next.delete(key);
    for (const key of [...paused]) if (!kept.has(key)) paused.delete(key);
    for (const at of partitions) {
      const key = partitionKey(at);
      if (!next.has(key)) next.set(key, logOf(broker.logs, at).committed ?? 0n);
    }
    state = { status: 'consuming', reason: '', assigned: partitions };
    epoch += 1;
    handlers?.onAssigned(partitions, epoch);
    schedule();
  };

  return {
    start(started) {
      handlers = started;
      broker.watchers.add(schedule);
      assign(assigned ?? broker.partitions);
      return Promise.resolve();
    },
    pause(partitions) {
      for (const at of partitions) paused.add(partitionKey(at));
    },
    resume(partitions) {
      for (const at of partitions) paused.delete(partitionKey(at));
      schedule();
    },
    commit(positions: readonly PartitionPosition[], ofEpoch) {
      for (const position of positions) {
        if (ofEpoch !== epoch || state.status === 'stopped' || !next.has(partitionKey(position))) continue;
        const log = logOf(broker.logs, position);
        if ((log.committed ?? -1n) >= position.offset) continue;
        log.committed = position.offset;
        broker.commits.push(`${partitionKey(position)}@${position.offset}`);
      }
      return Promise.resolve();
    },
    lag: () =>
      Promise.resolve(
        state.assigned.map((at) => {
          const { committed, next: end, records } = logOf(broker.logs, at);
          const first = records[0]?.offset ?? end;
          return { ...at, committed, end, lagRecords: Number(end - (committed ?? first)) };
        }),
      ),
    state: () => state,
    drain() {
      draining = true;
      return Promise.resolve();
    },
    stop() {
      draining = true;
      broker.watchers.delete(schedule);
      if (state.status !== 'failed') state = { status: 'stopped', reason: 'stopped', assigned: [] };
      return Promise.resolve();
    },
    assign,
    crash(error) {
      state = { status: 'failed', reason: error.message, assigned: [] };
      handlers?.onFatal(error);
    },
    end: () => handlers?.onEnd(),
    isPaused: (at) => paused.has(partitionKey(at)),
  };
}

function logOf(logs: ReadonlyMap<string, PartitionLog>, at: TopicPartition): PartitionLog {
  const log = logs.get(partitionKey(at));
  if (log === undefined) throw new Error(`no partition ${partitionKey(at)}`);
  return log;
}
