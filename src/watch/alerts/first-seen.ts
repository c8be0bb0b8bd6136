import type { SegmentKey } from '../../domain/segment';
import type { EpochMs } from '../../domain/time';
import { OTHER_VALUE } from '../segments';

/** When values of what serves the answers were seen, by dimension. */
export type FirstSeen = Map<string, SeenValues>;

export interface SeenValues {
  /** In order of being noted. */
  readonly values: Map<string, Seen>;
  /** How many were noted in this process: whether what was found among them still holds. No part of what is kept. */
  noted: number;
}

/** Event times of one value. */
export interface Seen {
  readonly firstAt: EpochMs;
  /** Of the latest item; -Infinity once forgotten. */
  lastAt: EpochMs;
}

/** Dimensions that tell what served the answer; their new values are worth naming beside a change. */
export const SERVING: ReadonlySet<string> = new Set(['release', 'model', 'route', 'provider']);

/** Values of one dimension; about 0.2 kB each. */
const MOST_VALUES = 250;

/** Of a value that nobody has looked for yet. */
export const UNSEEN: Seen = { firstAt: -Infinity, lastAt: -Infinity };
/** Of a value that is not worth noting: no time comes after it. */
const NOT_NOTED: Seen = { firstAt: Infinity, lastAt: Infinity };

/**
 * Takes in that a value was seen, in place. Where there are too many, the one not seen for longest is forgotten: the latest
 * are what a change is held against, and one that still serves stays however many come and go beside it. By the records
 * alone, so the same after a restart.
 */
export function noteSeen(firstSeen: FirstSeen, { dimension, value }: SegmentKey, at: EpochMs): Seen {
  if (!SERVING.has(dimension) || value === OTHER_VALUE) return NOT_NOTED;
  let own = firstSeen.get(dimension);
  if (own === undefined) firstSeen.set(dimension, (own = { values: new Map<string, Seen>(), noted: 0 }));
  const known = own.values.get(value);
  if (known !== undefined) {
    if (at > known.lastAt) known.lastAt = at;
    return known;
  }
  while (own.values.size >= MOST_VALUES) forgetOne(own.values);
  const fresh = { firstAt: at, lastAt: at };
  own.values.set(value, fresh);
  own.noted += 1;
  return fresh;
}

function forgetOne(values: Map<string, Seen>): void {
  let [forgotten] = values;
  for (const entry of values) if (entry[1].lastAt < forgotten![1].lastAt) forgotten = entry;
  if (forgotten === undefined) return;
  values.delete(forgotten[0]);
  // Whoever holds it looks for it again.
  forgotten[1].lastAt = -Infinity;
}

/** By label, e.g. `release=2026.11.2`. */
export type EncodedFirstSeen = readonly (readonly [
  label: string,
  firstAt: EpochMs,
  /** Absent in states of before values were forgotten. */
  lastAt?: EpochMs,
])[];

export function encodeFirstSeen(firstSeen: FirstSeen): EncodedFirstSeen {
  return [...firstSeen].flatMap(([dimension, { values }]) =>
    [...values].map(([value, { firstAt, lastAt }]) => [`${dimension}=${value}`, firstAt, lastAt] as const),
  );
}

export function decodeFirstSeen(encoded: EncodedFirstSeen): FirstSeen {
  const firstSeen: FirstSeen = new Map();
  for (const [label, firstAt, lastAt = firstAt] of encoded) {
    const at = label.indexOf('=');
    const dimension = label.slice(0, at);
    const own = firstSeen.get(dimension) ?? { values: new Map<string, Seen>(), noted: 0 };
    own.values.set(label.slice(at + 1), { firstAt, lastAt });
    firstSeen.set(dimension, own);
  }
  return firstSeen;
}
