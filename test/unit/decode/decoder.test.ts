import { Type } from 'avsc';
import { avroFingerprint } from '../../../src/decode/avro-fingerprint';
import { parseAvroType } from '../../../src/decode/avro-type';
import { createDecoder } from '../../../src/decode/decoder';
import { decodeOptions } from '../../../src/decode/options';
import type { DecodeFault, Decoded } from '../../../src/decode/port';
import type { SchemaLookup, SchemaRegistry } from '../../../src/decode/registry';
import type { Result } from '../../../src/domain/result';
import { buildBehaviour } from '../../support/builders/interaction';
import {
  behaviours,
  bytes,
  decode,
  decoded,
  decoderOf,
  framed,
  interactions,
  json,
  recordSchema,
  registryOf,
} from './decoder-rig';

describe('the decoder', () => {
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
    expect(() => decoderOf({ schemaFile: 'f' }, {}, { f: recordSchema('Loop', 'Loop') })).toThrow(
      'f: the schema has the recursive type Loop',
    );
  });
});
