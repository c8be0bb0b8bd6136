import type { LedgerRecord } from '../../../src/domain/ledger-record';
import type { LedgerEntry, LedgerReader, LedgerReading, LedgerWriter } from '../../../src/ledger/port';

export interface MemoryLedger extends LedgerWriter, LedgerReader {
  readonly entries: readonly LedgerEntry[];
  /** From now on appends reject with this; null mends it. What was appended before stays. */
  fail(error: Error | null): void;
  /** From now on appends wait until the returned function is called. */
  hold(): () => void;
}

/** The contract of `src/ledger/port.ts` in memory: one order, readers that follow. */
export function createMemoryLedger(): MemoryLedger {
  const entries: LedgerEntry[] = [];
  const wakers = new Set<() => void>();
  let failure: Error | null = null;
  let held: Promise<void> = Promise.resolve();
  /** Appends keep their order even while they are held. */
  let tail: Promise<void> = Promise.resolve();

  const appendNow = async (records: readonly LedgerRecord[]): Promise<void> => {
    await held;
    if (failure !== null) throw failure;
    for (const record of records) entries.push({ position: BigInt(entries.length), record });
    for (const wake of wakers) wake();
  };

  return {
    entries,
    append(records) {
      const appended = tail.then(() => appendNow(records));
      tail = appended.catch(() => {});
      return appended;
    },
    close: () => tail,
    fail(error) {
      failure = error;
    },
    hold() {
      let release = (): void => {};
      held = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    read({ from, follow, onEntries }): LedgerReading {
      const end = entries.length;
      let stopped = false;
      let wake = (): void => {};
      const more = (): Promise<void> =>
        new Promise<void>((resolve) => {
          wake = resolve;
          wakers.add(wake);
        }).then(() => void wakers.delete(wake));
      const run = async (): Promise<void> => {
        let next = Number(from);
        while (!stopped) {
          const batch = entries.slice(next, follow ? undefined : Math.max(end, next));
          if (batch.length > 0) {
            next += batch.length;
            await onEntries(batch);
          } else if (follow) {
            await more();
          } else {
            return;
          }
        }
      };
      const done = run();
      return {
        done,
        async stop() {
          stopped = true;
          wake();
          await done.catch(() => {});
        },
      };
    },
  };
}
