import type { LedgerRecord } from '../domain/ledger-record';

export interface LedgerEntry {
  /** 0-based position in the ledger's single partition. */
  readonly position: bigint;
  readonly record: LedgerRecord;
}

/** What of one partition the ledger holds already. */
export interface WrittenOffsets {
  /** Above it nothing is known to be written; -1 when nothing is. */
  readonly highest: bigint;
  has(offset: bigint): boolean;
}

/** Appends in order; resolves when the log has them durably (acks from all replicas, or a flushed file). */
export interface LedgerWriter {
  append(records: readonly LedgerRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerReader {
  /**
   * Delivers entries from `from` on, in order, one batch at a time and never two at once. With `follow` it waits for
   * more until stopped; else it resolves `done` at the end of the log as it was when started.
   */
  read(options: LedgerReadOptions): LedgerReading;
}

export interface LedgerReadOptions {
  readonly from: bigint;
  readonly follow: boolean;
  readonly onEntries: (entries: readonly LedgerEntry[]) => void | Promise<void>;
}

export interface LedgerReading {
  /** Resolves at the end of the log, or when stopped; rejects when the log cannot be read any further. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}
