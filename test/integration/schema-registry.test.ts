import { createRecordCodec } from '../../src/decode/avro-codec';
import { createDecoder } from '../../src/decode/decoder';
import { decodeOptions, registryOptions } from '../../src/decode/options';
import type { Decoded, EncodedRecord } from '../../src/decode/port';
import { createSchemaRegistry, type SchemaRegistry } from '../../src/decode/registry';
import type { AvroSchemaJson } from '../../src/decode/schema-inline';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithOwnKafka } from '../support/kafka/describe-with-kafka';
import { createTestKafka, freshName, type TestKafka } from '../support/kafka/test-kafka';
import { type RealRegistry, startApicurio } from '../support/registry/apicurio';
import { killMonitors, startMonitor } from '../support/running-monitor';

interface AvroRecord {
  readonly fields: readonly { readonly name: string }[];
}

/** What the fake of the unit tests stands for. */
describeWithOwnKafka('a real schema registry', (startKafka) => {
  let real: RealRegistry;
  let registry: SchemaRegistry;
  let kafka: TestKafka;
  let judges: JudgeServer;
  beforeAll(async () => {
    real = await startApicurio();
    registry = open();
    kafka = createTestKafka((await startKafka()).brokers);
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(async () => {
    await registry.close();
    await judges.close();
    await kafka.close();
    await real.stop();
  });

  const codec = createRecordCodec('interaction');
  /**
   * Apicurio 3.0 takes a schema in which a string defaults to "{}" for none of Avro's. What a writer's schema has as a
   * default is never used, so producers may register it with another.
   */
  const writerSchema = (): AvroSchemaJson =>
    JSON.parse(JSON.stringify(codec.schemaJson()).replaceAll('"default":"{}"', '"default":""')) as AvroSchemaJson;
  const served = { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' };
  const interaction = buildInteraction({ producer: served });

  function open(): SchemaRegistry {
    const options = registryOptions.parse({ url: real.url, timeoutMs: 5_000 });
    return createSchemaRegistry(options, { secret: () => '', monotonicMs: () => performance.now() });
  }

  /** Confluent's wire format, version 0. */
  const framed = (id: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(id, 1);
    return Buffer.concat([head, payload]);
  };

  const decode = async (value: Buffer, headers: EncodedRecord['headers'] = {}): Promise<Decoded> => {
    const decoder = createDecoder(decodeOptions.parse({}), {
      registry,
      topics: { interactions: 'in', behaviour: 'behaviour' },
      readSchemaFile: () => '',
    });
    const decoded = await decoder.decode({ topic: 'in', value, headers });
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
    return decoded.value;
  };

  /** Registers as a producer's serialiser does; answers with the id. */
  const post = async (subject: string, body: object): Promise<number> => {
    const response = await fetch(`${real.url}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { readonly id: number }).id;
  };

  it('gives ids by which records are read, in the prefix and in a header', async () => {
    const id = await registry.register(freshName('subject'), writerSchema());
    expect(await decode(framed(id, codec.encode(interaction)))).toEqual({ kind: 'interaction', interaction });
    const header = framed(id, Buffer.alloc(0)).toString('latin1');
    const inHeader = await decode(codec.encode(interaction), { __value_schema_id: header });
    expect(inHeader).toEqual({ kind: 'interaction', interaction });
  });

  it('knows an old and a new version of a schema, and records of both are read', async () => {
    const subject = freshName('evolving');
    const schema = writerSchema() as unknown as AvroRecord;
    const more = { name: 'ticket', type: ['null', 'string'], default: null };
    const [before, after] = [schema, { ...schema, fields: [...schema.fields, more] }];
    const ids = [
      await post(subject, { schema: JSON.stringify(before) }),
      await post(subject, { schema: JSON.stringify(after) }),
    ] as const;
    expect(ids[0]).not.toBe(ids[1]);
    // The added field, last in the record, is a branch number and nothing else where it is null.
    const newer = Buffer.concat([codec.encode(interaction), Buffer.from([0])]);
    expect(await decode(framed(ids[0], codec.encode(interaction)))).toEqual({ kind: 'interaction', interaction });
    expect(await decode(framed(ids[1], newer))).toEqual({ kind: 'interaction', interaction });
  });

  it('resolves references, over two levels', async () => {
    const [leaf, middle] = [freshName('leaf'), freshName('middle')];
    const record = (name: string, field: string, type: string): string =>
      JSON.stringify({ type: 'record', name, namespace: 'x', fields: [{ name: field, type }] });
    const reference = (name: string, subject: string): object => ({ name, subject, version: 1 });
    await post(leaf, { schema: record('Leaf', 'n', 'int') });
    await post(middle, { schema: record('Middle', 'leaf', 'x.Leaf'), references: [reference('x.Leaf', leaf)] });
    const id = await post(freshName('root'), {
      schema: record('Root', 'middle', 'x.Middle'),
      references: [reference('x.Middle', middle)],
    });
    const found = await registry.byId(id);
    expect(found).toMatchObject({ ok: true, value: { format: 'avro' } });
    expect(JSON.stringify(found)).toContain('"name":"Leaf"');
  });

  it('says of an id that it does not know that it does not', async () => {
    expect(await registry.byId(987_654)).toEqual({ ok: false, error: 'unknown_schema' });
  });

  it('serves a monitor: known ids are judged, an unknown one is a dead letter', async () => {
    const prefix = freshName('registry');
    const id = await registry.register(`${prefix}.in-value`, writerSchema());
    const monitor = await startMonitor({
      config: monitorConfig({
        ...readingKafka(prefix, { brokers: kafka.brokers }, { registry: { url: real.url } }),
        judges: threeJudges(judges.baseUrl),
      }),
    });
    const payload = codec.encode(interaction);
    await kafka.produceAll(`${prefix}.in`, [{ value: framed(id, payload) }, { value: framed(987_654, payload) }]);
    await eventually(
      async () => {
        const { report } = await monitor.status();
        expect(report?.records).toMatchObject({ in: 2, judged: 1, dead_lettered: 1 });
      },
      { timeoutMs: 60_000 },
    );
    expect((await monitor.stop()).code).toBe(0);
  });

  // Last, since it ends the registry.
  it('is an outage when it is gone, and what is known is known still', async () => {
    const id = await registry.register(freshName('lasting'), writerSchema());
    const known = await registry.byId(id);
    await real.stop();
    expect(registry.byId(id)).toBe(known);
    await expect(registry.byId(123_456)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
  });
});
