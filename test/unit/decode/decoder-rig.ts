import { createRecordCodec } from '../../../src/decode/avro-codec';
import { createDecoder } from '../../../src/decode/decoder';
import { type DecodeOptions, decodeOptions } from '../../../src/decode/options';
import type { DecodeFault, Decoded, EncodedRecord } from '../../../src/decode/port';
import type { SchemaLookup, SchemaRegistry } from '../../../src/decode/registry';
import type { Result } from '../../../src/domain/result';
import { buildInteraction } from '../../support/builders/interaction';

export const interactions = createRecordCodec('interaction');
export const behaviours = createRecordCodec('behaviour');
export const interaction = buildInteraction({ facts: { paid: true } });
export const json = (): Record<string, unknown> =>
  structuredClone(interactions.toJson(interaction)) as Record<string, unknown>;

/** A registry that knows what it is given at once. */
export function registryOf(schemas: Readonly<Record<string, unknown>>): SchemaRegistry {
  const lookups = new Map<string, SchemaLookup>(
    Object.entries(schemas).map(([key, avro]) => [key, { ok: true, value: { format: 'avro', avro } }]),
  );
  const find = (key: string): SchemaLookup => lookups.get(key) ?? { ok: false, error: 'unknown_schema' };
  return {
    byId: (id) => find(String(id)),
    byGuid: find,
    register: () => Promise.resolve(1),
    close: () => Promise.resolve(),
  };
}

export function decoderOf(
  options: object = {},
  schemas: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, unknown>> = {},
): (value: Buffer | string | null, more?: Partial<EncodedRecord>) => Result<Decoded, DecodeFault> {
  const parsed: DecodeOptions = decodeOptions.parse(options);
  const decoder = createDecoder(parsed, {
    registry: registryOf(schemas),
    topics: { interactions: 'llm.interactions', behaviour: 'llm.behaviour' },
    readSchemaFile: (path) => JSON.stringify(files[path]),
  });
  return (value, more = {}) => {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    const decoded = decoder.decode({ topic: 'llm.interactions', value: bytes, headers: {}, ...more });
    if (decoded instanceof Promise) throw new Error('wanted an answer at once');
    return decoded;
  };
}

export function framed(id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, payload]);
}

/** What reading `interaction` gives. */
export const decoded = { ok: true, value: { kind: 'interaction', interaction } };

/** What `decode` knows, by id and by GUID. */
const SCHEMAS = {
  '7': interactions.schemaJson(),
  '8': behaviours.schemaJson(),
  '89791762-2336-41d1-9b14-6d7c0a6f3f2e': interactions.schemaJson(),
};
export const decode = decoderOf({}, SCHEMAS);
/** `interaction` as Avro. */
export const bytes = interactions.encode(interaction);

/** A record of one field `a`. */
export const recordSchema = (name: string, type: unknown): object => ({
  type: 'record',
  name,
  fields: [{ name: 'a', type }],
});
