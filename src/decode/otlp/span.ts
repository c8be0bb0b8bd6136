/** A value of an attribute: text, number, boolean, null, a list of these, or an object without a prototype. */
export type AttributeValue = unknown;
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface SpanEvent {
  readonly name: string;
  readonly attributes: Attributes;
}

/** What we use of a span, alike whether it came as JSON or as Protobuf. */
export interface OtlpSpan {
  /** 32 and 16 lower-case hex digits; empty when absent. */
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  /** The resource's attributes behind the span's own. */
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
}

/** Spans beyond this in one record are a fault: a Collector's batch holds at most 8,192 unless told otherwise. */
export const MAX_SPANS = 20_000;

/** Why a record is no batch of spans; never its content. */
export class OtlpFault extends Error {}

/** A map that can hold any key without reaching a prototype. */
export function emptyAttributes(): Record<string, AttributeValue> {
  return Object.create(null) as Record<string, AttributeValue>;
}
