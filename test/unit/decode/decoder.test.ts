import { Type } from 'avsc';
import { createRecordCodec } from '../../../src/decode/avro-codec';
import { avroFingerprint } from '../../../src/decode/avro-fingerprint';
import { parseAvroType } from '../../../src/decode/avro-type';
import { createDecoder } from '../../../src/decode/decoder';
import { type DecodeOptions, decodeOptions } from '../../../src/decode/options';
import type { DecodeFault, Decoded, EncodedRecord } from '../../../src/decode/port';
import type { SchemaLookup, SchemaRegistry } from '../../../src/decode/registry';
import type { Result } from '../../../src/domain/result';
import { buildBehaviour, buildInteraction } from '../../support/builders/interaction';

const interactions = createRecordCodec('interaction');
const behaviours = createRecordCodec('behaviour');
const interaction = buildInteraction({ facts: { paid: true } });
const json = (): Record<string, unknown> =>
  structuredClone(interactions.toJson(interaction)) as Record<string, unknown>;

/** A registry that knows what it is given at once. */
function registryOf(schemas: Readonly<Record<string, unknown>>): SchemaRegistry {
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

function decoderOf(
  options: object = {},
  schemas: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, unknown>> = {},
) {
  const parsed: DecodeOptions = decodeOptions.parse(options);
  const decoder = createDecoder(parsed, {
    registry: registryOf(schemas),
    topics: { interactions: 'llm.interactions', behaviour: 'llm.behaviour' },
    readSchemaFile: (path) => JSON.stringify(files[path]),
  });
  return (value: Buffer | string | null, more: Partial<EncodedRecord> = {}): Result<Decoded, DecodeFault> => {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    const decoded = decoder.decode({ topic: 'llm.interactions', value: bytes, headers: {}, ...more });
    if (decoded instanceof Promise) throw new Error('wanted an answer at once');
    return decoded;
  };
}

function framed(id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, payload]);
}

const decoded = { ok: true, value: { kind: 'interaction', interaction } };

describe('the decoder', () => {
  const schemas = {
    '7': interactions.schemaJson(),
    '8': behaviours.schemaJson(),
    '89791762-2336-41d1-9b14-6d7c0a6f3f2e': interactions.schemaJson(),
  };
  const decode = decoderOf({}, schemas);
  const bytes = interactions.encode(interaction);
  const guid = Buffer.concat([Buffer.from([1]), Buffer.from('89791762233641d19b146d7c0a6f3f2e', 'hex'), bytes]);

  it.each<[string, () => Result<Decoded, DecodeFault>]>([
    ['JSON', () => decode(JSON.stringify(json()))],
    ['JSON after a byte order mark and white space', () => decode(`\ufeff \n${JSON.stringify(json())}`)],
    ['a schema id before the bytes', () => decode(framed(7, bytes))],
    ['a GUID before the bytes', () => decode(guid)],
    ['a schema id in the header', () => decode(bytes, { headers: { __value_schema_id: '7' } })],
    [
      'a schema id in the header as bytes',
      () => decode(bytes, { headers: { __value_schema_id: '\u0000\u0000\u0000\u0000\u0007' } }),
    ],
    ['a schema name of ours in the header', () => decode(bytes, { headers: { 'plumbline-schema': 'interaction.v1' } })],
    [
      'a value decoded by its container',
      () => decode(null, { decoded: Type.forSchema(interactions.schemaJson() as never).fromBuffer(bytes) }),
    ],
    [
      'bare bytes of a configured schema',
      () => decoderOf({ format: 'avro', schemaFile: 'f' }, {}, { f: interactions.schemaJson() })(bytes),
    ],
  ])('reads %s', (_, run) => {
    expect(run()).toEqual(decoded);
  });

  it('reads Avro single-object encoding by the fingerprint of a schema it knows', () => {
    const type = parseAvroType(interactions.schemaJson());
    if (!type.ok) throw new Error(type.error);
    const frame = (fingerprint: string): Buffer => Buffer.concat([Buffer.from(`c301${fingerprint}`, 'hex'), bytes]);
    expect(decode(frame(avroFingerprint(type.value)))).toEqual(decoded);
    expect(decode(frame('0'.repeat(16)))).toMatchObject({ ok: false, error: { reason: 'unknown_schema' } });
  });

  // From the test data of the Avro project (share/test/data/schema-tests.txt), as signed 64-bit numbers.
  it.each([
    ['"null"', 7195948357588979594n],
    ['"int"', 8247732601305521295n],
    ['{"type":"fixed","name":"foo","size":15}', 1756455273707447556n],
  ])('fingerprints %s as the specification does', (schema, wanted) => {
    const type = parseAvroType(JSON.parse(schema));
    if (!type.ok) throw new Error(type.error);
    expect(Buffer.from(avroFingerprint(type.value), 'hex').readBigInt64LE()).toBe(wanted);
  });

  it('takes records of the behaviour topic, of our behaviour schema, and of its shape as behaviour', () => {
    const behaviour = buildBehaviour();
    const wanted = { ok: true, value: { kind: 'behaviour', behaviour } };
    const text = JSON.stringify(behaviours.toJson(behaviour));
    expect(decode(text, { topic: 'llm.behaviour' })).toEqual(wanted);
    expect(decode(framed(8, behaviours.encode(behaviour)))).toEqual(wanted);
    expect(decode(text)).toEqual(wanted);
  });

  it("reads another producer's schema of the same shape, whatever its name, and names the path of a wrong type", () => {
    const text = JSON.stringify(interactions.schemaJson());
    const renamed = JSON.parse(text.replace('"name":"Interaction"', '"name":"Call"')) as unknown;
    expect(decoderOf({}, { '9': renamed })(framed(9, bytes))).toEqual(decoded);

    const wrong = JSON.parse(text.replace('"name":"model","type":"string"', '"name":"model","type":"int"')) as object;
    const type = Type.forSchema(wrong as never, { wrapUnions: 'never' });
    const plain = { ...json(), facts: null, producer: { ...(json()['producer'] as object), model: 4 } };
    expect(decoderOf({}, { '9': wrong })(framed(9, type.toBuffer(plain)))).toEqual({
      ok: false,
      error: { reason: 'wrong_type', detail: 'producer.model: wanted string, saw number', schemaId: 9 },
    });
  });

  it('fills what is absent, and takes the interaction for a conversation of one turn', () => {
    const { interaction_id, occurred_at, producer, output } = json();
    const read = decode(JSON.stringify({ interaction_id, occurred_at, producer, output, unknown_field: 1 }));
    expect(read).toMatchObject({
      ok: true,
      value: {
        interaction: {
          conversationId: 'i-1',
          conversationKnown: false,
          input: [],
          upstreamSampling: { probability: 1 },
          usage: { inputTokens: null },
        },
      },
    });
  });

  it.each<[string, (record: Record<string, unknown>) => unknown, DecodeFault['reason'], string]>([
    [
      'a number for a text',
      (r) => ((r['producer'] as Record<string, unknown>)['model'] = 4),
      'wrong_type',
      'producer.model: wanted string, saw number',
    ],
    ['a text for a number', (r) => (r['turn_index'] = '0'), 'wrong_type', 'turn_index: wanted int, saw string'],
    ['a fraction for a position', (r) => (r['turn_index'] = 0.5), 'wrong_type', 'turn_index: wanted int, saw fraction'],
    [
      'an absent field',
      (r) => delete (r['output'] as Record<string, unknown>)['text'],
      'wrong_type',
      'output.text: wanted string, saw nothing',
    ],
    ['null for a record', (r) => (r['output'] = null), 'wrong_type', 'output: wanted record, saw null'],
    ['a record for a list', (r) => (r['input'] = {}), 'wrong_type', 'input: wanted list of record, saw object'],
    [
      'a role of its own',
      (r) =>
        (r['input'] = [
          { role: 'user', content: '' },
          { role: 'me', content: '' },
        ]),
      'invalid',
      'input[1].role: wanted one of system|user|assistant|tool, saw another string',
    ],
    ['a list in a map', (r) => (r['segments'] = { a: [] }), 'wrong_type', 'segments{…}: wanted string, saw list'],
    [
      'an empty id',
      (r) => (r['interaction_id'] = ''),
      'invalid',
      'interaction_id: wanted a non-empty string, saw an empty one',
    ],
    [
      'a negative position',
      (r) => (r['turn_index'] = -1),
      'invalid',
      'turn_index: wanted a position from 0, saw a negative number',
    ],
    [
      'seconds for milliseconds',
      (r) => (r['occurred_at'] = 1_772_442_000),
      'invalid',
      'occurred_at: wanted milliseconds since 1970, saw a time before 1973 (seconds?)',
    ],
    [
      'microseconds for milliseconds',
      (r) => (r['occurred_at'] = 1_772_442_000_000_000),
      'invalid',
      'occurred_at: wanted milliseconds since 1970, saw a time after 2100 (microseconds?)',
    ],
    [
      'a probability of 0',
      (r) => (r['upstream_sampling'] = { probability: 0 }),
      'invalid',
      'upstream_sampling.probability: wanted a number in (0, 1], saw 0',
    ],
    [
      'a probability above 1',
      (r) => (r['upstream_sampling'] = { probability: 1.5 }),
      'invalid',
      'upstream_sampling.probability: wanted a number in (0, 1], saw 1.5',
    ],
  ])('faults on %s, with the path and without the text', (_, change, reason, detail) => {
    const record = json();
    change(record);
    expect(decode(JSON.stringify(record))).toEqual({ ok: false, error: { reason, detail, schemaId: null } });
  });

  it.each<[string, Buffer | string | null, DecodeFault['reason']]>([
    ['a tombstone', null, 'undecodable'],
    ['no bytes', '', 'undecodable'],
    ['plain text', 'hello', 'undecodable'],
    ['half a JSON text', '{"interaction_id":', 'undecodable'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'undecodable'],
    ['an unknown schema id', framed(99, bytes), 'unknown_schema'],
    ['an id without bytes', framed(7, Buffer.alloc(0)), 'undecodable'],
    ['trailing bytes', framed(7, Buffer.concat([bytes, Buffer.from([0])])), 'undecodable'],
    ['truncated bytes', framed(7, bytes.subarray(0, -3)), 'undecodable'],
    ['2 MB', Buffer.alloc(2_000_000, 0x20), 'too_large'],
    ['deep JSON', `{"facts":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'too_deep'],
    [
      'deep JSON after a quote that is escaped',
      `{"a":"\\\\\\"[","facts":${'['.repeat(100)}${']'.repeat(100)}}`,
      'too_deep',
    ],
    ['a prototype key', '{"interaction_id":"i","__proto__":{"admin":true}}', 'invalid'],
    ['a prototype key behind an escape', '{"segments":{"__pr\\u006fto__":"x"}}', 'invalid'],
    ['a constructor key', '{"segments":{"constructor":"x"}}', 'invalid'],
  ])('turns %s into a dead letter', (_, value, reason) => {
    expect(decode(value)).toMatchObject({ ok: false, error: { reason } });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('takes brackets inside of texts for texts', () => {
    const record = json();
    record['output'] = { text: '[[{{"\\'.repeat(200) };
    expect(decode(JSON.stringify(record))).toMatchObject({ ok: true });
  });

  it('faults on NaN, infinity and prototype keys in Avro, and names where', () => {
    const type = Type.forSchema(interactions.schemaJson() as never, { wrapUnions: 'never' });
    const base = { ...json(), facts: null };
    const nan = type.toBuffer({
      ...base,
      usage: { ...(base as unknown as { usage: object }).usage, cost_usd: Number.NaN },
    });
    expect(decode(framed(7, nan))).toEqual({
      ok: false,
      error: { reason: 'invalid', detail: 'usage.cost_usd: wanted finite number, saw NaN', schemaId: 7 },
    });
    const evil = type.toBuffer({ ...base, segments: JSON.parse('{"__proto__":"x"}') as object });
    expect(decode(framed(7, evil))).toMatchObject({ ok: false, error: { reason: 'undecodable' } });
    const hidden = type.toBuffer({ ...base, facts: '{"a":{"constructor":1}}' });
    expect(decode(framed(7, hidden))).toMatchObject({
      ok: false,
      error: { reason: 'invalid', detail: 'facts: wanted harmless keys, saw a prototype key' },
    });
  });

  const record = (name: string, type: unknown) => ({ type: 'record', name, fields: [{ name: 'a', type }] });
  it.each<[string, unknown, Buffer]>([
    ['a list of nulls', record('Bomb', { type: 'array', items: 'null' }), Buffer.from('80c8afa02500', 'hex')],
    [
      'a list of empty records',
      record('Bomb', { type: 'array', items: { type: 'record', name: 'E', fields: [] } }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    [
      'a list of fixed 0',
      record('Bomb', { type: 'array', items: { type: 'fixed', name: 'F', size: 0 } }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    ['a recursive type', record('Loop', ['null', 'Loop']), Buffer.alloc(100_000, 2)],
    [
      'a list longer than its bytes',
      record('Long', { type: 'array', items: 'boolean' }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    [
      'a map longer than its bytes',
      record('Long', { type: 'map', values: 'boolean' }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    ['a text longer than its bytes', record('Long', 'string'), Buffer.from('80c8afa025', 'hex')],
    ['a text of negative length', record('Long', 'string'), Buffer.from('03', 'hex')],
    [
      'many tiny items',
      record('Many', { type: 'array', items: 'boolean' }),
      Buffer.concat([Buffer.from('c0843d', 'hex'), Buffer.alloc(500_001)]),
    ],
  ])('refuses %s at once', (_, schema, payload) => {
    const read = decoderOf({}, { '1': schema });
    const heapBefore = process.memoryUsage().heapUsed;
    const startedAt = performance.now();
    expect(read(framed(1, payload))).toMatchObject({ ok: false, error: { reason: 'undecodable', schemaId: 1 } });
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(20_000_000);
  });

  it('waits for a schema that is being fetched, and passes an outage on', async () => {
    let resolve: (lookup: SchemaLookup) => void = () => {};
    const promise = new Promise<SchemaLookup>((settle) => (resolve = settle));
    const registry: SchemaRegistry = {
      ...registryOf({}),
      byId: (id) => (id === 1 ? promise : Promise.reject(new Error('outage'))),
    };
    const decoder = createDecoder(decodeOptions.parse({}), {
      registry,
      topics: { interactions: 't', behaviour: null },
      readSchemaFile: () => '',
    });
    const waiting = decoder.decode({ topic: 't', value: framed(1, bytes), headers: {} });
    resolve({ ok: true, value: { format: 'avro', avro: interactions.schemaJson() } });
    expect(await waiting).toEqual(decoded);
    await expect(decoder.decode({ topic: 't', value: framed(2, bytes), headers: {} })).rejects.toThrow('outage');
  });

  it('says at construction what is wrong with a schema file', () => {
    expect(() => decoderOf({ schemaFile: 'f' }, {}, { f: record('Loop', 'Loop') })).toThrow(
      'f: the schema has the recursive type Loop',
    );
  });
});
