import type { EpochMs } from '../domain/time';
import type { SegmentOptions } from './options';
import { OTHER_VALUE } from './segments';

/** How many values of a dimension get figures of their own, and which do whatever came before them. */
export interface SegmentLimits {
  readonly maxValues: number;
  /** A value that was silent for so long may lose its place to a new one, ms of event time. */
  readonly keepMs: number;
  /** Pinned values by dimension. */
  readonly pinned: ReadonlyMap<string, ReadonlySet<string>>;
}

export function limitsOf({
  maxValues,
  keepDays,
  pinned,
}: Pick<SegmentOptions, 'maxValues' | 'keepDays' | 'pinned'>): SegmentLimits {
  const byDimension = new Map<string, Set<string>>();
  for (const label of pinned) {
    const at = label.indexOf('=');
    const [dimension, value] = [label.slice(0, at), label.slice(at + 1)];
    const values = byDimension.get(dimension);
    if (values === undefined) byDimension.set(dimension, new Set([value]));
    else values.add(value);
  }
  return { maxValues, keepMs: keepDays * DAY_MS, pinned: byDimension };
}

const DAY_MS = 86_400_000;

/**
 * Whether a value that has no place yet gets one. First come, first kept: a value that is heard of stays, so a flood of
 * new ones can neither evict it nor cost memory, and a replay tracks the same ones. Pinned ones take no place of others.
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

/** What has a place: how much was seen of it, and event time of the last. */
export interface Occupant {
  readonly records: number;
  readonly lastAt: EpochMs;
}

/** With fewer records than this, a value keeps its place for a day only: nothing was learned of it. */
const FEW = 100;

/**
 * By places of one dimension: while there are so many, none of them is due before this event time, so that a flood does
 * not look at all again. It changes no answer, so it is no part of the state.
 */
const noneBefore = new WeakMap<object, { readonly at: EpochMs; readonly size: number }>();

/**
 * The value that loses its place, taken out of `tracked`: of those silent for too long at `now` the one with the fewest
 * records, then the one silent for longest. Null when all are still heard of.
 */
export function evictOne(
  { pinned, keepMs }: SegmentLimits,
  dimension: string,
  tracked: Map<string, Occupant>,
  now: EpochMs,
): string | null {
  const known = noneBefore.get(tracked);
  if (known !== undefined && known.size === tracked.size && now < known.at) return null;
  const own = pinned.get(dimension);
  let next = Infinity;
  let found: (Occupant & { readonly value: string }) | null = null;
  for (const [value, { records, lastAt }] of tracked) {
    if (value === OTHER_VALUE || own?.has(value) === true) continue;
    const dueAt = lastAt + (records < FEW ? Math.min(DAY_MS, keepMs) : keepMs);
    if (dueAt < next) next = dueAt;
    if (dueAt > now) continue;
    if (found === null || records < found.records || (records === found.records && lastAt < found.lastAt)) {
      found = { value, records, lastAt };
    }
  }
  if (found === null) {
    noneBefore.set(tracked, { at: next, size: tracked.size });
    return null;
  }
  noneBefore.delete(tracked);
  tracked.delete(found.value);
  return found.value;
}
