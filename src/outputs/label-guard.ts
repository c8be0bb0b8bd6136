import { createHash } from 'node:crypto';
import { OTHER } from './metric-catalogue';

const PLAIN = /^[A-Za-z0-9_.:+\-=/]{1,64}$/;

/**
 * Label values come from producers, so they may hold anything. Plain ones pass; every other value becomes a short hash,
 * which still tells values apart and cannot hold markup, control characters or a megabyte.
 */
export function toLabelValue(raw: string): string {
  return PLAIN.test(raw) ? raw : `hash:${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`;
}

/**
 * Admits the first `cap` distinct values and maps the others to `__other__`. Pinned values always pass. Memory is bound
 * by the cap, not by what producers send.
 */
export function createLabelGuard(
  cap: number,
  onOverflow: () => void,
  pinned: readonly string[] = [],
): (raw: string) => string {
  const admitted = new Map<string, string>();
  for (const value of pinned) admitted.set(value, toLabelValue(value));
  const limit = admitted.size + cap;
  return (raw) => {
    const known = admitted.get(raw);
    if (known !== undefined) return known;
    // Without this bound on length a few admitted keys could hold the memory of whole messages.
    if (admitted.size >= limit || raw.length > 4096) {
      onOverflow();
      return OTHER;
    }
    const value = toLabelValue(raw);
    admitted.set(raw, value);
    return value;
  };
}
