import { type AttributeValue, type Attributes, emptyAttributes, MAX_SPANS, OtlpFault, type OtlpSpan } from './span';

/**
 * The same from the JSON form (`otlp_json`): lowerCamelCase names, ids as hex, 64-bit integers as text. Takes a parsed value
 * whose depth the caller has bounded. Throws OtlpFault for a value that holds no resourceSpans.
 */
export function readJsonSpans(batch: unknown): OtlpSpan[] {
  if (!Array.isArray(field(batch, 'resourceSpans'))) throw new OtlpFault('wanted resourceSpans, saw other JSON');
  const spans: OtlpSpan[] = [];
  for (const group of list(batch, 'resourceSpans')) {
    const resource = toAttributes(list(field(group, 'resource'), 'attributes'));
    for (const scope of list(group, 'scopeSpans')) {
      for (const span of list(scope, 'spans')) {
        if (spans.length >= MAX_SPANS) throw new OtlpFault(`wanted at most ${MAX_SPANS} spans, saw more`);
        spans.push(toSpan(span, resource));
      }
    }
  }
  return spans;
}

function toSpan(span: unknown, resource: Attributes): OtlpSpan {
  return {
    traceId: textOf(field(span, 'traceId')).toLowerCase(),
    spanId: textOf(field(span, 'spanId')).toLowerCase(),
    traceState: textOf(field(span, 'traceState')),
    startMs: toMs(field(span, 'startTimeUnixNano')),
    endMs: toMs(field(span, 'endTimeUnixNano')),
    failed: [2, 'STATUS_CODE_ERROR'].includes(field(field(span, 'status'), 'code') as number | string),
    attributes: Object.assign(emptyAttributes(), resource, toAttributes(list(span, 'attributes'))),
    events: list(span, 'events').map((event) => ({
      name: textOf(field(event, 'name')),
      attributes: toAttributes(list(event, 'attributes')),
    })),
  };
}

/** Nanoseconds as text or number; 0 for anything else. */
function toMs(nanos: unknown): number {
  if (typeof nanos === 'number') return nanos / 1e6;
  return typeof nanos === 'string' && /^\d{1,20}$/.test(nanos) ? Number(BigInt(nanos) / 1000n) / 1000 : 0;
}

function toAttributes(pairs: readonly unknown[]): Attributes {
  const attributes = emptyAttributes();
  for (const pair of pairs) attributes[textOf(field(pair, 'key'))] = toValue(field(pair, 'value'));
  return attributes;
}

function toValue(any: unknown): AttributeValue {
  if (typeof any !== 'object' || any === null) return null;
  const [[kind, value] = ['', null]] = Object.entries(any) as [string, unknown][];
  switch (kind) {
    case 'intValue':
      return Number(value);
    case 'arrayValue':
      return list(value, 'values').map(toValue);
    case 'kvlistValue':
      return toAttributes(list(value, 'values'));
    default:
      return ['string', 'number', 'boolean'].includes(typeof value) ? value : null;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
