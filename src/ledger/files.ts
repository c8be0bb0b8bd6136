import { MonitorError } from '../domain/error';
import type { LedgerRecord } from '../domain/ledger-record';
import { openLineFile } from '../platform/line-file';
import { readLines } from '../platform/line-reader';
import type { LedgerLineCodec } from './codec';
import type { LedgerReader, LedgerWriter } from './port';

export interface FileLedgerOptions {
  /** E.g. `data/ledger.jsonl`; created with its folder when there is none. */
  readonly path: string;
  readonly codec: LedgerLineCodec;
  /** Whether an append waits until the disk has it; default true. A replay that can be run again needs no waiting. */
  readonly isFlushed?: boolean;
}

/**
 * Appends lines; the position of a record is its 0-based line number. A line torn by a crash was never acknowledged and
 * is cut off here. Rejects with FILE_UNREADABLE; appends reject with the system's error, and then left nothing behind.
 */
export async function createFileLedgerWriter(options: FileLedgerOptions): Promise<LedgerWriter> {
  const { path, codec, isFlushed = true } = options;
  const file = await openLineFile({ path, isFlushed });
  return {
    append: (records) => file.append(records.map((record) => codec.toJson(record))),
    close: () => file.close(),
  };
}

export interface FileLedgerReaderOptions {
  readonly path: string;
  readonly codec: LedgerLineCodec;
  /** How long a reader that follows waits before it looks for more, ms; default 50. */
  readonly pollMs?: number;
}

/**
 * Reads lines from a position on; finding it costs a scan of what lies before. An unfinished last line is not there yet,
 * and neither is a file that does not exist. `done` rejects with FILE_UNREADABLE, for a line that is no ledger record
 * with INTERNAL and its number, and with what `onEntries` threw.
 * `stop` waits for `onEntries`, so waiting for it in there never ends.
 */
export function createFileLedgerReader({ path, codec, pollMs = 50 }: FileLedgerReaderOptions): LedgerReader {
  const toRecord = (text: string, position: bigint): LedgerRecord => {
    try {
      return codec.fromJson(text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MonitorError('INTERNAL', `line ${position + 1n} of ${path} is not a ledger record: ${why}`, { cause });
    }
  };
  return {
    read: ({ from, follow, onEntries }) =>
      readLines({
        path,
        from,
        follow,
        pollMs,
        onLines: (lines) =>
          onEntries(lines.map(({ number, text }) => ({ position: number, record: toRecord(text, number) }))),
      }),
  };
}
