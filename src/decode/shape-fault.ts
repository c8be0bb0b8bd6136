import type { AvroPrimitive, AvroType } from './avro-type';

/** Where a value does not have its schema's shape. Names types, never the text that was seen. */
export interface ShapeFault {
  /** From the record's root in the names of the schema: `output.tool_calls[2].name`; empty = the record itself. */
  readonly path: string;
  readonly wanted: string;
  readonly seen: string;
  /** `missing`: a required field is absent; `type`: it is of another type; `value`: right type, impossible value. */
  readonly reason: 'missing' | 'type' | 'value';
}

/** `producer.model: wanted string, saw number` */
export function describeShapeFault({ path, wanted, seen }: ShapeFault): string {
  return `${path === '' ? 'record' : path}: wanted ${wanted}, saw ${seen}`;
}

/** What kind of thing a value is, in words that quote nothing of it. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (Buffer.isBuffer(value)) return 'bytes';
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'NaN';
    return Number.isFinite(value) ? (Number.isInteger(value) ? 'number' : 'fraction') : 'infinity';
  }
  return typeof value;
}

/** `conversation_id` to `conversationId`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A type in words: `list of string`, `one of a|b`, `whole number`. */
export function wantedOf(type: AvroType): string {
  switch (type.kind) {
    case 'primitive':
      return wantedPrimitive(type.primitive, type.logical);
    case 'enum':
      return `one of ${type.symbols.join('|')}`;
    case 'array':
      return `list of ${wantedOf(type.items)}`;
    case 'map':
      return `map of ${wantedOf(type.values)}`;
    case 'union':
      return type.branches.map(wantedOf).join(' or ');
    default:
      return type.kind;
  }
}

function wantedPrimitive(primitive: AvroPrimitive, logical: string | null): string {
  if (logical === 'json') return 'JSON';
  if (logical === 'json-text') return 'JSON text';
  if (logical === 'timestamp-millis') return 'milliseconds since 1970';
  if (primitive === 'long') return 'whole number';
  return primitive === 'double' || primitive === 'float' ? 'number' : primitive;
}
