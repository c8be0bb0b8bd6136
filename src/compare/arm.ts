import { err, ok, type Result } from '../domain/result';
import type { SegmentKey } from '../domain/segment';

/** One side of a comparison: traffic in which all of these hold; empty = all of it. */
export type Arm = readonly SegmentKey[];

/** `release=v2,product=support` → two conditions. The error says what is wrong, in words. */
export function parseArm(text: string): Result<Arm, string> {
  const conditions: SegmentKey[] = [];
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    if (at < 1 || at === part.length - 1) {
      return err(`\`${part}\`: wanted dimension=value, several joined by commas, e.g. release=v2,product=support`);
    }
    conditions.push({ dimension: part.slice(0, at).trim(), value: part.slice(at + 1).trim() });
  }
  return ok(conditions);
}

export function isInArm(segments: readonly SegmentKey[], arm: Arm): boolean {
  return arm.every(({ dimension, value }) =>
    segments.some((segment) => segment.dimension === dimension && segment.value === value),
  );
}

export function armText(arm: Arm): string {
  return arm.length === 0 ? 'all' : arm.map(({ dimension, value }) => `${dimension}=${value}`).join(',');
}
