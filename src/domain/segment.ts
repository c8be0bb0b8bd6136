/** A slice of the traffic: one value of one dimension, or everything. */
export interface SegmentKey {
  readonly dimension: string;
  readonly value: string;
}

/** The label and map key of a segment: `product=support`; the whole stream is `all`. */
export function segmentLabel(segment: SegmentKey): string {
  return segment.dimension === 'all' ? 'all' : `${segment.dimension}=${segment.value}`;
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
