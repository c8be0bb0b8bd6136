import { open } from 'node:fs/promises';
import { MonitorError } from '../domain/error';
import { openLineFile } from '../platform/line-file';
import type { LedgerLineCodec } from './codec';
import type { LedgerEntry, LedgerReader, LedgerReading, LedgerReadOptions, LedgerWriter } from './port';

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

const CHUNK_BYTES = 1024 * 1024;
const MAX_ENTRIES = 1_000;
const NEWLINE = 0x0a;

/**
 * Reads lines from a position on; finding it costs a scan of what lies before. An unfinished last line is not there yet,
 * and neither is a file that does not exist. `done` rejects with FILE_UNREADABLE, for a line that is no ledger record
 * with INTERNAL and its number, and with what `onEntries` threw.
 * `stop` waits for `onEntries`, so waiting for it in there never ends.
 */
export function createFileLedgerReader(options: FileLedgerReaderOptions): LedgerReader {
  return { read: (reading) => startReading(options, reading) };
}

function startReading(options: FileLedgerReaderOptions, { from, follow, onEntries }: LedgerReadOptions): LedgerReading {
  const { path, codec, pollMs = 50 } = options;
  const stopping = new AbortController();
  let line = 0n;
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);

  const hand = async (lines: readonly Buffer[]): Promise<void> => {
    const entries: LedgerEntry[] = [];
    for (const bytes of lines) {
      const position = line++;
      if (position >= from) entries.push({ position, record: toRecord(bytes, position) });
    }
    for (let at = 0; at < entries.length && !stopping.signal.aborted; at += MAX_ENTRIES) {
      await onEntries(entries.slice(at, at + MAX_ENTRIES));
    }
  };

  const toRecord = (bytes: Buffer, position: bigint): LedgerEntry['record'] => {
    try {
      return codec.fromJson(bytes.toString('utf8'));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MonitorError('INTERNAL', `line ${position + 1n} of ${path} is not a ledger record: ${why}`, { cause });
    }
  };

  /** Reads up to `end`, or up to what there is. */
  const readTo = async (end: number): Promise<void> => {
    if (offset >= end) return;
    const file = await openForReading(path);
    if (file === null) return;
    try {
      while (offset < end && !stopping.signal.aborted) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, end - offset));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, offset);
        if (bytesRead === 0) return;
        offset += bytesRead;
        const { lines, left } = splitLines(Buffer.concat([rest, chunk.subarray(0, bytesRead)]));
        rest = left;
        await hand(lines);
      }
    } finally {
      await file.close();
    }
  };

  const run = async (): Promise<void> => {
    await readTo(await sizeOf(path));
    while (follow && !stopping.signal.aborted) {
      await pause(pollMs, stopping.signal);
      await readTo(await sizeOf(path));
    }
  };

  const done = run();
  return {
    done,
    async stop() {
      stopping.abort();
      await done.catch(() => {});
    },
  };
}

function splitLines(bytes: Buffer): { readonly lines: Buffer[]; readonly left: Buffer } {
  const lines: Buffer[] = [];
  let from = 0;
  for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, from)) {
    lines.push(bytes.subarray(from, newline));
    from = newline + 1;
  }
  return { lines, left: bytes.subarray(from) };
}

async function openForReading(path: string): Promise<Awaited<ReturnType<typeof open>> | null> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${path}`, { cause });
  }
}

async function sizeOf(path: string): Promise<number> {
  const file = await openForReading(path);
  if (file === null) return 0;
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish);
    if (signal.aborted) finish();
  });
}
