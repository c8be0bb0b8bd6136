import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MonitorError } from '../domain/error';

/** A file of lines that only grows, each line ending in a newline. */
export interface LineFile {
  /**
   * Resolves when the lines are written, and flushed to the disk when the file was opened so. Lines of calls that come
   * while the disk is busy go out together. Rejects with the system's error (ENOSPC and the like, which may heal); then
   * none of the lines of the call are in the file.
   */
  append(lines: readonly string[]): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export interface LineFileOptions {
  readonly path: string;
  /** Whether an append waits for fsync; without it a power cut can lose lines that were reported as written. */
  readonly isFlushed: boolean;
}

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (failure: unknown) => void;
}

/**
 * Opens or creates the file. A last line without its newline, left by a crash in the middle of a write, is cut off.
 * Rejects with FILE_UNREADABLE. One process writes at a time; nobody checks.
 */
export async function openLineFile({ path, isFlushed }: LineFileOptions): Promise<LineFile> {
  const file = await openForAppend(path);
  let size = await cutTornLine(file);
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text);
    try {
      await writeFully(file, bytes, size);
      if (isFlushed) await file.datasync();
    } catch (failure) {
      // Part of it may be there, and the next line must not be glued to it.
      await file.truncate(size).catch(() => {});
      throw failure;
    }
    size += bytes.length;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ text }) => text).join(''));
        for (const { resolve } of batch) resolve();
      } catch (failure) {
        for (const { reject } of batch) reject(failure);
      }
    }
    writing = null;
  };

  return {
    append(lines) {
      if (lines.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ text: lines.map((line) => `${line}\n`).join(''), resolve, reject });
        writing ??= drain();
      });
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}

async function openForAppend(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Not in append mode, where a write lands at the end whatever position it is given.
    return await open(path, 'r+').catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return open(path, 'wx+');
      throw failure;
    });
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot open ${path} for writing: ${messageOf(cause)}`, { cause });
  }
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}

const NEWLINE = 0x0a;
const CHUNK_BYTES = 65_536;

/** The size of the file up to its last newline, after cutting off what follows. */
async function cutTornLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  let end = size;
  for (const chunk = Buffer.alloc(CHUNK_BYTES); end > 0;) {
    const from = Math.max(0, end - CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk, 0, end - from, from);
    const newline = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) {
      end = from + newline + 1;
      break;
    }
    end = from;
  }
  if (end < size) await file.truncate(end);
  return end;
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
