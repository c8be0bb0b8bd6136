/** Another process's span, by which ours joins its trace. */
export interface SpanOrigin {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  /** The vendors' own part, unread; empty when absent. */
  readonly traceState: string;
}

const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
/** W3C asks for 512 characters at least to be passed on; more than that is somebody's mistake or attack. */
const MAX_STATE = 512;

/** The headers `traceparent` and `tracestate` of W3C Trace Context; null where they are absent or not sound. */
export function spanOrigin(headers: Readonly<Record<string, string>>): SpanOrigin | null {
  const found = TRACE_PARENT.exec(headers['traceparent'] ?? '');
  if (found === null) return null;
  const [, traceId = '', spanId = '', flags = '0'] = found;
  const state = headers['tracestate'] ?? '';
  return {
    traceId,
    spanId,
    isSampled: (Number.parseInt(flags, 16) & 1) === 1,
    traceState: state.length <= MAX_STATE ? state : '',
  };
}
