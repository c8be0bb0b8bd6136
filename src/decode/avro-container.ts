import { open, type FileHandle } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { MonitorError } from '../domain/error';
import { type BytesSequenceReader, compileSequenceReader, type SizedValue } from './avro-bytes';
import { parseAvroType } from './avro-type';

/** One block is read whole; a larger one is refused. Writers cut blocks at some 16 kB to 2 MB. */
const MAX_BLOCK_BYTES = 67_108_864;
const MAGIC = Buffer.from('Obj\u0001', 'latin1');
const SYNC_BYTES = 16;

/**
 * The records of an Avro object container file in order, each as a plain value under its writer's names with its size (Avro
 * specification, "Object Container Files"; codecs `null` and `deflate`). One block is in memory at a time. Rejects with
 * MonitorError FILE_UNREADABLE, naming the file and the byte, when the file is cut off or damaged.
 */
export async function* openAvroContainer(path: string): AsyncGenerator<SizedValue, void, undefined> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new MonitorError('FILE_UNREADABLE', `${path}: cannot be opened`, { cause });
  });
  try {
    const input = createInput(file, path);
    const { read, codec, sync } = await readHeader(input, path);
    for (;;) {
      const block = await readBlock(input, path, sync);
      if (block === null) return;
      const values = read(unpack(block.data, codec, path, block.at), block.count);
      if (!values.ok) throw damaged(path, block.at, values.error);
      yield* values.value;
    }
  } finally {
    await file.close();
  }
}

/** Reads on from a position; `take` faults at the end of the file, `atEnd` asks for it. */
interface Input {
  position(): number;
  atEnd(): Promise<boolean>;
  take(bytes: number): Promise<Buffer>;
  /** A zigzag varint. */
  takeLong(): Promise<number>;
}

function createInput(file: FileHandle, path: string): Input {
  let position = 0;
  let buffered = Buffer.alloc(0);

  const fill = async (bytes: number): Promise<boolean> => {
    while (buffered.length < bytes) {
      const chunk = Buffer.alloc(Math.max(65_536, bytes - buffered.length));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position + buffered.length);
      if (bytesRead === 0) return false;
      buffered = Buffer.concat([buffered, chunk.subarray(0, bytesRead)]);
    }
    return true;
  };
  const take = async (bytes: number): Promise<Buffer> => {
    if (bytes < 0 || bytes > MAX_BLOCK_BYTES) throw damaged(path, position, `a part of ${bytes} bytes`);
    if (!(await fill(bytes))) throw damaged(path, position, 'the end of the file too early');
    const taken = buffered.subarray(0, bytes);
    buffered = buffered.subarray(bytes);
    position += bytes;
    return taken;
  };
  return {
    position: () => position,
    atEnd: async () => !(await fill(1)),
    take,
    async takeLong() {
      let value = 0;
      for (let length = 0; length < 7; length++) {
        const byte = (await take(1))[0] ?? 0;
        value += (byte & 0x7f) * 2 ** (7 * length);
        if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      throw damaged(path, position, 'a number beyond 2^48');
    },
  };
}

interface Header {
  readonly read: BytesSequenceReader;
  readonly codec: string;
  readonly sync: Buffer;
}

async function readHeader(input: Input, path: string): Promise<Header> {
  const magic = await input.take(MAGIC.length);
  if (!magic.equals(MAGIC)) throw damaged(path, 0, 'no Avro container');
  const meta = await readMetadata(input, path);
  const sync = Buffer.from(await input.take(SYNC_BYTES));
  const codec = meta.get('avro.codec')?.toString() ?? 'null';
  if (codec !== 'null' && codec !== 'deflate') throw damaged(path, 0, 'a codec other than null and deflate');
  const schema = parseAvroType(parseJson(meta.get('avro.schema')?.toString() ?? ''));
  if (!schema.ok) throw damaged(path, 0, `a schema that is refused: ${schema.error}`);
  return { read: compileSequenceReader(schema.value), codec, sync };
}

async function readMetadata(input: Input, path: string): Promise<ReadonlyMap<string, Buffer>> {
  const meta = new Map<string, Buffer>();
  for (;;) {
    let count = await input.takeLong();
    if (count === 0) return meta;
    if (count < 0) {
      count = -count;
      await input.takeLong();
    }
    if (count > 1000) throw damaged(path, input.position(), 'too much metadata');
    for (; count > 0; count--) {
      const key = (await input.take(await input.takeLong())).toString();
      meta.set(key, Buffer.from(await input.take(await input.takeLong())));
    }
  }
}

interface Block {
  readonly count: number;
  readonly data: Buffer;
  /** Byte of the file at which its data begins. */
  readonly at: number;
}

/** Null at the end of the file. */
async function readBlock(input: Input, path: string, sync: Buffer): Promise<Block | null> {
  if (await input.atEnd()) return null;
  const count = await input.takeLong();
  const size = await input.takeLong();
  const at = input.position();
  const data = Buffer.from(await input.take(size));
  if (!(await input.take(SYNC_BYTES)).equals(sync)) throw damaged(path, at, 'a block without its sync marker');
  return { count, data, at };
}

function unpack(data: Buffer, codec: string, path: string, at: number): Buffer {
  if (codec === 'null') return data;
  try {
    return inflateRawSync(data, { maxOutputLength: MAX_BLOCK_BYTES });
  } catch (cause) {
    throw damaged(path, at, 'a block that cannot be unpacked', cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function damaged(path: string, at: number, seen: string, cause?: unknown): MonitorError {
  return new MonitorError(
    'FILE_UNREADABLE',
    `${path}: saw ${seen}, at byte ${at}`,
    cause === undefined ? {} : { cause },
  );
}
