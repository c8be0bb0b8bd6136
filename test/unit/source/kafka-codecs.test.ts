import { gzipSync } from 'node:zlib';
import createSnappyCodec from 'kafkajs-snappy';
import { MonitorError } from '../../../src/domain/error';
import { type CodecName, MAX_UNPACKED_BYTES, packBatch, unpackBatch } from '../../../src/source/kafka-codecs';
import { checkSnappy, lz4Bound, snappyBound, zstdBound } from '../../../src/source/kafka-codec-bounds';
import { type SeededRandom, seededRandom } from '../../support/builders/random';

const TEXT = 'plumb line plumb line plumb line plumb line plumb line plumb line';

/** What `lz4 -c -B4` and `zstd -c` made of it. */
const LZ4_FRAME = Buffer.from(
  '04224d186440a715000000bf706c756d62206c696e65200b001e50206c696e650000000045baa590',
  'hex',
);
const ZSTD_FRAME = Buffer.from('28b52ffd04588d000058706c756d62206c696e65200100f359bc1b6f3199', 'hex');

describe('unpacking a batch', () => {
  it('reads gzip', async () => {
    expect(String(await unpackBatch('gzip', gzipSync(TEXT)))).toBe(TEXT);
  });

  it('reads snappy, raw and in xerial frames of several blocks', async () => {
    const snappy = createSnappyCodec();
    const raw = await snappy.compress({ buffer: Buffer.from(TEXT) });
    expect(String(await unpackBatch('snappy', raw))).toBe(TEXT);
    expect(String(await unpackBatch('snappy', xerial([raw, raw])))).toBe(TEXT + TEXT);
  });

  it('reads lz4 and zstd frames as other programs write them', async () => {
    expect(String(await unpackBatch('lz4', LZ4_FRAME))).toBe(TEXT);
    expect(String(await unpackBatch('zstd', ZSTD_FRAME))).toBe(TEXT);
  });

  it('refuses what would unpack to more than the limit, before it allocates anything', async () => {
    const large = Buffer.alloc(MAX_UNPACKED_BYTES + 1);
    const bombs: Record<CodecName, Buffer> = {
      gzip: gzipSync(large),
      // A varint of 2^32 - 1 and nothing behind it.
      snappy: Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]),
      lz4: lz4Bomb(17),
      zstd: zstdBomb(600),
    };
    const before = process.memoryUsage().arrayBuffers;
    for (const [codec, bytes] of Object.entries(bombs) as [CodecName, Buffer][]) {
      await expect(unpackBatch(codec, bytes)).rejects.toMatchObject({ code: 'POISONED_INPUT', retriable: false });
    }
    // Up to the limit, plus the piece that crosses it.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MAX_UNPACKED_BYTES + 1_048_576);
  });

  it('refuses a zstd frame that asks for a window of two gigabytes', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3, 0x01, 0x00, 0x00]);
    expect(zstdBound(frame).windowBytes).toBe(2 ** 31);
    await expect(unpackBatch('zstd', frame)).rejects.toThrow('2147483648 bytes, over');
  });

  it('refuses a snappy literal whose length has the highest bit set, for which the package would read in a circle', async () => {
    // 9 bytes, then a literal with a length of four bytes: minus five, as the package reads it.
    const circle = Buffer.from([9, 0xfc, 0xfa, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
    await expect(unpackBatch('snappy', circle)).rejects.toMatchObject({ code: 'POISONED_INPUT' });
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'answers any broken %s batch with one kind of error',
    async (codec) => {
      const whole = { gzip: gzipSync(TEXT), snappy: Buffer.from([5]), lz4: LZ4_FRAME, zstd: ZSTD_FRAME }[codec];
      for (let length = 0; length < whole.length; length++) await settlesWell(codec, whole.subarray(0, length));
      const random = seededRandom(7);
      for (let round = 0; round < 200; round++) {
        await settlesWell(codec, noiseOf(random, round));
        const flipped = Buffer.from(whole);
        flipped[round % whole.length] = (flipped[round % whole.length] ?? 0) ^ (1 << (round % 8));
        await settlesWell(codec, flipped);
      }
    },
  );
});

describe('packing a batch', () => {
  it.each([0, 1, 100, 5_000, 900_000])('gives a frame that unpacks to the same %i bytes', async (length) => {
    const text = Buffer.alloc(length, TEXT);
    const packed = await packBatch(text);
    expect((await unpackBatch('lz4', packed)).equals(text)).toBe(true);
    if (length >= 5_000) expect(packed.length).toBeLessThan(length / 40);
  });

  it('keeps what does not shrink whole', async () => {
    const noise = noiseOf(seededRandom(3), 300_000);
    expect((await unpackBatch('lz4', await packBatch(noise))).equals(noise)).toBe(true);
  });
});

describe('the bounds of a batch', () => {
  it('count an lz4 block with what its format allows and a stored one with its length', () => {
    expect(lz4Bound(LZ4_FRAME)).toBe(65_536);
    const stored = lz4Frame([Buffer.from([5, 0, 0, 0x80]), Buffer.from('plumb')]);
    expect(lz4Bound(stored)).toBe(5);
  });

  it('read the length in front of a snappy block', () => {
    expect(snappyBound(Buffer.from([0xfe, 0xff, 0x7f]))).toBe(2_097_150);
    expect(() => snappyBound(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))).toThrow('overlong');
  });

  it('walk every snappy block that is one, and no other', async () => {
    const snappy = createSnappyCodec();
    const random = seededRandom(11);
    for (let round = 0; round < 200; round++) {
      const text = Buffer.from(TEXT.slice(0, random.int(60)).repeat(random.int(40)));
      const block = await snappy.compress({ buffer: Buffer.concat([text, noiseOf(random, random.int(200))]) });
      expect(() => checkSnappy(block)).not.toThrow();
      expect(() => checkSnappy(block.subarray(0, random.int(block.length)))).toThrow();
    }
  });

  it('count zstd runs and stored blocks exactly, over skippable frames and several others', () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    const run = zstdBomb(1);
    expect(zstdBound(run).contentBytes).toBe(131_072);
    expect(zstdBound(Buffer.concat([run, skippable, run])).contentBytes).toBe(262_144);
  });
});

function noiseOf(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.int(256)));
}

async function settlesWell(codec: CodecName, bytes: Buffer): Promise<void> {
  try {
    expect((await unpackBatch(codec, bytes)).length).toBeLessThanOrEqual(MAX_UNPACKED_BYTES);
  } catch (failure) {
    expect(failure).toBeInstanceOf(MonitorError);
  }
}

function xerial(blocks: readonly Buffer[]): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  return Buffer.concat([header, ...blocks.flatMap((block) => [uint32be(block.length), block])]);
}

function uint32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A frame with blocks of at most 4 MiB and no checksums; the header checksum is not looked at. */
function lz4Frame(blocks: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x00]), ...blocks, Buffer.alloc(4)]);
}

function lz4Bomb(blocks: number): Buffer {
  return lz4Frame(Array.from({ length: blocks }, () => Buffer.from([1, 0, 0, 0, 0])));
}

/** Runs of 128 KiB zeros: four bytes each. */
function zstdBomb(runs: number): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (17 - 10) << 3]);
  const blocks = Array.from({ length: runs }, (_, index) => {
    const block = Buffer.alloc(4);
    block.writeUIntLE((131_072 << 3) | (1 << 1) | (index === runs - 1 ? 1 : 0), 0, 3);
    return block;
  });
  return Buffer.concat([header, ...blocks]);
}
