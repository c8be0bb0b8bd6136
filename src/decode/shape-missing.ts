import type { AvroType } from './avro-type';

/** Items of a list that are looked at; the rest misses the same. */
const ITEMS_SEEN = 10;

export type MissingFields = (value: unknown) => readonly string[];

/** Finds all required fields that are absent, e.g. `['interaction_id', 'producer.model']`; empty when none is. */
export function compileMissing(type: AvroType): MissingFields {
  return (value) => {
    const missing: string[] = [];
    collectMissing(type, value, '', missing);
    return missing;
  };
}

function collectMissing(type: AvroType, value: unknown, path: string, missing: string[]): void {
  if (type.kind === 'union') {
    const some = type.branches.find((branch) => branch.kind === 'record' || branch.kind === 'array');
    if (some !== undefined) collectMissing(some, value, path, missing);
  } else if (type.kind === 'array' && Array.isArray(value)) {
    value.slice(0, ITEMS_SEEN).forEach((item, index) => collectMissing(type.items, item, `${path}[${index}]`, missing));
  } else if (type.kind === 'record' && isObject(value)) {
    for (const field of type.fields) {
      const at = path === '' ? field.name : `${path}.${field.name}`;
      const inner = value[field.name];
      if (inner === undefined && field.fallback === undefined) missing.push(...leavesOf(field.type, at));
      else collectMissing(field.type, inner, at, missing);
    }
  }
}

/** An absent required record misses each of its own required fields. */
function leavesOf(type: AvroType, path: string): readonly string[] {
  if (type.kind !== 'record') return [path];
  const required = type.fields.filter((field) => field.fallback === undefined);
  return required.length === 0 ? [path] : required.flatMap((field) => leavesOf(field.type, `${path}.${field.name}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
