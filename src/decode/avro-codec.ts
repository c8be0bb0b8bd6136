import { Type, type Schema } from 'avsc';
import type { Alert } from '../domain/alert';
import type { Behaviour } from '../domain/behaviour';
import type { DeadLetter } from '../domain/dead-letter';
import { MonitorError } from '../domain/error';
import type { Interaction } from '../domain/interaction';
import type { LedgerRecord } from '../domain/ledger-record';
import { err, ok, type Result } from '../domain/result';
import type { PolicyRecord } from '../policy/policy';
import type { SessionOutcome } from '../domain/session-outcome';
import type { Verdict } from '../domain/verdict';
import { compileDomainBytesReader } from './avro-domain-bytes';
import { type AvroType, parseAvroType } from './avro-type';
import { compileBytesWriter } from './avro-writer';
import { behaviourFault, interactionFault, interactionReadHooks, interactionWriteHooks } from './interaction-shape';
import { fromLedgerShape, type LedgerShape, toLedgerShape } from './ledger-shape';
import { readSchemaVersions, type SchemaVersion, type Subject } from './schema-files';
import type { AvroSchemaJson } from './schema-inline';
import { describeShapeFault, type ShapeFault } from './shape-fault';
import { compileReader } from './shape-reader';
import { compileJsonWriter } from './shape-writer';

/** Our own records as bytes and as JSON. Synchronous and total over values of `T`. */
export interface RecordCodec<T> {
  /** What `encode` writes, e.g. `verdict.v1`; travels as the header `plumbline-schema`. */
  readonly schemaName: string;
  encode(value: T): Buffer;
  /**
   * Reads what any version up to ours wrote. Throws MonitorError POISONED_INPUT for a version we do not know and for
   * bytes that are not such a record: what we wrote ourselves is not data we have to put up with.
   */
  decode(bytes: Buffer, writerSchemaName: string): T;
  /** In the names of the schema, ready for `JSON.stringify`. */
  toJson(value: T): unknown;
  fromJson(json: unknown): Result<T, ShapeFault>;
  /** The newest schema without references, as a registry wants it. */
  schemaJson(): AvroSchemaJson;
}

export interface RecordOf {
  readonly interaction: Interaction;
  readonly behaviour: Behaviour;
  readonly verdict: Verdict;
  readonly 'dead-letter': DeadLetter;
  readonly 'session-outcome': SessionOutcome;
  readonly alert: Alert;
  readonly 'ledger-record': LedgerRecord;
  readonly policy: PolicyRecord;
}

/**
 * Reads the subject's schema files once and compiles them; throws when they are not there or contradict each other.
 * `versions` is for tests of how schemas may change.
 */
export function createRecordCodec<S extends Subject>(
  subject: S,
  versions: readonly SchemaVersion[] = readSchemaVersions(subject),
): RecordCodec<RecordOf[S]> {
  return CREATE[subject](versions);
}

const CREATE: { readonly [S in Subject]: (versions: readonly SchemaVersion[]) => RecordCodec<RecordOf[S]> } = {
  interaction: (versions) =>
    createCodec<Interaction, Interaction>('interaction', versions, same, checked(interactionFault)),
  behaviour: (versions) => createCodec<Behaviour, Behaviour>('behaviour', versions, same, checked(behaviourFault)),
  verdict: (versions) => createCodec<Verdict, Verdict>('verdict', versions, same, ok),
  'dead-letter': (versions) => createCodec<DeadLetter, DeadLetter>('dead-letter', versions, same, ok),
  alert: (versions) => createCodec<Alert, Alert>('alert', versions, same, ok),
  'session-outcome': (versions) => createCodec<SessionOutcome, SessionOutcome>('session-outcome', versions, same, ok),
  'ledger-record': (versions) =>
    createCodec<LedgerRecord, LedgerShape>('ledger-record', versions, toLedgerShape, fromLedgerShape),
  policy: (versions) => createCodec<PolicyRecord, PolicyRecord>('policy', versions, same, ok),
};

function same<T>(value: T): T {
  return value;
}

function checked<T>(faultOf: (value: T) => ShapeFault | null): (value: T) => Result<T, ShapeFault> {
  return (value) => {
    const fault = faultOf(value);
    return fault === null ? ok(value) : err(fault);
  };
}

/** `Shape` is the record field by field as in the schema; `T` is what the program uses. */
function createCodec<T, Shape>(
  subject: Subject,
  versions: readonly SchemaVersion[],
  toShape: (value: T) => Shape,
  fromShape: (shape: Shape) => Result<T, ShapeFault>,
): RecordCodec<T> {
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error(`no schema files for ${subject}`);
  const type = avscType(newest.json);
  const tree = ownAvroType(newest.json);
  // A ledger is read by the hundred thousand records a second, and holds names but no texts.
  const repeats = subject === 'ledger-record';
  const readers = new Map(
    versions.map(({ name, json }): [string, ReadBytes<Shape>] => [
      name,
      name === newest.name
        ? compileDomainBytesReader(tree, interactionReadHooks, { repeats })
        : olderReader(json, type, tree),
    ]),
  );
  const readJson = compileReader<Shape>(tree, 'json', interactionReadHooks);
  const writeBytes = compileBytesWriter<Shape>(tree, interactionWriteHooks);
  const writeJson = compileJsonWriter<Shape>(tree, interactionWriteHooks);

  return {
    schemaName: newest.name,
    encode: (value) => writeBytes(toShape(value)),
    decode(bytes, writerSchemaName) {
      const read = readers.get(writerSchemaName);
      if (read === undefined) throw poisoned(subject, `wanted up to ${newest.name}, saw ${writerSchemaName}`);
      const shape = read(bytes);
      if (!shape.ok) throw poisoned(subject, shape.error);
      const record = fromShape(shape.value);
      if (!record.ok) throw poisoned(subject, describeShapeFault(record.error));
      return record.value;
    },
    toJson: (value) => writeJson(toShape(value)),
    fromJson(json) {
      const shape = readJson(json);
      return shape.ok ? fromShape(shape.value) : shape;
    },
    schemaJson: () => newest.json,
  };
}

type ReadBytes<Shape> = (bytes: Buffer) => Result<Shape, string>;

/** Bytes of an older version: Avro's own schema resolution fills what that version lacked. */
function olderReader<Shape>(writer: AvroSchemaJson, newest: Type, tree: AvroType): ReadBytes<Shape> {
  const resolver = newest.createResolver(avscType(writer));
  const read = compileReader<Shape>(tree, 'avro', interactionReadHooks);
  return (bytes) => {
    let value: unknown;
    try {
      value = newest.fromBuffer(bytes, resolver);
    } catch {
      return err('wanted a record of ours, saw other bytes');
    }
    const shape = read(value);
    return shape.ok ? shape : err(describeShapeFault(shape.error));
  };
}

function poisoned(subject: Subject, detail: string): MonitorError {
  return new MonitorError('POISONED_INPUT', `${subject}: ${detail}`);
}

/** Unions are unwrapped: ours hold null and one other type. */
function avscType(json: AvroSchemaJson): Type {
  return Type.forSchema(json as unknown as Schema, { wrapUnions: 'never', omitRecordMethods: true });
}

/** A schema of ours that is refused is a bug of ours. */
function ownAvroType(json: AvroSchemaJson): AvroType {
  const parsed = parseAvroType(json);
  if (!parsed.ok) throw new Error(`a schema of ours has ${parsed.error}`);
  return parsed.value;
}
