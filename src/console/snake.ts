/** Keys of these are data, not names of ours. */
const DATA = ['segments', 'judges', 'failedChecks', 'endings', 'detectableDrop', 'overflow'] as const;
type Data = (typeof DATA)[number];
const DATA_KEYS: ReadonlySet<string> = new Set(DATA);

/** `occurredAt` → `occurred_at`. */
type SnakeName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeName<Rest>}`
  : Name;

type Inner<Key, Value> = Key extends Data ? (Value extends readonly unknown[] ? Json<Value> : Value) : Json<Value>;

/** What `T` is once it has been sent as JSON: keys in the style of our schemas, bigints as decimal strings. */
export type Json<T> = T extends bigint
  ? string
  : T extends readonly unknown[]
    ? { readonly [Index in keyof T]: Json<T[Index]> }
    : T extends object
      ? { readonly [Key in keyof T as Key extends string ? SnakeName<Key> : never]: Inner<Key, T[Key]> }
      : T;

/** A value with its keys in the style of our schemas; what has them already passes unchanged. */
export function toSnake<T>(value: T): Json<T> {
  return convert(value) as Json<T>;
}

function convert(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      snakeOf(key),
      DATA_KEYS.has(key) && !Array.isArray(inner) ? inner : convert(inner),
    ]),
  );
}

function snakeOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
