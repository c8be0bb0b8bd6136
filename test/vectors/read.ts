/** One case's input as parsed from JSON. The readers below take a field out and check its shape. */
export type Fields = Readonly<Record<string, unknown>>;

export function has(fields: Fields, key: string): boolean {
  return fields[key] !== undefined;
}

export function number(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== 'number') throw new TypeError(`${key} is not a number`);
  return value;
}

export function numberOr(fields: Fields, key: string, fallback: number): number {
  return has(fields, key) ? number(fields, key) : fallback;
}

export function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw new TypeError(`${key} is not a string`);
  return value;
}

export function numbers(fields: Fields, key: string): number[] {
  return list(fields, key).map((value) => {
    if (typeof value !== 'number') throw new TypeError(`${key} holds something that is not a number`);
    return value;
  });
}

export function numbersOrNull(fields: Fields, key: string): (number | null)[] {
  return list(fields, key).map((value) => toNumberOrNull(value, key));
}

export function texts(fields: Fields, key: string): string[] {
  return list(fields, key).map((value) => {
    if (typeof value !== 'string') throw new TypeError(`${key} holds something that is not a string`);
    return value;
  });
}

export function matrix(fields: Fields, key: string): number[][] {
  return list(fields, key).map((row) => numbers({ row }, 'row'));
}

export function matrixOrNull(fields: Fields, key: string): (number | null)[][] {
  return list(fields, key).map((row) => numbersOrNull({ row }, 'row'));
}

export function record(fields: Fields, key: string): Fields {
  return toFields(fields[key], key);
}

export function records(fields: Fields, key: string): Fields[] {
  return list(fields, key).map((value) => toFields(value, key));
}

export function list(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw new TypeError(`${key} is not an array`);
  return value as readonly unknown[];
}

export function toFields(value: unknown, key: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${key} is not an object`);
  return value as Fields;
}

/** `{key: f(key as number)}` for each key of a table indexed by numbers, such as `{"0.25": ..., "1": ...}`. */
export function tableOver(table: Fields, f: (key: number) => unknown): Fields {
  return Object.fromEntries(Object.keys(table).map((key) => [key, f(Number(key))]));
}

function toNumberOrNull(value: unknown, key: string): number | null {
  if (value === null || typeof value === 'number') return value;
  throw new TypeError(`${key} holds something that is neither a number nor null`);
}
