import { err, ok, type Result } from '../domain/result';
import type { AvroRecord, AvroType } from './avro-type';
import { createFaultTrace, FAULT, type FaultTrace } from './fault-trace';
import { hasPrototypeKey, isPrototypeKey, MAX_JSON_TEXT_LEVELS, parseSafeJson } from './json-safety';
import { camelCase, type ShapeFault, typeName, wantedOf } from './shape-fault';

/**
 * How values of our logical types arrive. `json`: a `json` field is any JSON value, an `offset` a number or a string of
 * digits, a `json-text` field text or the value itself. `avro`: the first and the last are JSON text.
 */
export type Flavour = 'json' | 'avro';

/** Finishes a record that has been read, e.g. fills one field from another; by the record's full name. */
export type ReadHooks = Readonly<
  Record<string, (record: Record<string, unknown>) => Readonly<Record<string, unknown>>>
>;

/** Items of one list or map beyond this are refused: such a record is an attack or a mistake, and costs all others. */
export const MAX_ITEMS = 50_000;

/**
 * Compiles a schema into a reader of plain values: types are checked, absent fields get their defaults, snake_case
 * names become camelCase, maps become null-prototype objects. Unknown fields are left out. `T` is the caller's claim
 * that the schema describes it; `test/property/decode` holds it to that.
 */
export function compileReader<T>(
  type: AvroType,
  flavour: Flavour,
  hooks: ReadHooks = {},
): (value: unknown) => Result<T, ShapeFault> {
  const trace = createFaultTrace();
  const read = compile(type, { flavour, hooks, trace });
  return (value) => {
    const out = read(value);
    return out === FAULT ? err(trace.take()) : ok(out as T);
  };
}

type Read = (value: unknown) => unknown;

interface Compiling {
  readonly flavour: Flavour;
  readonly hooks: ReadHooks;
  readonly trace: FaultTrace;
}

function compile(type: AvroType, compiling: Compiling): Read {
  switch (type.kind) {
    case 'primitive':
      return compilePrimitive(type, compiling);
    case 'enum':
      return compileEnum(type, compiling.trace);
    case 'array':
      return compileArray(type.items, compiling);
    case 'map':
      return compileMap(type.values, compiling);
    case 'union':
      return compileOptional(type.branches, compiling);
    case 'record':
      return compileRecord(type, compiling);
    default:
      throw new Error(`no record of ours uses ${type.kind}`);
  }
}

function compileRecord({ name, fields }: AvroRecord, compiling: Compiling): Read {
  const { trace, hooks } = compiling;
  const steps = fields.map((field) => ({
    name: field.name,
    key: camelCase(field.name),
    read: compile(field.type, compiling),
    fallback: field.fallback === undefined ? undefined : defaultOf(field.type, field.fallback.value, compiling),
    required: field.fallback === undefined,
    wanted: wantedOf(field.type),
  }));
  // Copying one finished object keeps the shape of all records equal, whatever fields are absent.
  const blank = Object.fromEntries(steps.map(({ key }): [string, unknown] => [key, null]));
  const finish = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  return (value) => {
    if (!isObject(value)) return trace.fail('record', typeName(value));
    const out = { ...blank };
    for (const step of steps) {
      const raw = value[step.name];
      if (raw === undefined) {
        if (step.required) return (trace.fail(step.wanted, 'nothing', 'missing'), trace.within(step.name));
        out[step.key] = step.fallback;
        continue;
      }
      const read = step.read(raw);
      if (read === FAULT) return trace.within(step.name);
      out[step.key] = read;
    }
    return finish === undefined ? out : finish(out);
  };
}

/** Defaults stand in the schema in JSON, in which a union's default belongs to its first branch. */
function defaultOf(type: AvroType, value: unknown, compiling: Compiling): unknown {
  const read = compile(type, { ...compiling, flavour: 'json' })(value);
  if (read === FAULT) throw new Error(`a default does not fit its type: ${JSON.stringify(value)}`);
  return deepFreeze(read);
}

function compileArray(items: AvroType, compiling: Compiling): Read {
  const { trace } = compiling;
  const read = compile(items, compiling);
  return (value) => {
    if (!Array.isArray(value)) return trace.fail(`list of ${wantedOf(items)}`, typeName(value));
    const list: readonly unknown[] = value;
    if (list.length > MAX_ITEMS) return trace.fail(`at most ${MAX_ITEMS} items`, String(list.length), 'value');
    const out: unknown[] = [];
    for (let index = 0; index < list.length; index++) {
      const item = read(list[index]);
      if (item === FAULT) return trace.within(`[${index}]`);
      out.push(item);
    }
    return out;
  };
}

function compileMap(values: AvroType, compiling: Compiling): Read {
  const { trace } = compiling;
  const read = compile(values, compiling);
  return (value) => {
    if (!isObject(value)) return trace.fail(`map of ${wantedOf(values)}`, typeName(value));
    const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const keys = Object.keys(value);
    if (keys.length > MAX_ITEMS) return trace.fail(`at most ${MAX_ITEMS} items`, String(keys.length), 'value');
    for (const key of keys) {
      if (isPrototypeKey(key)) return trace.fail('a harmless key', 'a prototype key', 'value');
      const item = read(value[key]);
      // The key is the producer's text; the fault names its place only.
      if (item === FAULT) return trace.within('{…}');
      out[key] = item;
    }
    return out;
  };
}

function compileOptional(branches: readonly AvroType[], compiling: Compiling): Read {
  const [first, second] = branches;
  const isOptional = branches.length === 2 && first?.kind === 'primitive' && first.primitive === 'null';
  if (!isOptional || second === undefined) throw new Error('our schemas use unions of null and one type only');
  const read = compile(second, compiling);
  return (value) => (value === null ? null : read(value));
}

function compileEnum({ symbols, fallback }: AvroType & { kind: 'enum' }, trace: FaultTrace): Read {
  const known = new Set<unknown>(symbols);
  const wanted = `one of ${symbols.join('|')}`;
  return (value) => {
    if (known.has(value)) return value;
    if (typeof value !== 'string') return trace.fail(wanted, typeName(value));
    return fallback ?? trace.fail(wanted, 'another string', 'value');
  };
}

function compilePrimitive(type: AvroType & { kind: 'primitive' }, { flavour, trace }: Compiling): Read {
  if (type.logical === 'offset') return (value) => readOffset(value, trace);
  if (type.logical === 'json')
    return flavour === 'avro' ? (value) => parseJsonText(value, trace) : (value) => readJson(value, trace);
  if (type.logical === 'json-text')
    return flavour === 'avro' ? stringReader(trace) : (value) => toJsonText(value, trace);
  switch (type.primitive) {
    case 'string':
      return stringReader(trace);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : trace.fail('boolean', typeName(value)));
    case 'int':
      return (value) =>
        typeof value === 'number' && (value | 0) === value ? value : trace.fail('int', typeName(value));
    case 'long':
      return (value) => (Number.isSafeInteger(value) ? value : trace.fail('whole number', typeName(value)));
    case 'float':
    case 'double':
      return (value) => readDouble(value, trace);
    default:
      throw new Error(`no record of ours uses ${type.primitive}`);
  }
}

function stringReader(trace: FaultTrace): Read {
  return (value) => (typeof value === 'string' ? value : trace.fail('string', typeName(value)));
}

function readDouble(value: unknown, trace: FaultTrace): unknown {
  if (typeof value !== 'number') return trace.fail('number', typeName(value));
  return Number.isFinite(value) ? value : trace.fail('finite number', typeName(value), 'value');
}

function readOffset(value: unknown, trace: FaultTrace): unknown {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value);
  return trace.fail('offset', typeName(value));
}

function readJson(value: unknown, trace: FaultTrace): unknown {
  return hasPrototypeKey(value) ? trace.fail('harmless keys', 'a prototype key', 'value') : value;
}

function parseJsonText(value: unknown, trace: FaultTrace): unknown {
  if (typeof value !== 'string') return trace.fail('JSON text', typeName(value));
  const parsed = parseSafeJson(value);
  if ('value' in parsed) return parsed.value;
  switch (parsed.fault) {
    case 'syntax':
      return trace.fail('JSON text', 'other text', 'value');
    case 'depth':
      return trace.fail(`JSON of at most ${MAX_JSON_TEXT_LEVELS} levels`, 'more', 'value');
    case 'prototype':
      return trace.fail('harmless keys', 'a prototype key', 'value');
  }
}

/** What the model wrote, kept as text; a producer that logs it parsed gets it written out again. */
function toJsonText(value: unknown, trace: FaultTrace): unknown {
  if (typeof value === 'string') return value;
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : trace.fail('JSON text', typeName(value));
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
