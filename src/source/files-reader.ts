import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { MonitorError } from '../domain/error';

export interface FileRecord {
  /** Null where the record was decoded by its container. */
  readonly value: Buffer | null;
  readonly sizeBytes: number;
  readonly decoded?: unknown;
}

export interface FileReaderOptions {
  /** Bytes of a line above which only its beginning is kept. */
  readonly maxRecordBytes: number;
  readonly openAvroContainer: OpenAvroContainer;
}

/** Values of a container in order, each with the bytes it took. */
export type OpenAvroContainer = (
  path: string,
) => AsyncIterable<{ readonly value: unknown; readonly sizeBytes: number }>;

const [TAB, NEWLINE, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];

/**
 * The records of one file in order: lines of JSON, gzipped or not, or the objects of an Avro container. Blank lines are
 * no records. A line over the limit comes as its first bytes with its true size, so that it is turned away and not kept
 * in memory. Throws FILE_UNREADABLE naming file and record where reading ends early.
 */
export async function* readFileRecords(path: string, options: FileReaderOptions): AsyncGenerator<FileRecord> {
  let records = 0;
  try {
    const source = path.endsWith('.avro') ? containerRecords(path, options) : lineRecords(path, options);
    for await (const record of source) {
      records++;
      yield record;
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MonitorError('FILE_UNREADABLE', `${path} cannot be read beyond record ${records}: ${why}`, { cause });
  }
}

async function* containerRecords(path: string, options: FileReaderOptions): AsyncGenerator<FileRecord> {
  for await (const { value, sizeBytes } of options.openAvroContainer(path)) {
    yield { value: null, sizeBytes, decoded: value };
  }
}

async function* lineRecords(path: string, { maxRecordBytes }: FileReaderOptions): AsyncGenerator<FileRecord> {
  const line = createLine(maxRecordBytes);
  for await (const chunk of chunksOf(path)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      line.append(chunk.subarray(start, end));
      start = end + 1;
      const record = line.take();
      if (record !== null) yield record;
    }
    line.append(chunk.subarray(start));
  }
  const last = line.take();
  if (last !== null) yield last;
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) {
    yield* file as AsyncIterable<Buffer>;
    return;
  }
  const unzipped = createGunzip();
  // A pipe hands on neither the fault of its source nor the end of its reader.
  file.on('error', (error) => unzipped.destroy(error));
  try {
    yield* file.pipe(unzipped) as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
  }
}

interface Line {
  append(part: Buffer): void;
  /** The line so far as a record, null when it is blank; the next one begins. */
  take(): FileRecord | null;
}

function createLine(maxBytes: number): Line {
  let parts: Buffer[] = [];
  let kept = 0;
  let sizeBytes = 0;
  return {
    append(part) {
      sizeBytes += part.length;
      if (kept > maxBytes) return;
      // One byte over the limit is enough to be turned away.
      const wanted = part.subarray(0, maxBytes + 1 - kept);
      kept += wanted.length;
      if (wanted.length > 0) parts.push(Buffer.from(wanted));
    },
    take() {
      const [only] = parts;
      const value = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
      const record = { value, sizeBytes };
      parts = [];
      kept = 0;
      sizeBytes = 0;
      return isBlank(value) ? null : record;
    },
  };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === SPACE || byte === RETURN || byte === TAB);
}
