import type { AvroRecord, AvroType } from './avro-type';
import { camelCase } from './shape-fault';

/** Prepares a domain record for writing, e.g. drops a field that is derived on reading; by the record's full name. */
export type WriteHooks = Readonly<
  Record<string, (record: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>
>;

/**
 * Compiles a schema into a writer: domain value in, snake_case value out, ready for `JSON.stringify`: offsets as numbers
 * while exact, else as strings; JSON inline. Lists and maps of plain values are handed over as they are, not copied.
 */
export function compileJsonWriter<T>(type: AvroType, hooks: WriteHooks = {}): (value: T) => unknown {
  return compile(type, hooks) ?? ((value) => value);
}

type Write = (value: unknown) => unknown;

/** Null = values of the type are written as they are. */
function compile(type: AvroType, hooks: WriteHooks): Write | null {
  switch (type.kind) {
    case 'primitive':
      return compilePrimitive(type);
    case 'enum':
      return null;
    case 'array': {
      const write = compile(type.items, hooks);
      return write === null ? null : (value) => (value as readonly unknown[]).map((item) => write(item));
    }
    case 'map': {
      const write = compile(type.values, hooks);
      return write === null ? null : (value) => mapValues(value as Readonly<Record<string, unknown>>, write);
    }
    case 'union': {
      const some = type.branches.find((branch) => branch.kind !== 'primitive' || branch.primitive !== 'null');
      const write = some === undefined ? null : compile(some, hooks);
      return write === null ? (value) => value ?? null : (value) => ((value ?? null) === null ? null : write(value));
    }
    case 'record':
      return compileRecord(type, hooks);
    default:
      throw new Error(`no record of ours uses ${type.kind}`);
  }
}

function compileRecord({ name, fields }: AvroRecord, hooks: WriteHooks): Write {
  const steps = fields.map((field) => ({
    name: field.name,
    key: camelCase(field.name),
    write: compile(field.type, hooks),
  }));
  const blank = Object.fromEntries(steps.map((step): [string, unknown] => [step.name, null]));
  const prepare = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  return (value) => {
    const record = value as Readonly<Record<string, unknown>>;
    const ready = prepare === undefined ? record : prepare(record);
    const out = { ...blank };
    for (const { name: field, key, write } of steps) {
      const inner = ready[key];
      out[field] = write === null ? inner : write(inner);
    }
    return out;
  };
}

function compilePrimitive(type: AvroType & { kind: 'primitive' }): Write | null {
  return type.logical === 'offset' ? toJsonNumber : null;
}

function toJsonNumber(value: unknown): unknown {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function mapValues(map: Readonly<Record<string, unknown>>, write: Write): Readonly<Record<string, unknown>> {
  const out = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(map)) out[key] = write(map[key]);
  return out;
}
