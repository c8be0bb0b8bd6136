import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'avsc';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { type AvroField, type AvroType, parseAvroType } from '../../src/decode/avro-type';
import { createDecoder } from '../../src/decode/decoder';
import { decodeOptions } from '../../src/decode/options';
import { readSchemaVersions, type SchemaVersion, SCHEMAS_DIRECTORY, type Subject } from '../../src/decode/schema-files';
import { buildVerdict } from '../support/builders/verdict';
import { at, buildBehaviourRecord, buildConfig, buildMarker, buildOutcome } from '../support/builders/ledger-record';
import { BUILT_AT } from '../support/builders/interaction';

const SUBJECTS: readonly Subject[] = [
  'interaction',
  'behaviour',
  'alert',
  'verdict',
  'dead-letter',
  'ledger-record',
  'policy',
  'session-outcome',
];

/** What a field of a number is called after, or says in its doc, so that nobody has to guess. */
const UNITS =
  /millisecond|USD|tokens|bytes|position|offset|partition|version|\[0, 1\]|\(0, 1\]|probability|count|made|answered|UTF-16|code unit|number|id\b|policy|pseudo-outcome|requests sent/i;

function treeOf(json: unknown): AvroType {
  const parsed = parseAvroType(json);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

interface Found {
  readonly path: string;
  readonly field: AvroField;
}

function fieldsOf(type: AvroType, path = ''): readonly Found[] {
  switch (type.kind) {
    case 'record':
      return type.fields.flatMap((field) => {
        const at = path === '' ? field.name : `${path}.${field.name}`;
        return [{ path: at, field }, ...fieldsOf(field.type, at)];
      });
    case 'array':
      return fieldsOf(type.items, `${path}[]`);
    case 'map':
      return fieldsOf(type.values, `${path}{}`);
    case 'union':
      return type.branches.flatMap((branch) => fieldsOf(branch, path));
    default:
      return [];
  }
}

function isNumber(type: AvroType): boolean {
  if (type.kind === 'union') return type.branches.some(isNumber);
  return type.kind === 'primitive' && ['int', 'long', 'float', 'double'].includes(type.primitive);
}

/** Why `reader` could not read all that `writer` wrote (BACKWARD); empty when it can. */
function breaks(reader: AvroType, writer: AvroType): readonly string[] {
  const before = new Map(fieldsOf(writer).map(({ path, field }) => [path, field]));
  const added = fieldsOf(reader).filter(({ path, field }) => !before.has(path) && field.fallback === undefined);
  // A new record brings its required fields with it; what counts is whether the record itself may be absent.
  const isInsideNew = (path: string): boolean =>
    fieldsOf(reader).some((other) => !before.has(other.path) && path !== other.path && path.startsWith(other.path));
  return added.filter(({ path }) => !isInsideNew(path)).map(({ path }) => `${path} is new and has no default`);
}

const versions: readonly SchemaVersion[] = SUBJECTS.flatMap((subject) => readSchemaVersions(subject));
const fixtures = join(__dirname, 'fixtures');
const oldInteraction: SchemaVersion = {
  name: 'interaction.v0',
  version: 0,
  json: JSON.parse(readFileSync(join(fixtures, 'interaction.v0.avsc'), 'utf8')) as SchemaVersion['json'],
};

describe('the schemas', () => {
  it('cover every file of the folder', () => {
    const files = readdirSync(SCHEMAS_DIRECTORY).filter((file) => file.endsWith('.avsc'));
    expect(versions.map(({ name }) => `${name}.avsc`).sort()).toEqual(files.sort());
  });

  describe.each(versions)('$name', ({ json }) => {
    const fields = fieldsOf(treeOf(json));

    it('is accepted by an Avro library', () => {
      expect(() => Type.forSchema(json as never, { wrapUnions: 'never' })).not.toThrow();
    });

    it('says what each field is', () => {
      expect(fields.filter(({ field }) => field.doc === null || field.doc.length < 4)).toEqual([]);
    });

    it('says the unit of each number', () => {
      const silent = fields.filter(
        ({ path, field }) => isNumber(field.type) && !UNITS.test(`${path} ${field.doc ?? ''}`),
      );
      expect(silent.map(({ path }) => path)).toEqual([]);
    });

    it('uses snake_case', () => {
      expect(fields.filter(({ field }) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(field.name))).toEqual([]);
    });
  });

  it.each(SUBJECTS)('let the newest %s read every older one (BACKWARD_TRANSITIVE)', (subject) => {
    const all = readSchemaVersions(subject);
    const newest = all.at(-1);
    for (const older of all.slice(0, -1)) {
      expect(newest === undefined ? ['none'] : breaks(treeOf(newest.json), treeOf(older.json))).toEqual([]);
    }
  });

  it('would notice a new field without a default', () => {
    const newest = readSchemaVersions('interaction').at(-1);
    expect(newest && breaks(treeOf(newest.json), treeOf(oldInteraction.json))).toEqual([]);
    const json = JSON.parse(JSON.stringify(newest?.json)) as { fields: object[] };
    json.fields.push({ name: 'mood', type: 'string', doc: 'x' });
    expect(breaks(treeOf(json), treeOf(oldInteraction.json))).toEqual(['mood is new and has no default']);
  });
});

describe('records of an older version', () => {
  const old = {
    interaction_id: 'i-0',
    occurred_at: BUILT_AT,
    producer: { provider: 'acme', model: 'chat-0' },
    segments: { product: 'support' },
    output: { text: 'Yes.' },
  };
  const bytes = Type.forSchema(oldInteraction.json as never).toBuffer(old);
  const wanted = {
    interactionId: 'i-0',
    conversationId: 'i-0',
    conversationKnown: false,
    producer: { model: 'chat-0', route: 'primary', release: null },
    segments: { product: 'support' },
    input: [],
    facts: null,
    output: { text: 'Yes.', toolCalls: [] },
    usage: { inputTokens: null },
    upstreamSampling: { probability: 1, scheme: null },
  };

  it('are read by the codec with the defaults of the newest', () => {
    const codec = createRecordCodec('interaction', [oldInteraction, ...readSchemaVersions('interaction')]);
    expect(codec.decode(bytes, 'interaction.v0')).toMatchObject(wanted);
    expect(codec.schemaName).toBe('interaction.v1');
  });

  it('are read from the ledger too: what its first version wrote stays readable', () => {
    const versions = readSchemaVersions('ledger-record');
    const [first, second] = versions;
    if (first === undefined || second === undefined) throw new Error('two versions wanted');
    const old = createRecordCodec('ledger-record', [first]);
    const codec = createRecordCodec('ledger-record', versions);
    for (const record of [buildOutcome(at(7)), buildBehaviourRecord(at(8)), buildMarker([at(9)]), buildConfig()]) {
      expect(codec.decode(old.encode(record), 'ledger-record.v1')).toEqual(record);
      expect(codec.fromJson(JSON.parse(JSON.stringify(old.toJson(record))))).toEqual({ ok: true, value: record });
    }
    expect(codec.schemaName).toBe('ledger-record.v2');
  });

  it('are read from the topic of verdicts too', () => {
    const versions = readSchemaVersions('verdict');
    const [first] = versions;
    if (first === undefined) throw new Error('a version wanted');
    const verdict = buildVerdict();
    const codec = createRecordCodec('verdict', versions);
    const old = createRecordCodec('verdict', [first]);
    expect(codec.decode(old.encode(verdict), 'verdict.v1')).toEqual(verdict);
    expect(codec.fromJson(JSON.parse(JSON.stringify(old.toJson(verdict))))).toEqual({ ok: true, value: verdict });
  });

  it('are read by the decoder, which takes the schema from wherever the record names it', () => {
    const decoder = createDecoder(decodeOptions.parse({ format: 'avro', schemaFile: 'old.avsc' }), {
      topics: { interactions: 't', behaviour: null },
      readSchemaFile: () => JSON.stringify(oldInteraction.json),
    });
    expect(decoder.decode({ topic: 't', value: bytes, headers: {} })).toMatchObject({
      ok: true,
      value: { interaction: wanted },
    });
  });
});
