import { err, ok, type Result } from '../domain/result';
import type { DeadLetterReason } from '../domain/accounting';
import { canonicalForm } from './avro-fingerprint';
import { compileBytesReader } from './avro-bytes';
import { parseAvroType } from './avro-type';
import type { Mapping } from './mapping';
import type { Decoded, DecodeFault } from './port';
import { describeShapeFault, type ShapeFault } from './shape-fault';
import type { Target } from './target';

export type DecodeResult = Result<Decoded, DecodeFault>;

/** Where records of one topic go. */
export interface Route {
  /** What a record becomes unless it says otherwise itself. */
  readonly usual: Target;
  readonly behaviour: Target;
  /** Applied to every record that is not under one of our schemas; null = records come in our own shape. */
  readonly mapping: Mapping | null;
}

/** A parsed value to a record of ours. `flavour`: whether JSON inside fields is text (Avro) or inline (JSON). */
export function readValue(route: Route, value: unknown, flavour: 'json' | 'avro'): DecodeResult {
  if (route.mapping !== null) return readMapped(route.mapping, route.usual, value);
  const target = looksLikeBehaviour(value) ? route.behaviour : route.usual;
  return toDecodeResult(flavour === 'json' ? target.fromJson(value) : target.fromAvroValue(value));
}

export type ReadPayload = (payload: Buffer) => DecodeResult;

/**
 * Compiles the reading of everything written with one schema. A schema that is refused (see `parseAvroType`) makes
 * every record of it undecodable.
 */
export function compilePayloadReader(route: Route, writerSchema: unknown): ReadPayload {
  const parsed = parseAvroType(writerSchema);
  if (!parsed.ok) return () => fault('undecodable', `writer's schema refused: ${parsed.error}`);
  const writer = parsed.value;
  const name = writer.kind === 'record' ? writer.name : '';
  const own = [route.usual, route.behaviour].find((target) => target.name === name);
  const readBytes = compileBytesReader(writer);
  const readUnknown: ReadPayload = (payload) => {
    const value = readBytes(payload);
    if (!value.ok) return fault('undecodable', value.error);
    return own === undefined ? readValue(route, value.value, 'avro') : toDecodeResult(own.fromAvroValue(value.value));
  };
  if (own === undefined || canonicalForm(writer) !== own.canonicalForm) return readUnknown;
  return (payload) => {
    const decoded = own.fromOwnBytes(payload);
    return decoded === null ? readUnknown(payload) : ok(decoded);
  };
}

function readMapped(mapping: Mapping, target: Target, value: unknown): DecodeResult {
  const mapped = mapping.map(value);
  if (!mapped.ok) return mappedFault(mapping, mapped.error);
  if (mapped.value.kind === 'filtered') return FILTERED;
  const { json } = mapped.value;
  const read = target.fromJson(json);
  if (read.ok) return read;
  if (read.error.reason !== 'missing') return mappedFault(mapping, read.error);
  const missing = target.missingFields(json).map((field) => field + origin(mapping, field));
  return fault('unmapped', `found nothing for ${missing.join(', ')}`);
}

const FILTERED: DecodeResult = ok({ kind: 'filtered' });

function mappedFault(mapping: Mapping, shape: ShapeFault): DecodeResult {
  return fault(REASON[shape.reason], describeShapeFault(shape) + origin(mapping, shape.path));
}

function origin(mapping: Mapping, field: string): string {
  const source = mapping.sourceOf(field);
  return source === '' ? '' : ` (from ${source})`;
}

function toDecodeResult(read: Result<Decoded, ShapeFault>): DecodeResult {
  return read.ok ? read : fault(REASON[read.error.reason], describeShapeFault(read.error));
}

const REASON: Readonly<Record<ShapeFault['reason'], DeadLetterReason>> = {
  missing: 'wrong_type',
  type: 'wrong_type',
  value: 'invalid',
};

/** Told apart by what only one of the two has; a record that is neither gets the faults of the usual one. */
function looksLikeBehaviour(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, 'event_id') && Object.hasOwn(value, 'kind') && !Object.hasOwn(value, 'output');
}

export function fault(reason: DeadLetterReason, detail: string): Result<never, DecodeFault> {
  return err({ reason, detail, schemaId: null });
}
