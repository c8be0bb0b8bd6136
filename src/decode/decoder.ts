import { err } from '../domain/result';
import { avroFingerprint } from './avro-fingerprint';
import { parseAvroType } from './avro-type';
import { parseJsonRecord } from './json-record';
import { compileMapping } from './mapping';
import type { DecodeOptions } from './options';
import { createOtlpReader } from './otlp/otlp-record';
import type { DecodeFault, Decoder, EncodedRecord } from './port';
import {
  compilePayloadReader,
  type DecodeResult,
  fault,
  type ReadPayload,
  readValue,
  type Route,
} from './record-reader';
import type { SchemaLookup, SchemaRegistry } from './registry';
import { createBehaviourTarget, createInteractionTarget, type Target } from './target';
import { detectFraming, type Framing, type FramingOptions } from './wire-format';

export interface DecoderDeps {
  /** Absent: records that name a schema by id are `unknown_schema`. */
  readonly registry?: SchemaRegistry;
  readonly topics: { readonly interactions: string; readonly behaviour: string | null };
  /** Text of an Avro schema file; called once, at construction, when `schemaFile` is set. */
  readonly readSchemaFile: (path: string) => string;
}

/**
 * Bytes of any supported format to a domain record. Records of the behaviour topic are behaviour, all others are
 * interactions (in file mode topics are file names) unless their schema or shape is that of a behaviour. Throws an
 * Error at construction when the mapping or the schema file makes no sense; memory grows with the writers' schemas.
 */
export function createDecoder(options: DecodeOptions, deps: DecoderDeps): Decoder {
  const interaction = createInteractionTarget();
  const behaviour = createBehaviourTarget();
  const mapping = options.mapping === undefined ? null : compileMapping(options.mapping);
  const routes = {
    interactions:
      options.format === 'otlp'
        ? createSpansReader({ usual: interaction, behaviour, mapping: null }, options)
        : createTopicReader({ usual: interaction, behaviour, mapping }, options, deps),
    behaviour: createTopicReader({ usual: behaviour, behaviour, mapping: null }, options, deps),
  };
  return {
    decode(record) {
      const read = record.topic === deps.topics.behaviour ? routes.behaviour : routes.interactions;
      try {
        return read(record);
      } catch (failure) {
        // Nesting is bounded everywhere; should the stack run out all the same, the record is at fault, not the process.
        if (failure instanceof RangeError) return fault('too_deep', 'wanted a record that fits the stack');
        throw failure;
      }
    },
  };
}

type ReadRecord = (record: EncodedRecord) => DecodeResult | Promise<DecodeResult>;

function createTopicReader(
  route: Route,
  options: DecodeOptions,
  { registry, readSchemaFile }: DecoderDeps,
): ReadRecord {
  const { maxRecordBytes, maxDepth, format, schemaFile } = options;
  const bareSchema = schemaFile === undefined ? null : parseSchemaFile(schemaFile, readSchemaFile);
  const readBare = bareSchema === null ? null : compilePayloadReader(route, bareSchema);
  const byName = ownReaders(route);
  const byFingerprint = fingerprintReaders(route, bareSchema);
  const byWriter = new WeakMap<object, ReadPayload>();
  // Spans are read apart; what users do comes in a shape of ours also beside them.
  const framingOptions: FramingOptions = {
    format: format === 'otlp' ? 'auto' : format,
    bareOnly: readBare !== null && registry === undefined,
  };

  const readJson: ReadPayload = (payload) => {
    const parsed = parseJsonRecord(payload, maxDepth);
    return parsed.ok ? readValue(route, parsed.value, 'json') : parsed;
  };

  const readRegistered = (lookup: SchemaLookup, payload: Buffer, id: number | null): DecodeResult => {
    if (!lookup.ok) {
      return lookup.error === 'unknown_schema'
        ? withId(fault('unknown_schema', 'wanted a schema that the registry knows'), id)
        : withId(fault('undecodable', 'the registry has something else than a schema under this id'), id);
    }
    const schema = lookup.value;
    if (schema.format === 'protobuf') return withId(fault('undecodable', 'wanted Avro or JSON, saw Protobuf'), id);
    if (schema.format === 'json') return withId(readJson(payload), id);
    let read = byWriter.get(schema);
    if (read === undefined) {
      read = compilePayloadReader(route, schema.avro);
      byWriter.set(schema, read);
    }
    return withId(read(payload), id);
  };

  const readByRegistry = (framing: Framing & { kind: 'id' | 'guid' }): DecodeResult | Promise<DecodeResult> => {
    const id = framing.kind === 'id' ? framing.id : null;
    if (registry === undefined) return withId(fault('unknown_schema', 'no registry is configured'), id);
    const lookup = framing.kind === 'id' ? registry.byId(framing.id) : registry.byGuid(framing.guid);
    if (!(lookup instanceof Promise)) return readRegistered(lookup, framing.payload, id);
    return lookup.then((found) => readRegistered(found, framing.payload, id));
  };

  return ({ value, headers, decoded }) => {
    if (decoded !== undefined) return readValue(route, decoded, 'avro');
    if (value === null) return TOMBSTONE;
    if (value.length > maxRecordBytes) return tooLarge(value, maxRecordBytes);
    const framing = detectFraming(value, headers, framingOptions);
    switch (framing.kind) {
      case 'own': {
        const read = byName.get(framing.schemaName);
        return read === undefined ? fault('unknown_schema', 'wanted a schema name of ours') : read(framing.payload);
      }
      case 'id':
      case 'guid':
        return readByRegistry(framing);
      case 'fingerprint': {
        const read = byFingerprint.get(framing.fingerprint);
        return read === undefined ? fault('unknown_schema', 'wanted a known fingerprint') : read(framing.payload);
      }
      case 'json':
        return readJson(framing.payload);
      case 'bare':
        return readBare === null ? fault('undecodable', describeFirstByte(value)) : readBare(framing.payload);
    }
  };
}

const TOMBSTONE = fault('undecodable', 'wanted a value, saw a tombstone');

function tooLarge(value: Buffer, maxRecordBytes: number): DecodeResult {
  return fault('too_large', `wanted at most ${maxRecordBytes} bytes, saw ${value.length}`);
}

function createSpansReader(route: Route, options: DecodeOptions): ReadRecord {
  const read = createOtlpReader(route, options);
  return ({ value, decoded }) => {
    if (value === null) return decoded === undefined ? TOMBSTONE : readValue(route, decoded, 'avro');
    return value.length > options.maxRecordBytes ? tooLarge(value, options.maxRecordBytes) : read(value);
  };
}

/** By `interaction.v1` and so on: a stage of our own wrote them. */
function ownReaders(route: Route): ReadonlyMap<string, ReadPayload> {
  return new Map(ownTypes(route).map(({ name, target }) => [name, compileOwn(route, target, name)]));
}

function fingerprintReaders(route: Route, bareSchema: unknown): ReadonlyMap<string, ReadPayload> {
  const readers = new Map<string, ReadPayload>();
  for (const { name, target } of ownTypes(route)) {
    const type = target.versions.get(name);
    if (type !== undefined) readers.set(avroFingerprint(type), compileOwn(route, target, name));
  }
  const bare = bareSchema === null ? null : parseAvroType(bareSchema);
  if (bare?.ok === true) readers.set(avroFingerprint(bare.value), compilePayloadReader(route, bareSchema));
  return readers;
}

function ownTypes(route: Route): readonly { readonly name: string; readonly target: Target }[] {
  const targets = [...new Set([route.usual, route.behaviour])];
  return targets.flatMap((target) => [...target.versions.keys()].map((name) => ({ name, target })));
}

function compileOwn(route: Route, target: Target, name: string): ReadPayload {
  return compilePayloadReader(route, target.schemaJson(name));
}

function parseSchemaFile(path: string, read: (path: string) => string): unknown {
  const schema = JSON.parse(read(path)) as unknown;
  const parsed = parseAvroType(schema);
  if (!parsed.ok) throw new Error(`${path}: the schema has ${parsed.error}`);
  return schema;
}

function withId(result: DecodeResult, schemaId: number | null): DecodeResult {
  if (result.ok || schemaId === null) return result;
  const named: DecodeFault = { ...result.error, schemaId };
  return err(named);
}

function describeFirstByte(value: Buffer): string {
  const first = value[0];
  return first === undefined
    ? 'wanted a framed record, saw no bytes'
    : `wanted a framed record or JSON, saw first byte 0x${first.toString(16).padStart(2, '0')}`;
}
