import { createRecordCodec } from '../../src/decode/avro-codec';
import { createDecoder } from '../../src/decode/decoder';
import { decodeOptions } from '../../src/decode/options';
import type { Decoder } from '../../src/decode/port';
import { buildInteraction } from './builders/interaction';
import type { SeededRandom } from './builders/random';

/** What meant something to one of the formats: ends of lists, braces, quotes, long numbers, framings. */
const MEANINGFUL = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, 0xc3, 0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x5c, 0x2c, 0x3a];

const codec = createRecordCodec('interaction');
/** One object, as the registry's cache hands it out: a reader is compiled for each. */
const KNOWN = { ok: true, value: { format: 'avro', avro: codec.schemaJson() } } as const;
const UNKNOWN = { ok: false, error: 'unknown_schema' } as const;

/** Knows one schema of the registry, number 7. */
export function decoderOfSamples(): Decoder {
  return createDecoder(decodeOptions.parse({}), {
    registry: {
      byId: (id) => (id === 7 ? KNOWN : UNKNOWN),
      byGuid: () => UNKNOWN,
      register: () => Promise.resolve(1),
      close: () => Promise.resolve(),
    },
    topics: { interactions: 't', behaviour: null },
    readSchemaFile: () => '',
  });
}

const example = buildInteraction({
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

/** A sound record of either format. */
export const SAMPLE_RECORDS = {
  avro: Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), codec.encode(example)]),
  json: Buffer.from(JSON.stringify(codec.toJson(example))),
} as const;

/** One to four edits: bytes changed, cut off, doubled, put in. */
export function damaged(sample: Buffer, random: SeededRandom): Buffer {
  let bytes = Buffer.from(sample);
  for (let edits = 1 + random.int(4); edits > 0; edits--) {
    const at = random.int(Math.max(1, bytes.length));
    switch (random.int(5)) {
      case 0:
        bytes[at] = random.pick(MEANINGFUL);
        break;
      case 1:
        bytes[at] = random.int(256);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 20))]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([random.pick(MEANINGFUL)]), bytes.subarray(at)]);
    }
  }
  return bytes;
}
