import { err, ok, type Result } from '../domain/result';

export type AvroPrimitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** An Avro schema with every name resolved: a finite tree, so nothing that walks it can loop. */
export type AvroType =
  | { readonly kind: 'primitive'; readonly primitive: AvroPrimitive; readonly logical: string | null }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly symbols: readonly string[];
      readonly fallback: string | null;
    }
  | { readonly kind: 'fixed'; readonly name: string; readonly sizeBytes: number }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | AvroRecord;

export interface AvroRecord {
  readonly kind: 'record';
  /** With its namespace: `plumbline.Interaction`. */
  readonly name: string;
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc: string | null;
  /** Absent = the field is required. */
  readonly fallback?: { readonly value: unknown };
}

/** Bounds of a schema that a stranger may hand us. Resolving names repeats what they name, hence the node count. */
const MAX_DEPTH = 64;
const MAX_NODES = 20_000;

/** What a schema walk carries; `open` holds the named types around the present place. */
interface Scope {
  readonly named: Map<string, AvroType>;
  readonly open: Set<string>;
  readonly state: { nodes: number };
}

/**
 * Reads an Avro schema (parsed JSON) into a tree. Refused, with the reason as text: recursive types, nesting beyond 64
 * levels, more than 20,000 nodes, unknown names, and arrays or maps whose items take no bytes, because a few bytes of
 * such a list stand for millions of items.
 */
export function parseAvroType(schema: unknown): Result<AvroType, string> {
  try {
    return ok(parse(schema, '', 0, { named: new Map(), open: new Set(), state: { nodes: 0 } }));
  } catch (failure) {
    if (failure instanceof SchemaRefusal) return err(failure.message);
    throw failure;
  }
}

/** The smallest number of bytes a value of the type takes on the wire. */
export function minimumBytes(type: AvroType): number {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVE_BYTES[type.primitive];
    case 'fixed':
      return type.sizeBytes;
    case 'record':
      return type.fields.reduce((sum, field) => sum + minimumBytes(field.type), 0);
    case 'union':
      return 1 + Math.min(...type.branches.map(minimumBytes));
    default:
      return 1;
  }
}

/** Never leaves this file. */
class SchemaRefusal extends Error {}

const PRIMITIVE_BYTES: Readonly<Record<AvroPrimitive, number>> = {
  null: 0,
  boolean: 1,
  int: 1,
  long: 1,
  float: 4,
  double: 8,
  bytes: 1,
  string: 1,
};

function isPrimitive(name: string): name is AvroPrimitive {
  return Object.hasOwn(PRIMITIVE_BYTES, name);
}

function parse(schema: unknown, namespace: string, depth: number, scope: Scope): AvroType {
  if (depth > MAX_DEPTH) throw new SchemaRefusal(`nested deeper than ${MAX_DEPTH} levels`);
  if (typeof schema === 'string') return byName(schema, namespace, scope);
  if (Array.isArray(schema)) return count(scope, unionOf(schema, namespace, depth, scope));
  if (!isObject(schema)) throw new SchemaRefusal('a type that is neither a name nor an object');
  const { type } = schema;
  switch (type) {
    case 'record':
    case 'error':
      return count(scope, recordOf(schema, namespace, depth, scope));
    case 'enum':
      return count(scope, enumOf(schema, namespace, scope));
    case 'fixed':
      return count(scope, fixedOf(schema, namespace, scope));
    case 'array':
      return count(scope, { kind: 'array', items: itemsOf(parse(schema.items, namespace, depth + 1, scope), 'array') });
    case 'map':
      // A key takes at least one byte, so the items of a map always take some.
      return count(scope, { kind: 'map', values: parse(schema.values, namespace, depth + 1, scope) });
    default: {
      const inner = parse(type, namespace, depth + 1, scope);
      const logical = typeof schema.logicalType === 'string' ? schema.logicalType : null;
      return inner.kind === 'primitive' && logical !== null ? { ...inner, logical } : inner;
    }
  }
}

function byName(name: string, namespace: string, scope: Scope): AvroType {
  if (isPrimitive(name)) return count(scope, { kind: 'primitive', primitive: name, logical: null });
  const full = fullName(name, namespace);
  if (scope.open.has(full)) throw new SchemaRefusal(`the recursive type ${full}`);
  const known = scope.named.get(full) ?? scope.named.get(name);
  if (known === undefined) throw new SchemaRefusal(`the unknown type ${full}`);
  return count(scope, known, sizeOf(known));
}

function unionOf(branches: readonly unknown[], namespace: string, depth: number, scope: Scope): AvroType {
  if (branches.length === 0) throw new SchemaRefusal('an empty union');
  return { kind: 'union', branches: branches.map((branch) => parse(branch, namespace, depth + 1, scope)) };
}

function recordOf(schema: Named, namespace: string, depth: number, scope: Scope): AvroType {
  const { name, space } = nameOf(schema, namespace, scope);
  if (!Array.isArray(schema.fields)) throw new SchemaRefusal(`${name} without fields`);
  scope.open.add(name);
  const fields = schema.fields.map((field: unknown): AvroField => {
    if (!isObject(field) || typeof field.name !== 'string') throw new SchemaRefusal(`a nameless field of ${name}`);
    const base = {
      name: field.name,
      type: parse(field.type, space, depth + 1, scope),
      doc: typeof field.doc === 'string' ? field.doc : null,
    };
    return Object.hasOwn(field, 'default') ? { ...base, fallback: { value: field.default } } : base;
  });
  scope.open.delete(name);
  return define(scope, name, { kind: 'record', name, fields });
}

function enumOf(schema: Named, namespace: string, scope: Scope): AvroType {
  const { name } = nameOf(schema, namespace, scope);
  const symbols: readonly unknown[] = Array.isArray(schema.symbols) ? schema.symbols : [];
  if (!symbols.every((symbol) => typeof symbol === 'string') || symbols.length === 0) {
    throw new SchemaRefusal(`${name} without symbols`);
  }
  const fallback = typeof schema.default === 'string' ? schema.default : null;
  return define(scope, name, { kind: 'enum', name, symbols, fallback });
}

function fixedOf(schema: Named, namespace: string, scope: Scope): AvroType {
  const { name } = nameOf(schema, namespace, scope);
  const { size } = schema;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new SchemaRefusal(`${name} without size`);
  return define(scope, name, { kind: 'fixed', name, sizeBytes: size });
}

function itemsOf(items: AvroType, of: string): AvroType {
  if (minimumBytes(items) === 0) throw new SchemaRefusal(`an ${of} whose items take no bytes`);
  return items;
}

function define(scope: Scope, name: string, type: AvroType): AvroType {
  scope.named.set(name, type);
  return type;
}

function count(scope: Scope, type: AvroType, nodes = 1): AvroType {
  scope.state.nodes += nodes;
  if (scope.state.nodes > MAX_NODES) throw new SchemaRefusal(`more than ${MAX_NODES} nodes`);
  return type;
}

function sizeOf(type: AvroType): number {
  switch (type.kind) {
    case 'record':
      return type.fields.reduce((sum, field) => sum + sizeOf(field.type), 1);
    case 'array':
      return 1 + sizeOf(type.items);
    case 'map':
      return 1 + sizeOf(type.values);
    case 'union':
      return type.branches.reduce((sum, branch) => sum + sizeOf(branch), 1);
    default:
      return 1;
  }
}

type Named = Readonly<Record<string, unknown>>;

function nameOf(schema: Named, namespace: string, scope: Scope): { readonly name: string; readonly space: string } {
  if (typeof schema.name !== 'string') throw new SchemaRefusal('a named type without a name');
  const name = fullName(schema.name, typeof schema.namespace === 'string' ? schema.namespace : namespace);
  if (scope.named.has(name) || scope.open.has(name)) throw new SchemaRefusal(`${name} defined twice or inside itself`);
  return { name, space: name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '' };
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
