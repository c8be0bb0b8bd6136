import { createSchemaRegistry, type SchemaRegistry } from '../../../src/decode/registry';
import { registryOptions } from '../../../src/decode/options';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry';

describe('the schema registry client', () => {
  let fake: FakeRegistry;
  let registry: SchemaRegistry;
  let nowMs = 0;
  const secrets: Readonly<Record<string, string>> = { REG_USER: 'ann', REG_PASS: 'pw', REG_TOKEN: 'tok' };

  const open = (more: object = {}): SchemaRegistry => {
    const options = registryOptions.parse({ url: fake.url, timeoutMs: 2000, missTtlMs: 60_000, ...more });
    return createSchemaRegistry(options, { secret: (name) => secrets[name] ?? '', monotonicMs: () => nowMs });
  };

  beforeEach(async () => {
    nowMs = 0;
    fake = await startFakeRegistry();
    registry = open();
  });
  afterEach(async () => {
    await registry.close();
    await fake.close();
  });

  it('asks once for an id, however many ask at once, and then answers without a promise', async () => {
    fake.byId.set(7, { schema: 'string' });
    const [a, b] = await Promise.all([registry.byId(7), registry.byId(7)]);
    expect(a).toEqual({ ok: true, value: { format: 'avro', avro: 'string' } });
    expect(b).toBe(a);
    expect(registry.byId(7)).toBe(a);
    expect(fake.requests).toHaveLength(1);
  });

  it('goes nowhere else when it is told to: a redirect is an outage', async () => {
    const elsewhere = await startFakeRegistry();
    elsewhere.byId.set(7, { schema: 'string' });
    fake.outage = { status: 302, location: `${elsewhere.url}/schemas/ids/7`, body: '' };
    await expect(registry.byId(7)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.close();
  });

  it.each(['http://169.254.169.254', 'http://2852039166', 'http://[::ffff:169.254.169.254]'])(
    'never calls the metadata service, as %s writes it',
    async (url) => {
      const guarded = open({ url });
      await expect(guarded.byId(7)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
      await guarded.close();
    },
  );

  it('does not follow a public name that was taken over to this host', async () => {
    const { port } = new URL(fake.url);
    const options = registryOptions.parse({ url: `http://registry.example:${port}`, timeoutMs: 2000 });
    const guarded = createSchemaRegistry(options, {
      secret: () => '',
      monotonicMs: () => nowMs,
      lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    await expect(guarded.byId(7)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
    expect(fake.requests).toHaveLength(0);
    await guarded.close();
  });

  it('finds schemas by GUID', async () => {
    const guid = '89791762-2336-41d1-9b14-6d7c0a6f3f2e';
    fake.byGuid.set(guid, { schema: 'long' });
    expect(await registry.byGuid(guid)).toMatchObject({ ok: true });
  });

  it('writes out references of references, each type once', async () => {
    const leaf = { type: 'record', name: 'Leaf', namespace: 'x', fields: [{ name: 'n', type: 'int' }] };
    const middle = { type: 'record', name: 'Middle', namespace: 'x', fields: [{ name: 'leaf', type: 'Leaf' }] };
    const root = {
      type: 'record',
      name: 'Root',
      namespace: 'y',
      fields: [
        { name: 'middle', type: 'x.Middle' },
        { name: 'again', type: 'x.Leaf' },
      ],
    };
    const leafReference = { name: 'x.Leaf', subject: 'leaf', version: 1 };
    fake.versions.set('leaf/1', { schema: leaf });
    fake.versions.set('middle/3', { schema: middle, references: [leafReference] });
    fake.byId.set(1, {
      schema: root,
      references: [{ name: 'x.Middle', subject: 'middle', version: 3 }, leafReference],
    });
    const found = await registry.byId(1);
    expect(found).toMatchObject({ ok: true });
    const inlined = { ...middle, fields: [{ name: 'leaf', type: leaf }] };
    expect(found.ok && found.value.avro).toEqual({
      ...root,
      fields: [
        { name: 'middle', type: inlined },
        { name: 'again', type: 'x.Leaf' },
      ],
    });
  });

  it('ends on references that form a circle', async () => {
    const self = { schema: 'string', references: [{ name: 'a', subject: 'a', version: 1 }] };
    fake.versions.set('a/1', self);
    fake.byId.set(2, self);
    expect(await registry.byId(2)).toEqual({ ok: false, error: 'unreadable' });
  });

  it('remembers an unknown id for a while, then asks again', async () => {
    expect(await registry.byId(404)).toEqual({ ok: false, error: 'unknown_schema' });
    nowMs = 59_999;
    expect(registry.byId(404)).toEqual({ ok: false, error: 'unknown_schema' });
    nowMs = 60_001;
    fake.byId.set(404, { schema: 'int' });
    expect(await registry.byId(404)).toMatchObject({ ok: true });
  });

  it('holds the latest thousand schemas, and asks again for others', async () => {
    const ids = Array.from({ length: 1_001 }, (_, id) => id + 1);
    for (const id of ids) fake.byId.set(id, { schema: 'int' });
    for (const id of ids) await registry.byId(id);
    expect(registry.byId(2)).toMatchObject({ ok: true });
    const asked = fake.requests.length;
    expect(await registry.byId(1)).toMatchObject({ ok: true });
    expect(fake.requests.length).toBe(asked + 1);
  });

  it.each([
    ['a failing registry', { status: 500, body: '{"error_code":50001}' }],
    ['an offline store', { status: 400, body: '{"error_code":400}' }],
    ['a page in place of JSON', { status: 200, body: '<html>login</html>' }],
    ["a proxy's page for a path it does not know", { status: 404, body: '<html></html>' }],
    ['refused credentials', { status: 401, body: '{"error_code":40101}' }],
  ])('rejects on %s, remembers nothing of it, and recovers', async (_, outage) => {
    fake.byId.set(5, { schema: 'int' });
    fake.outage = outage;
    await expect(registry.byId(5)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE', retriable: true });
    fake.outage = null;
    expect(await registry.byId(5)).toMatchObject({ ok: true });
  });

  it('rejects when nobody listens', async () => {
    const closed = open({ url: 'http://127.0.0.1:1' });
    await expect(closed.byId(1)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
    await closed.close();
  });

  it.each([
    [{ usernameEnv: 'REG_USER', passwordEnv: 'REG_PASS' }, `Basic ${Buffer.from('ann:pw').toString('base64')}`],
    [{ tokenEnv: 'REG_TOKEN' }, 'Bearer tok'],
    [{}, undefined],
  ])('authorises itself with what %j names', async (auth, wanted) => {
    const own = open(auth);
    await own.byId(1);
    expect(fake.requests.at(-1)?.headers.authorization).toBe(wanted);
    await own.close();
  });

  it('registers a schema under a subject', async () => {
    const schema = { type: 'record', name: 'R', fields: [] };
    expect(await registry.register('plumbline.verdicts-value', schema)).toBe(1);
    expect(fake.registered).toEqual([{ subject: 'plumbline.verdicts-value', schema: JSON.stringify(schema) }]);
  });
});
