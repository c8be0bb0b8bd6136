import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { MonitorError } from '../domain/error';
import { checkSnappy, lz4Bound, snappyBlocks, snappyBound, zstdBound } from './kafka-codec-bounds';

/**
 * Bytes one compressed batch may unpack to. Brokers take batches of 1 MB unless told otherwise and text shrinks to a
 * tenth, so 64 MiB is several times what an honest producer sends; 486 kB of gzip can hold 500 MB.
 */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** kafkajs hands over its encoder, which has written the batch. */
type Compress = (encoder: { readonly buffer: Buffer }) => Promise<Buffer>;
type Unpack = (bytes: Buffer) => Buffer | Promise<Buffer>;

const gunzipBytes = promisify(gunzip);

/** What few producers use is loaded with the first batch of it. */
const UNPACK = {
  gzip: (bytes: Buffer) => gunzipBytes(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }),
  async snappy(bytes: Buffer) {
    const blocks = snappyBlocks(bytes);
    assertFits(blocks.reduce((sum, block) => sum + snappyBound(block), 0));
    for (const block of blocks) checkSnappy(block);
    const snappy = (await import('kafkajs-snappy')).default();
    // Block by block: the package joins blocks pairwise, which copies everything once per 32 kB.
    return Buffer.concat(await Promise.all(blocks.map((block) => snappy.decompress(block))));
  },
  lz4(bytes: Buffer) {
    assertFits(lz4Bound(bytes));
    return decompressFrame(bytes);
  },
  async zstd(bytes: Buffer) {
    const { contentBytes, windowBytes } = zstdBound(bytes);
    assertFits(Math.max(contentBytes, windowBytes));
    const { decompress } = await import('fzstd');
    return asBuffer(decompress(bytes));
  },
} satisfies Record<string, Unpack>;

export type CodecName = keyof typeof UNPACK;

/**
 * Unpacks one batch. Rejects with MonitorError POISONED_INPUT when it is broken or larger than `MAX_UNPACKED_BYTES`;
 * as that is not retriable, kafkajs gives up at once instead of fetching the same bytes again.
 */
export async function unpackBatch(codec: CodecName, bytes: Buffer): Promise<Buffer> {
  try {
    return await UNPACK[codec](bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MonitorError('POISONED_INPUT', `a ${codec} batch of ${bytes.length} bytes cannot be unpacked: ${why}`);
  }
}

/**
 * One batch as it is written. On batches of verdicts gzip, at its lowest level, took six times as long, the largest single
 * cost of a record, for a third fewer bytes.
 */
export function packBatch(bytes: Buffer): Promise<Buffer> {
  return compressFrame(bytes);
}

/**
 * Teaches kafkajs, which knows gzip alone and without a limit, to read all four. The registry is a global of kafkajs, so
 * this holds for the process. We write LZ4; gzip is written by kafkajs as before, and asking for another codec when producing throws.
 */
export function registerCodecs(): void {
  const codecs: Record<number, () => { readonly compress: Compress }> = CompressionCodecs;
  const register = (type: CompressionTypes, codec: CodecName, compress: Compress): void => {
    const implementation = { compress, decompress: (bytes: Buffer) => unpackBatch(codec, bytes) };
    codecs[type] = () => implementation;
  };
  const refuse = (): Promise<Buffer> => Promise.reject(new Error('only LZ4 and gzip batches are written'));
  register(CompressionTypes.GZIP, 'gzip', codecs[CompressionTypes.GZIP]!().compress);
  register(CompressionTypes.Snappy, 'snappy', refuse);
  register(CompressionTypes.LZ4, 'lz4', ({ buffer }) => packBatch(buffer));
  register(CompressionTypes.ZSTD, 'zstd', refuse);
}

function assertFits(bytes: number): void {
  if (bytes > MAX_UNPACKED_BYTES) throw new Error(`it says to hold ${bytes} bytes, over ${MAX_UNPACKED_BYTES}`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
