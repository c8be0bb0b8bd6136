import type { RedactString } from './json-text';

/** Deeper than any honest record, and far from the depth at which recursion overflows. */
const DEEPEST = 64;

/**
 * Redacts the strings inside a JSON value; keys and numbers stay, as rules compare them. A value in which nothing was
 * found is returned as it came. What lies deeper than 64 levels is dropped unseen: `[too_deep]`.
 */
export function redactFacts(value: unknown, redact: RedactString, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[too_deep]';
  if (Array.isArray(value)) {
    let changed = false;
    const items = value.map((item: unknown) => {
      const redacted = redactFacts(item, redact, depth + 1);
      changed ||= redacted !== item;
      return redacted;
    });
    return changed ? items : value;
  }
  let changed = false;
  // A null prototype, for `__proto__` may be a key.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) {
    const redacted = redactFacts(item, redact, depth + 1);
    changed ||= redacted !== item;
    copy[key] = redacted;
  }
  return changed ? copy : value;
}
