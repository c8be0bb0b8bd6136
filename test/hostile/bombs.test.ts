import { createRecordCodec } from '../../src/decode/avro-codec';
import { compileBytesReader } from '../../src/decode/avro-bytes';
import { parseAvroType } from '../../src/decode/avro-type';
import { createDecoder } from '../../src/decode/decoder';
import { decodeOptions } from '../../src/decode/options';
import type { DecodeFault, Decoded } from '../../src/decode/port';
import type { Result } from '../../src/domain/result';
import { cpuMicros } from '../../bench/bench/measure';
import { buildInteraction } from '../support/builders/interaction';

const MOST_MS = 50;
const MOST_BYTES = 20 * 1024 * 1024;

const codec = createRecordCodec('interaction');
const decoder = createDecoder(decodeOptions.parse({}), {
  registry: {
    byId: () => ({ ok: true, value: { format: 'avro', avro: codec.schemaJson() } }),
    byGuid: () => ({ ok: false, error: 'unknown_schema' }),
    register: () => Promise.resolve(1),
    close: () => Promise.resolve(),
  },
  topics: { interactions: 't', behaviour: null },
  readSchemaFile: () => '',
});

function decode(value: Buffer): Result<Decoded, DecodeFault> {
  return decoder.decode({ topic: 't', value, headers: {} }) as Result<Decoded, DecodeFault>;
}

/** The best of a few runs, as what else the machine does only adds; the memory of the first. */
function costOf(work: () => void): { readonly ms: number; readonly bytes: number } {
  const before = process.memoryUsage();
  let ms = cpuMicros(work) / 1000;
  const after = process.memoryUsage();
  for (let k = 0; k < 5; k++) ms = Math.min(ms, cpuMicros(work) / 1000);
  return { ms, bytes: after.heapUsed + after.external - before.heapUsed - before.external };
}

/** Zigzag and base 128. */
function long(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value >= 0n ? value * 2n : value * -2n - 1n;
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}

describe('Avro bombs', () => {
  it.each([
    [{ type: 'array', items: 'null' }, 'a list of nothings'],
    [{ type: 'array', items: { type: 'record', name: 'E', fields: [] } }, 'a list of empty records'],
    [{ type: 'array', items: { type: 'fixed', name: 'F', size: 0 } }, 'a list of fixed without bytes'],
    [{ type: 'record', name: 'R', fields: [{ name: 'next', type: ['null', 'R'] }] }, 'a record of itself'],
  ])('are refused with their schema: %j, %s', (schema, _) => {
    expect(parseAvroType(schema).ok).toBe(false);
  });

  it.each([
    ['50 million items in 5 bytes', { type: 'array', items: 'int' }, long(50_000_000n)],
    ['a negative count without items', { type: 'array', items: 'int' }, long(-50_000_000n)],
    ['a string of 10 million bytes that are not there', 'string', long(10_000_000n)],
    ['a string of negative length', 'string', long(-5n)],
    ['a length beyond 2^53', 'bytes', long(2n ** 60n)],
    ['a map of 50 million', { type: 'map', values: 'int' }, long(50_000_000n)],
    ['a number that never ends', 'long', Buffer.alloc(4000, 0xff)],
  ])('end as a fault within 50 ms and 20 MB: %s', (_, schema, bytes) => {
    const type = parseAvroType(schema);
    if (!type.ok) throw new Error(type.error);
    const read = compileBytesReader(type.value);
    expect(read(bytes).ok).toBe(false);
    const cost = costOf(() => void read(bytes));
    expect(cost.ms).toBeLessThan(MOST_MS);
    expect(cost.bytes).toBeLessThan(MOST_BYTES);
  });
});

describe('JSON bombs', () => {
  const sound = JSON.stringify(codec.toJson(buildInteraction()));
  const withFacts = (facts: string): Buffer => Buffer.from(`${sound.slice(0, -1)},"facts":${facts}}`);

  it.each([
    ['nested 400,000 deep', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects nested 50,000 deep', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
    ['never closed', '['.repeat(500_000)],
  ])('%s end as a dead letter, without an overflow', (_, facts) => {
    const value = withFacts(facts);
    expect(decode(value).ok).toBe(false);
    expect(costOf(() => void decode(value)).ms).toBeLessThan(MOST_MS);
  });

  it('of 60 levels is a record like any other', () => {
    expect(decode(withFacts('['.repeat(40) + ']'.repeat(40))).ok).toBe(true);
  });
});

describe('prototype pollution', () => {
  const keys = ['__proto__', 'constructor', 'prototype'];
  const payloads = keys.flatMap((key) => [
    `{"${key}":{"polluted":true}}`,
    `{"a":{"${key}":{"polluted":true}}}`,
    `[{"${key}":{"prototype":{"polluted":true}}}]`,
    `{"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":true}}`,
  ]);

  it.each(payloads)('over JSON %s reaches no other object', (payload) => {
    const sound = JSON.parse(JSON.stringify(codec.toJson(buildInteraction()))) as Record<string, unknown>;
    for (const field of Object.keys(sound)) {
      const rest = JSON.stringify({ ...sound, [field]: undefined });
      decode(Buffer.from(`${rest.slice(0, -1)},"${field}":${payload}}`));
      decode(
        Buffer.from(`${payload.startsWith('{') ? payload.slice(0, -1) : '{"x":1'},${JSON.stringify(sound).slice(1)}`),
      );
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(Object.keys(Object.prototype)).toEqual([]);
    }
  });

  it.each(keys)('over a key of an Avro map, %s, reaches no other object', (key) => {
    const segments = Object.fromEntries([['product', 'x']]) as Record<string, string>;
    Object.defineProperty(segments, key, { value: 'polluted', enumerable: true });
    const bytes = codec.encode(buildInteraction({ segments }));
    const result = decode(Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), bytes]));
    expect(result.ok).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
