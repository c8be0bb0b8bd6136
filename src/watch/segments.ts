import type { OutcomeItem } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { SegmentOptions } from './options';

/** The segments an item belongs to, whatever the caps: the whole stream first, then one per dimension it has. */
export type Segmenter = (item: Segmented) => readonly SegmentKey[];

/** What of an item its segments come from. */
export type Segmented = Pick<
  OutcomeItem,
  'segments' | 'producerProvider' | 'producerModel' | 'producerRoute' | 'producerRelease'
>;

export const ALL_SEGMENTS: SegmentKey = { dimension: 'all', value: '' };

/** Stands for all values of a dimension beyond its cap. */
export const OTHER_VALUE = '__other__';

/** Longer values are not worth a series of their own; they would only fill memory. */
const MAX_VALUE_LENGTH = 128;

type ValueOf = (item: Segmented) => string | null;

/**
 * Segments by declared keys, producer properties and crosses. A declared key wins over a producer property of the same
 * name. A cross is named by its parts: `product+locale` = `support+de`. An item without a value has no segment there.
 */
export function createSegmenter({ dimensions, producer, crosses }: SegmentOptions): Segmenter {
  const byName = new Map<string, ValueOf>();
  for (const property of producer) byName.set(property, PRODUCER[property]);
  for (const key of dimensions) byName.set(key, declared(key));
  const all: (readonly [string, ValueOf])[] = [...byName];
  for (const parts of crosses) {
    all.push([parts.join('+'), crossOf(parts.map((part) => byName.get(part) ?? declared(part)))]);
  }
  const keys = all.map(([dimension]) => createKeys(dimension));
  return (item) => {
    const segments: SegmentKey[] = [ALL_SEGMENTS];
    for (let i = 0; i < all.length; i++) {
      const value = all[i]![1](item);
      if (value !== null) segments.push(keys[i]!(value));
    }
    return segments;
  };
}

/** One key object per value, so that open sessions share them and equal segments are seen at a glance. */
function createKeys(dimension: string): (value: string) => SegmentKey {
  const known = new Map<string, SegmentKey>();
  return (value) => {
    let key = known.get(value);
    if (key !== undefined) return key;
    key = { dimension, value: value.length > MAX_VALUE_LENGTH ? OTHER_VALUE : value };
    if (known.size >= MOST_KEYS) known.clear();
    if (value.length <= MAX_VALUE_LENGTH) known.set(value, key);
    return key;
  };
}

const MOST_KEYS = 20_000;

const PRODUCER: Readonly<Record<SegmentOptions['producer'][number], ValueOf>> = {
  model: (item) => item.producerModel,
  route: (item) => item.producerRoute,
  release: (item) => item.producerRelease,
  provider: (item) => item.producerProvider,
};

function declared(key: string): ValueOf {
  return ({ segments }) => (Object.hasOwn(segments, key) ? (segments[key] ?? null) : null);
}

function crossOf(parts: readonly ValueOf[]): ValueOf {
  return (item) => {
    let joined = '';
    for (const valueOf of parts) {
      const value = valueOf(item);
      if (value === null) return null;
      // Escaped, so that `a+b` and `c` are not taken for `a` and `b+c`.
      const part = value.includes('+') || value.includes('%') ? encodeURIComponent(value) : value;
      joined = joined === '' ? part : `${joined}+${part}`;
    }
    return joined;
  };
}
