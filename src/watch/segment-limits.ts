import type { SegmentOptions } from './options';
import { OTHER_VALUE } from './segments';

/** How many values of a dimension get figures of their own, and which do whatever came before them. */
export interface SegmentLimits {
  readonly maxValues: number;
  /** Pinned values by dimension. */
  readonly pinned: ReadonlyMap<string, ReadonlySet<string>>;
}

export function limitsOf({ maxValues, pinned }: Pick<SegmentOptions, 'maxValues' | 'pinned'>): SegmentLimits {
  const byDimension = new Map<string, Set<string>>();
  for (const label of pinned) {
    const at = label.indexOf('=');
    const [dimension, value] = [label.slice(0, at), label.slice(at + 1)];
    const values = byDimension.get(dimension);
    if (values === undefined) byDimension.set(dimension, new Set([value]));
    else values.add(value);
  }
  return { maxValues, pinned: byDimension };
}

/**
 * Whether a value that has no place yet gets one. First come, first kept: a value once tracked stays, so a flood of new
 * ones can neither evict it nor cost memory, and a replay tracks the same ones. Pinned ones take no place of others.
 */
export function hasRoom(
  { maxValues, pinned }: SegmentLimits,
  dimension: string,
  value: string,
  tracked: { readonly size: number; has(value: string): boolean },
): boolean {
  if (value === OTHER_VALUE) return false;
  const own = pinned.get(dimension);
  if (own?.has(value) === true) return true;
  let taken = tracked.size - (tracked.has(OTHER_VALUE) ? 1 : 0);
  for (const one of own ?? []) if (tracked.has(one)) taken -= 1;
  return taken < maxValues;
}
