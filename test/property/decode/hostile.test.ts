import { createRecordCodec } from '../../../src/decode/avro-codec';
import { createDecoder } from '../../../src/decode/decoder';
import { decodeOptions } from '../../../src/decode/options';
import { DEAD_LETTER_REASONS } from '../../../src/domain/accounting';
import type { DecodeFault, Decoded } from '../../../src/decode/port';
import type { Result } from '../../../src/domain/result';
import { buildInteraction } from '../../support/builders/interaction';
import { seededRandom, type SeededRandom } from '../../support/builders/random';

const RECORDS = 10_000;
const LIMIT_MS = 50;
/** Bytes that mean something to one of the formats: ends of lists, braces, quotes, long numbers, framings. */
const MEANINGFUL = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, 0xc3, 0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x5c, 0x2c, 0x3a];

const codec = createRecordCodec('interaction');
const interaction = buildInteraction({
  facts: { a: [1, { b: null }] },
  context: [{ id: 'd', text: 'x'.repeat(200) }],
  output: {
    text: 'é',
    finishReason: null,
    refusal: null,
    toolCalls: [{ name: 't', arguments: '{}', result: null, ok: true }],
    chunks: [],
  },
});
const avro = Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), codec.encode(interaction)]);
const json = Buffer.from(JSON.stringify(codec.toJson(interaction)));

const decoder = createDecoder(decodeOptions.parse({}), {
  registry: {
    byId: (id) => (id === 7 ? known : { ok: false, error: 'unknown_schema' }),
    byGuid: () => ({ ok: false, error: 'unknown_schema' }),
    register: () => Promise.resolve(1),
    close: () => Promise.resolve(),
  },
  topics: { interactions: 't', behaviour: null },
  readSchemaFile: () => '',
});
const known = { ok: true, value: { format: 'avro', avro: codec.schemaJson() } } as const;

function mutate(seed: Buffer, random: SeededRandom): Buffer {
  let bytes = Buffer.from(seed);
  for (let edits = 1 + random.int(4); edits > 0; edits--) {
    const at = random.int(Math.max(1, bytes.length));
    const kind = random.int(5);
    if (kind === 0) bytes[at] = random.pick(MEANINGFUL);
    else if (kind === 1) bytes[at] = random.int(256);
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 20))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([random.pick(MEANINGFUL)]), bytes.subarray(at)]);
  }
  return bytes;
}

describe.each([
  ['Avro', avro],
  ['JSON', json],
  ['random bytes', Buffer.alloc(300, 1)],
])('decoding damaged %s', (_, seed) => {
  it(`answers ${RECORDS} records with a record or a known reason, each within ${LIMIT_MS} ms`, () => {
    const random = seededRandom(20_260_302);
    let sound = 0;
    const slow: number[] = [];
    for (let n = 0; n < RECORDS; n++) {
      const value = mutate(seed, random);
      const startedAt = performance.now();
      const result = decoder.decode({ topic: 't', value, headers: {} }) as Result<Decoded, DecodeFault>;
      const ms = performance.now() - startedAt;
      // A busy machine may stop any one call; the same record again tells that apart from a slow record.
      if (ms > LIMIT_MS) slow.push(again(value));
      if (result.ok) sound += 1;
      else if (!DEAD_LETTER_REASONS.includes(result.error.reason)) throw new Error(result.error.reason);
    }
    expect(slow.filter((ms) => ms > LIMIT_MS)).toEqual([]);
    expect(sound).toBeLessThan(RECORDS);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

function again(value: Buffer): number {
  const startedAt = performance.now();
  void decoder.decode({ topic: 't', value, headers: {} });
  return performance.now() - startedAt;
}
