import { partitionKey, type TopicPartition } from '../domain/coordinates';
import { MonitorError } from '../domain/error';
import type { LedgerEntry, LedgerReader, LedgerReading, WrittenOffsets } from '../ledger/port';
import type { Checkpointer } from './checkpointer';
import type { Fold, FoldSnapshot } from './fold';
import { writtenIn } from './partitions';
import type { FoldState } from './state';

export interface WatchDeps {
  readonly reader: LedgerReader;
  readonly fold: Fold;
  /** Keeps reading as the ledger grows; false stops at its present end, as a replay does. */
  readonly follow: boolean;
  /** Called after each batch that holds a marker: the figures may have moved. Must be cheap. */
  readonly onProgress?: () => void;
  /** Where the fold begins instead of the ledger's start; it takes the state over. */
  readonly restored?: FoldState;
  /** Without it nothing is kept beyond the process. */
  readonly checkpoints?: Checkpointer;
  /** A ledger stamped by another instance ends the watch with FOREIGN_LEDGER; absent: any will do. */
  readonly instance?: string;
}

/** The one reader of the ledger in the WATCH role: reads from the last checkpoint, folds, tells what it knows. */
export interface Watch {
  start(): void;
  /** What is known now; made on demand and kept until something moves. */
  snapshot(): FoldSnapshot;
  /** Next ledger position to be applied. */
  position(): bigint;
  /** Source offsets of a partition whose line has been read from the ledger. */
  written(at: TopicPartition): WrittenOffsets;
  /** Resolves once everything below the position is applied. */
  reached(position: bigint): Promise<void>;
  /** Resolves at the end of the log or when stopped; rejects when the log cannot be read any further. */
  readonly done: Promise<void>;
  /** Ends the reading. A last checkpoint is written first; rejects with DRAIN_FAILED when that fails. */
  stop(): Promise<void>;
}

export function createWatch(deps: WatchDeps): Watch {
  const { reader, fold, follow, onProgress, checkpoints } = deps;
  const state = deps.restored ?? fold.initial();
  let checkpointed = state.position;
  let latest: FoldSnapshot | null = null;
  let reading: LedgerReading | null = null;
  let stopping: Promise<void> | null = null;
  let waiting: { readonly position: bigint; readonly resolve: () => void }[] = [];
  let resolveDone: (value: void | PromiseLike<void>) => void = () => {};
  const done = new Promise<void>((resolve) => {
    resolveDone = resolve;
  });
  done.catch(() => {});

  /** Not asynchronous where nothing has to be waited for: a replay hands over thousands of batches. */
  const onEntries = (entries: readonly LedgerEntry[]): void | Promise<void> => {
    let marked = false;
    for (const entry of entries) {
      fold.applyEntry(state, entry);
      if (entry.record.kind === 'marker') marked = true;
      else if (entry.record.kind === 'config') assertOwn(state, deps.instance);
    }
    latest = null;
    if (waiting.length > 0) wake();
    if (marked) onProgress?.();
    // The next entries wait until the state is encoded, not until it is written.
    if (checkpoints?.isDue(state) === true) return checkpoint();
  };

  const wake = (): void => {
    for (const { position, resolve } of waiting) if (position <= state.position) resolve();
    waiting = waiting.filter(({ position }) => position > state.position);
  };

  const checkpoint = async (): Promise<void> => {
    checkpointed = state.position;
    await checkpoints?.take(state);
  };

  const stopNow = async (): Promise<void> => {
    await reading?.stop();
    resolveDone();
    if (checkpoints === undefined) return;
    try {
      if (state.position !== checkpointed) await checkpoint();
      await checkpoints.settled();
    } catch (cause) {
      throw new MonitorError('DRAIN_FAILED', 'the last checkpoint could not be written', { cause });
    }
  };

  return {
    done,
    start() {
      if (reading !== null) throw new Error('the ledger is being read already');
      assertOwn(state, deps.instance);
      reading = reader.read({ from: state.position, follow, onEntries });
      resolveDone(reading.done);
    },
    snapshot: () => (latest ??= fold.snapshot(state)),
    position: () => state.position,
    written: (at) => writtenIn(state.partitions.get(partitionKey(at))),
    reached: (position) =>
      position <= state.position ? Promise.resolve() : new Promise((resolve) => waiting.push({ position, resolve })),
    stop: () => (stopping ??= stopNow()),
  };
}

/** The first config record says whose ledger it is; records of others are ignored by the fold. */
function assertOwn({ config }: FoldState, instance: string | undefined): void {
  if (instance === undefined || config === null || config.instance === instance) return;
  throw new MonitorError(
    'FOREIGN_LEDGER',
    `the ledger is that of instance ${config.instance}, this one is ${instance}`,
  );
}
