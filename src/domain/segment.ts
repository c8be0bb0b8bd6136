/** A slice of the traffic: one value of one dimension, or everything. */
export interface SegmentKey {
  readonly dimension: string;
  readonly value: string;
}

/** The label and map key of a segment: `product=support`; the whole stream is `all`. */
export function segmentLabel(segment: SegmentKey): string {
  return segment.dimension === 'all' ? 'all' : `${segment.dimension}=${segment.value}`;
}

/** The same segments in the same order; quick where the keys themselves are shared. */
export function sameSegments(a: readonly SegmentKey[], b: readonly SegmentKey[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x !== y && (x.value !== y.value || x.dimension !== y.dimension)) return false;
  }
  return true;
}

/** True when the item has every segment that `where` names, with that value. */
export function hasSegments(
  segments: Readonly<Record<string, string>>,
  where: readonly (readonly [string, string])[],
): boolean {
  return where.every(([name, value]) => Object.hasOwn(segments, name) && segments[name] === value);
}

/** `locale=de,product=support`: independent of the order in which the configuration names the segments. */
export function whereLabel(where: Readonly<Record<string, string>>): string {
  return Object.entries(where)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
