/**
 * How much a compressed batch can unpack to, read from its headers before a byte is unpacked or allocated. Compressed
 * blocks count with the most their format allows, which is exact but for the last one of a frame. All throw RangeError
 * when the bytes end too early, and Error when they are not of the format.
 */

/** Block sizes by the code in the BD byte. LZ4 frame format 1.6.x, "Block Maximum Size". */
const LZ4_BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };
const LZ4_MAGIC = 0x184d2204;

/** One LZ4 frame and nothing behind it, as Kafka's clients write them. */
export function lz4Bound(bytes: Buffer): number {
  if (bytes.readUInt32LE(0) !== LZ4_MAGIC) throw new Error('not an LZ4 frame');
  const flags = bytes.readUInt8(4);
  const blockBytes = LZ4_BLOCK_BYTES[(bytes.readUInt8(5) >> 4) & 7];
  if (blockBytes === undefined) throw new Error('an LZ4 frame with an unknown block size');
  if (flags & 0x01) throw new Error('an LZ4 frame that needs a dictionary');
  const checksumBytes = flags & 0x10 ? 4 : 0;
  // Magic, FLG, BD, the content size where there is one, the header checksum.
  let at = 6 + (flags & 0x08 ? 8 : 0) + 1;
  let bound = 0;
  for (;;) {
    const size = bytes.readUInt32LE(at);
    if (size === 0) {
      if (at + 4 + (flags & 0x04 ? 4 : 0) !== bytes.length) throw new Error('bytes behind an LZ4 frame');
      return bound;
    }
    const stored = (size & 0x80000000) !== 0;
    const length = size & 0x7fffffff;
    bound += stored ? length : blockBytes;
    at += 4 + length + checksumBytes;
  }
}

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_BYTES = 16;

/** The raw Snappy blocks of a batch: those of xerial's framing (Java), or the batch itself (librdkafka). */
export function snappyBlocks(bytes: Buffer): Buffer[] {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return [bytes];
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) throw new RangeError('a Snappy block ends behind the batch');
    blocks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blocks;
}

/** The varint at the start of a raw Snappy block is its length when unpacked. Snappy format description, section 1. */
export function snappyBound(block: Buffer): number {
  return snappyLength(block).length;
}

/**
 * Walks the elements of a raw Snappy block without unpacking them. The package that unpacks reads lengths with a sign, so a
 * literal of two gigabytes or more would send it back where it was, for ever. Snappy format description, section 2.
 */
export function checkSnappy(block: Buffer): void {
  const { length, end } = snappyLength(block);
  let produced = 0;
  for (let at = end; at < block.length;) {
    const tag = block.readUInt8(at++);
    const kind = tag & 3;
    if (kind === LITERAL) {
      const extra = Math.max(0, (tag >>> 2) - 59);
      const size = 1 + (extra === 0 ? tag >>> 2 : block.readUIntLE(at, extra));
      at += extra + size;
      if (at > block.length) throw new RangeError('a Snappy literal ends behind its block');
      produced += size;
      continue;
    }
    const offset =
      kind === SHORT_COPY
        ? ((tag >>> 5) << 8) | block.readUInt8(at)
        : block.readUIntLE(at, kind === MIDDLE_COPY ? 2 : 4);
    at += kind === SHORT_COPY ? 1 : kind === MIDDLE_COPY ? 2 : 4;
    if (offset === 0 || offset > produced) throw new Error('a Snappy copy from before its block');
    produced += kind === SHORT_COPY ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
  }
  if (produced !== length) throw new Error(`a Snappy block of ${produced} bytes that says ${length}`);
}

/** Kinds of elements, by the two lowest bits of their tags; the fourth is a copy with an offset of four bytes. */
const LITERAL = 0;
const SHORT_COPY = 1;
const MIDDLE_COPY = 2;

/** And where the elements begin. */
function snappyLength(block: Buffer): { readonly length: number; readonly end: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block.readUInt8(at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, end: at + 1 };
  }
  throw new Error('a Snappy block with an overlong length');
}

const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_BLOCK_BYTES = 131_072;

/**
 * All frames of a batch: what their blocks unpack to, and the largest window any of them asks the decoder to allocate.
 * RFC 8878, sections 3.1.1.1 (frame header), 3.1.1.2 (blocks) and 3.1.2 (skippable frames).
 */
export function zstdBound(bytes: Buffer): { readonly contentBytes: number; readonly windowBytes: number } {
  let contentBytes = 0;
  let windowBytes = 0;
  for (let at = 0; at < bytes.length;) {
    const magic = bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw new Error('not a Zstandard frame');
    const header = zstdHeader(bytes, at + 4);
    windowBytes = Math.max(windowBytes, header.windowBytes);
    at = header.end;
    for (let isLast = false; !isLast;) {
      const block = bytes.readUIntLE(at, 3);
      const type = (block >> 1) & 3;
      const size = block >> 3;
      isLast = (block & 1) === 1;
      if (type === 3) throw new Error('a Zstandard block of a reserved type');
      // Raw blocks and runs say their size unpacked; a run is stored as one byte.
      contentBytes += type === 2 ? Math.min(ZSTD_BLOCK_BYTES, header.windowBytes) : size;
      at += 3 + (type === 1 ? 1 : size);
    }
    if (header.hasChecksum) at += 4;
  }
  return { contentBytes, windowBytes };
}

interface ZstdHeader {
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
  readonly end: number;
}

function zstdHeader(bytes: Buffer, from: number): ZstdHeader {
  const descriptor = bytes.readUInt8(from);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeCode = descriptor >> 6;
  const contentSizeBytes = sizeCode === 0 ? (isSingleSegment ? 1 : 0) : 2 ** sizeCode;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeAt = from + 1 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const hasChecksum = (descriptor & 4) !== 0;
  const end = sizeAt + contentSizeBytes;
  if (!isSingleSegment) {
    const window = bytes.readUInt8(from + 1);
    const base = 2 ** (10 + (window >> 3));
    return { windowBytes: base + (base / 8) * (window & 7), hasChecksum, end };
  }
  return { windowBytes: contentSize(bytes, sizeAt, contentSizeBytes), hasChecksum, end };
}

function contentSize(bytes: Buffer, at: number, length: number): number {
  if (length === 8) return Number(bytes.readBigUInt64LE(at));
  // The two-byte form starts where the one-byte form ends.
  return bytes.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}
