/** A slice of the traffic: one value of one dimension, or everything. */
export interface SegmentKey {
  readonly dimension: string;
  readonly value: string;
}

/** The label and map key of a segment: `product=support`; the whole stream is `all`. */
export function segmentLabel(segment: SegmentKey): string {
  return segment.dimension === 'all' ? 'all' : `${segment.dimension}=${segment.value}`;
}
