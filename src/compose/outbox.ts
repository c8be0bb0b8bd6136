import { MonitorError } from '../domain/error';
import type { Logger } from '../platform/logger';

export interface OutboxOptions<T> {
  /** Resolves when the values are durable. */
  readonly publish: (values: readonly T[]) => Promise<void>;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
  /** For the log, e.g. `sessions`. */
  readonly what: string;
}

/**
 * What the fold has told and the topic does not have yet. Every process folds and only the owner of the ledger publishes,
 * so the others hold what is young: an owner that dies between two publications leaves nothing out, as the next one
 * begins with what it holds. Some values are published twice then; readers go by their keys.
 */
export interface Outbox<T> {
  add(value: T): void;
  setOwner(isOwner: boolean): void;
  /** Publishes what waits, at once where nothing does or another process owns the ledger. Rejects when it cannot. */
  flush(): Promise<void>;
}

/** An election takes seconds; whoever has owned the ledger for so long without a word has published its share. */
const HELD_MS = 5 * 60_000;
/** About 1 kB each. */
const MOST_HELD = 100_000;

export function createOutbox<T>({ publish, monotonicMs, logger, what }: OutboxOptions<T>): Outbox<T> {
  let waiting: { readonly value: T; readonly since: number }[] = [];
  let owner = false;
  let flushing: Promise<void> | null = null;

  const forgetOld = (): void => {
    const oldest = monotonicMs() - HELD_MS;
    const firstYoung = waiting.findIndex(({ since }) => since >= oldest);
    const tooMany = Math.max(0, waiting.length - MOST_HELD);
    const forgotten = Math.max(firstYoung < 0 ? waiting.length : firstYoung, tooMany);
    if (forgotten > 0) waiting = waiting.slice(forgotten);
  };

  const publishAll = async (): Promise<void> => {
    while (owner && waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await publish(batch.map(({ value }) => value));
      } catch (error) {
        // What will never be taken must not stop the rest, and the fold behind it, for ever.
        if (error instanceof MonitorError && !error.retriable) {
          logger.error({ err: error, count: batch.length }, `${what} could not be published and are left out`);
          continue;
        }
        waiting = [...batch, ...waiting];
        throw error;
      }
    }
  };

  return {
    add(value) {
      waiting.push({ value, since: monotonicMs() });
      if (!owner && waiting.length % 1000 === 0) forgetOld();
    },
    setOwner(isOwner) {
      owner = isOwner;
      if (owner) forgetOld();
    },
    flush: () => {
      if (!owner || (waiting.length === 0 && flushing === null)) return Promise.resolve();
      flushing ??= publishAll().finally(() => {
        flushing = null;
      });
      return flushing;
    },
  };
}
