import {
  type AttributeValue,
  type Attributes,
  emptyAttributes,
  MAX_SPANS,
  OtlpFault,
  type OtlpSpan,
  type SpanEvent,
} from './span';

/**
 * Reads `ExportTraceServiceRequest` (opentelemetry/proto/collector/trace/v1), which is what the Collector's Kafka exporter
 * writes as `otlp_proto`. Only the fields we use; unknown ones are passed over, as Protobuf wants. Throws OtlpFault for bytes that
 * are no such message. Memory is bounded by the bytes: every length is checked against what is left.
 */
export function readProtoSpans(bytes: Buffer, maxDepth: number): OtlpSpan[] {
  const spans: OtlpSpan[] = [];
  eachField(whole(bytes), (field, cursor) => {
    if (field === 1) readResourceSpans(message(cursor), spans, maxDepth);
    else return false;
    return true;
  });
  return spans;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
  /** Wire type of the field that was announced last. */
  wire: number;
}

const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];

function whole(bytes: Buffer): Cursor {
  return { bytes, at: 0, end: bytes.length, wire: 0 };
}

/** Calls `read` for each field; what it does not take (false) is passed over. */
function eachField(cursor: Cursor, read: (field: number, cursor: Cursor) => boolean): void {
  while (cursor.at < cursor.end) {
    const tag = varint(cursor);
    cursor.wire = tag & 7;
    if (!read(Math.floor(tag / 8), cursor)) skip(cursor);
  }
}

function skip(cursor: Cursor): void {
  switch (cursor.wire) {
    case VARINT:
      varint(cursor);
      return;
    case FIXED64:
      return void take(cursor, 8);
    case LENGTH:
      return void message(cursor);
    case FIXED32:
      return void take(cursor, 4);
    default:
      throw new OtlpFault(`wanted a Protobuf field, saw wire type ${cursor.wire}`);
  }
}

/** Position of the next `count` bytes. */
function take(cursor: Cursor, count: number): number {
  const at = cursor.at;
  if (count > cursor.end - at) throw new OtlpFault('wanted more bytes, saw the end');
  cursor.at = at + count;
  return at;
}

/** Exact below 2^53; the callers for which more matters use `int64`. */
function varint(cursor: Cursor): number {
  let value = 0;
  let factor = 1;
  for (let count = 0; count < 10; count += 1) {
    const byte = cursor.bytes[take(cursor, 1)] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
  throw new OtlpFault('wanted a varint of at most ten bytes, saw more');
}

function int64(cursor: Cursor): number {
  const start = cursor.at;
  const plain = varint(cursor);
  if (plain <= Number.MAX_SAFE_INTEGER) return plain;
  let value = 0n;
  for (let at = start, shift = 0n; at < cursor.at; at += 1, shift += 7n) {
    value |= BigInt((cursor.bytes[at] ?? 0) & 0x7f) << shift;
  }
  return Number(BigInt.asIntN(64, value));
}

function expectWire(cursor: Cursor, wire: number): void {
  if (cursor.wire !== wire) throw new OtlpFault(`wanted wire type ${wire}, saw ${cursor.wire}`);
}

function message(cursor: Cursor): Cursor {
  expectWire(cursor, LENGTH);
  const length = varint(cursor);
  const at = take(cursor, length);
  return { bytes: cursor.bytes, at, end: at + length, wire: 0 };
}

function text(cursor: Cursor): string {
  const { bytes, at, end } = message(cursor);
  return bytes.toString('utf8', at, end);
}

function hex(cursor: Cursor): string {
  const { bytes, at, end } = message(cursor);
  return bytes.toString('hex', at, end);
}

function nanosToMs(cursor: Cursor): number {
  expectWire(cursor, FIXED64);
  return Number(cursor.bytes.readBigUInt64LE(take(cursor, 8)) / 1000n) / 1000;
}

function readResourceSpans(cursor: Cursor, spans: OtlpSpan[], maxDepth: number): void {
  const resource = emptyAttributes();
  const scopes: Cursor[] = [];
  eachField(cursor, (field, at) => {
    if (field === 1) readAttributes(message(at), 1, resource, maxDepth);
    else if (field === 2) scopes.push(message(at));
    else return false;
    return true;
  });
  for (const scope of scopes) {
    eachField(scope, (field, at) => {
      if (field !== 2) return false;
      if (spans.length >= MAX_SPANS) throw new OtlpFault(`wanted at most ${MAX_SPANS} spans, saw more`);
      spans.push(readSpan(message(at), resource, maxDepth));
      return true;
    });
  }
}

function readAttributes(cursor: Cursor, key: number, into: Record<string, AttributeValue>, maxDepth: number): void {
  eachField(cursor, (field, at) => {
    if (field !== key) return false;
    readKeyValue(message(at), into, maxDepth);
    return true;
  });
}

function readKeyValue(cursor: Cursor, into: Record<string, AttributeValue>, depth: number): void {
  let key = '';
  let value: AttributeValue = null;
  eachField(cursor, (field, at) => {
    if (field === 1) key = text(at);
    else if (field === 2) value = readAnyValue(message(at), depth);
    else return false;
    return true;
  });
  into[key] = value;
}

function readAnyValue(cursor: Cursor, depth: number): AttributeValue {
  if (depth <= 0) throw new OtlpFault('wanted attributes that nest less deeply');
  let value: AttributeValue = null;
  eachField(cursor, (field, at) => {
    if (field === 1) value = text(at);
    else if (field === 2) value = varint(at) !== 0;
    else if (field === 3) value = int64(at);
    else if (field === 4) {
      expectWire(at, FIXED64);
      value = at.bytes.readDoubleLE(take(at, 8));
    } else if (field === 5) value = readList(message(at), depth - 1);
    else if (field === 6) {
      const object = emptyAttributes();
      readAttributes(message(at), 1, object, depth - 1);
      value = object;
    } else return false;
    return true;
  });
  return value;
}

function readList(cursor: Cursor, depth: number): AttributeValue[] {
  const items: AttributeValue[] = [];
  eachField(cursor, (field, at) => {
    if (field !== 1) return false;
    items.push(readAnyValue(message(at), depth));
    return true;
  });
  return items;
}

const STATUS_ERROR = 2;

function readSpan(cursor: Cursor, resource: Attributes, maxDepth: number): OtlpSpan {
  const own = emptyAttributes();
  const events: SpanEvent[] = [];
  const span = { traceId: '', spanId: '', traceState: '', startMs: 0, endMs: 0, failed: false };
  eachField(cursor, (field, at) => {
    if (field === 1) span.traceId = hex(at);
    else if (field === 2) span.spanId = hex(at);
    else if (field === 3) span.traceState = text(at);
    else if (field === 7) span.startMs = nanosToMs(at);
    else if (field === 8) span.endMs = nanosToMs(at);
    else if (field === 9) readKeyValue(message(at), own, maxDepth);
    else if (field === 11) events.push(readEvent(message(at), maxDepth));
    else if (field === 15) span.failed = readStatus(message(at)) === STATUS_ERROR;
    else return false;
    return true;
  });
  return { ...span, attributes: Object.assign(emptyAttributes(), resource, own), events };
}

function readEvent(cursor: Cursor, maxDepth: number): SpanEvent {
  const attributes = emptyAttributes();
  let name = '';
  eachField(cursor, (field, at) => {
    if (field === 2) name = text(at);
    else if (field === 3) readKeyValue(message(at), attributes, maxDepth);
    else return false;
    return true;
  });
  return { name, attributes };
}

function readStatus(cursor: Cursor): number {
  let code = 0;
  eachField(cursor, (field, at) => {
    if (field !== 3) return false;
    code = varint(at);
    return true;
  });
  return code;
}
