import type { LedgerReader, LedgerReading } from '../ledger/port';
import type { Fold, FoldSnapshot } from './fold';

export interface WatchDeps {
  readonly reader: LedgerReader;
  readonly fold: Fold;
  /** Keeps reading as the ledger grows; false stops at its present end, as a replay does. */
  readonly follow: boolean;
  /** Called after each batch that holds a marker: the figures may have moved. Must be cheap. */
  readonly onProgress?: () => void;
}

/** The one reader of the ledger in the WATCH role: reads from the start, folds, tells what it knows. */
export interface Watch {
  start(): void;
  /** What is known now; made on demand and kept until something moves. */
  snapshot(): FoldSnapshot;
  /** Next ledger position to be applied. */
  position(): bigint;
  /** Resolves at the end of the log or when stopped; rejects when the log cannot be read any further. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

export function createWatch({ reader, fold, follow, onProgress }: WatchDeps): Watch {
  const state = fold.initial();
  let latest: FoldSnapshot | null = null;
  let reading: LedgerReading | null = null;
  let resolveDone: (value: void | PromiseLike<void>) => void = () => {};
  const done = new Promise<void>((resolve) => {
    resolveDone = resolve;
  });
  done.catch(() => {});

  return {
    done,
    start() {
      if (reading !== null) throw new Error('the ledger is being read already');
      reading = reader.read({
        from: state.position,
        follow,
        onEntries(entries) {
          let marked = false;
          for (const entry of entries) {
            fold.applyEntry(state, entry);
            if (entry.record.kind === 'marker') marked = true;
          }
          latest = null;
          if (marked) onProgress?.();
        },
      });
      resolveDone(reading.done);
    },
    snapshot: () => (latest ??= fold.snapshot(state)),
    position: () => state.position,
    async stop() {
      await reading?.stop();
      resolveDone();
    },
  };
}
