/** Keys of these are data, not names of ours. */
const DATA: ReadonlySet<string> = new Set([
  'segments',
  'judges',
  'failedChecks',
  'endings',
  'detectableDrop',
  'overflow',
]);

/**
 * A value with its keys in the style of our schemas: `occurredAt` → `occurred_at`. Bigints become decimal strings. What
 * is already JSON of ours passes through `raw`.
 */
export function toSnake(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(toSnake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      snakeOf(key),
      DATA.has(key) && !Array.isArray(inner) ? inner : toSnake(inner),
    ]),
  );
}

function snakeOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
