import { createHash } from 'node:crypto';
import { isSecretKey } from './secrets';

/**
 * Names a configuration by its meaning: the first 16 hex digits of the SHA-256 of its canonical JSON. Comments, white
 * space, the order of keys, defaults spelt out and the names of secrets' variables make no difference.
 */
export function configHash(config: unknown): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex').slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([key, inner]) => inner !== undefined && !isSecretKey(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
  return `{${members.join(',')}}`;
}
