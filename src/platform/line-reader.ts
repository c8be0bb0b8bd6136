import { open } from 'node:fs/promises';
import { MonitorError } from '../domain/error';

/** A line of a file with its 0-based number, without its newline. */
export interface NumberedLine {
  readonly number: bigint;
  readonly text: string;
}

export interface LineReading {
  /** Resolves at the end of the file, or when stopped; rejects when it cannot be read any further. */
  readonly done: Promise<void>;
  /** Waits for `onLines`, so waiting for it in there never ends. */
  stop(): Promise<void>;
}

export interface LineReadingOptions {
  readonly path: string;
  readonly from: bigint;
  /** Goes on as the file grows; false ends at its end as it was when started. */
  readonly follow: boolean;
  /** How long a reading that follows waits before it looks for more, ms; default 50. */
  readonly pollMs?: number;
  /** At most `MAX_LINES` at once, one call at a time. */
  readonly onLines: (lines: readonly NumberedLine[]) => void | Promise<void>;
}

const CHUNK_BYTES = 1024 * 1024;
const MAX_LINES = 1_000;
const NEWLINE = 0x0a;

/**
 * Reads lines from a number on; finding it costs a scan of what lies before. An unfinished last line is not there yet,
 * and neither is a file that does not exist. `done` rejects with FILE_UNREADABLE and with what `onLines` threw.
 */
export function readLines({ path, from, follow, pollMs = 50, onLines }: LineReadingOptions): LineReading {
  const stopping = new AbortController();
  let line = 0n;
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);

  const hand = async (bytes: readonly Buffer[]): Promise<void> => {
    const lines: NumberedLine[] = [];
    for (const one of bytes) {
      const number = line++;
      if (number >= from) lines.push({ number, text: one.toString('utf8') });
    }
    for (let at = 0; at < lines.length && !stopping.signal.aborted; at += MAX_LINES) {
      await onLines(lines.slice(at, at + MAX_LINES));
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
