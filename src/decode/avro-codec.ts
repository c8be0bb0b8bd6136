import { Type, type Schema } from 'avsc';
import type { Behaviour } from '../domain/behaviour';
import type { DeadLetter } from '../domain/dead-letter';
import { MonitorError } from '../domain/error';
import type { Interaction } from '../domain/interaction';
import type { LedgerRecord } from '../domain/ledger-record';
import { err, ok, type Result } from '../domain/result';
import type { Verdict } from '../domain/verdict';
import { type AvroType, parseAvroType } from './avro-type';
import { behaviourFault, interactionFault, interactionReadHooks, interactionWriteHooks } from './interaction-shape';
import { fromLedgerShape, type LedgerShape, toLedgerShape } from './ledger-shape';
import { readSchemaVersions, type SchemaVersion, type Subject } from './schema-files';
import type { AvroSchemaJson } from './schema-inline';
import { describeShapeFault, type ShapeFault } from './shape-fault';
import { compileReader, type Flavour } from './shape-reader';
import { compileWriter } from './shape-writer';

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
  readonly 'ledger-record': LedgerRecord;
}

/**
 * Reads the subject's schema files once and compiles them; throws when they are not there or contradict each other.
 * `versions` is for tests of how schemas may change.
 */
export function createRecordCodec<S extends Subject>(
  subject: S,
  versions: readonly SchemaVersion[] = readSchemaVersions(subject),
): RecordCodec<RecordOf[S]> {
  // The table below pairs each subject with its own record; the compiler cannot follow a key through a union.
  return CREATE[subject](versions) as unknown as RecordCodec<RecordOf[S]>;
}

const CREATE: { readonly [S in Subject]: (versions: readonly SchemaVersion[]) => RecordCodec<RecordOf[S]> } = {
  interaction: (versions) =>
    createCodec<Interaction, Interaction>('interaction', versions, same, checked(interactionFault)),
  behaviour: (versions) => createCodec<Behaviour, Behaviour>('behaviour', versions, same, checked(behaviourFault)),
  verdict: (versions) => createCodec<Verdict, Verdict>('verdict', versions, same, ok),
  'dead-letter': (versions) => createCodec<DeadLetter, DeadLetter>('dead-letter', versions, same, ok),
  'ledger-record': (versions) =>
    createCodec<LedgerRecord, LedgerShape>('ledger-record', versions, toLedgerShape, fromLedgerShape),
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
  const readBytes = new Map(versions.map((version) => [version.name, bytesReader(version, newest, type)]));
  const read: { readonly [F in Flavour]: (value: unknown) => Result<Shape, ShapeFault> } = {
    avro: compileReader(tree, 'avro', interactionReadHooks),
    json: compileReader(tree, 'json', interactionReadHooks),
  };
  const writeAvro = compileWriter<Shape>(tree, 'avro', interactionWriteHooks);
  const writeJson = compileWriter<Shape>(tree, 'json', interactionWriteHooks);
  const fromRead = (shape: Result<Shape, ShapeFault>): Result<T, ShapeFault> =>
    shape.ok ? fromShape(shape.value) : shape;

  return {
    schemaName: newest.name,
    encode: (value) => type.toBuffer(writeAvro(toShape(value))),
    decode(bytes, writerSchemaName) {
      const readVersion = readBytes.get(writerSchemaName);
      if (readVersion === undefined) throw poisoned(subject, `wanted up to ${newest.name}, saw ${writerSchemaName}`);
      const result = fromRead(read.avro(decodeOwn(subject, readVersion, bytes)));
      if (!result.ok) throw poisoned(subject, describeShapeFault(result.error));
      return result.value;
    },
    toJson: (value) => writeJson(toShape(value)),
    fromJson: (json) => fromRead(read.json(json)),
    schemaJson: () => newest.json,
  };
}

type ReadBytes = (bytes: Buffer) => unknown;

function bytesReader(writer: SchemaVersion, newest: SchemaVersion, type: Type): ReadBytes {
  if (writer.name === newest.name) return (bytes) => type.fromBuffer(bytes) as unknown;
  const resolver = type.createResolver(avscType(writer.json));
  return (bytes) => type.fromBuffer(bytes, resolver) as unknown;
}

function decodeOwn(subject: Subject, readVersion: ReadBytes, bytes: Buffer): unknown {
  try {
    return readVersion(bytes);
  } catch (cause) {
    throw new MonitorError('POISONED_INPUT', `${subject}: wanted a record of ours, saw other bytes`, { cause });
  }
}

function poisoned(subject: Subject, detail: string): MonitorError {
  return new MonitorError('POISONED_INPUT', `${subject}: ${detail}`);
}

/** Unions are unwrapped: ours hold null and one other type. */
export function avscType(json: AvroSchemaJson): Type {
  return Type.forSchema(json as unknown as Schema, { wrapUnions: 'never', omitRecordMethods: true });
}

/** A schema of ours that is refused is a bug of ours. */
export function ownAvroType(json: AvroSchemaJson): AvroType {
  const parsed = parseAvroType(json);
  if (!parsed.ok) throw new Error(`a schema of ours has ${parsed.error}`);
  return parsed.value;
}
