/** What the first bytes and the headers of a record say about what follows. */
export type Framing =
  | { readonly kind: 'own'; readonly schemaName: string; readonly payload: Buffer }
  | { readonly kind: 'id'; readonly id: number; readonly payload: Buffer }
  | { readonly kind: 'guid'; readonly guid: string; readonly payload: Buffer }
  /** Avro single-object encoding; the fingerprint as 16 hex digits, in the order of the wire. */
  | { readonly kind: 'fingerprint'; readonly fingerprint: string; readonly payload: Buffer }
  | { readonly kind: 'json'; readonly payload: Buffer }
  | { readonly kind: 'bare'; readonly payload: Buffer };

/** Names the schema of a record in one of our own formats, e.g. `verdict.v1`. */
export const SCHEMA_HEADER = 'plumbline-schema';

/** Where newer Confluent serialisers put the schema's id, leaving the value bare. */
export const SCHEMA_ID_HEADER = '__value_schema_id';

export interface FramingOptions {
  readonly format: 'auto' | 'avro' | 'json';
  /** Bare Avro is expected and nothing can resolve an id: then no first byte means anything. */
  readonly bareOnly: boolean;
}

/** Total: whatever is not recognised is bare. Payloads are views on `value`. */
export function detectFraming(
  value: Buffer,
  headers: Readonly<Record<string, string>>,
  { format, bareOnly }: FramingOptions,
): Framing {
  const own = headers[SCHEMA_HEADER];
  if (own !== undefined) return { kind: 'own', schemaName: own, payload: value };
  if (format === 'json') return { kind: 'json', payload: value };
  const header = headers[SCHEMA_ID_HEADER];
  const byHeader = header === undefined ? null : parseIdHeader(header, value);
  if (byHeader !== null) return byHeader;
  return detectByBytes(value, format === 'avro', bareOnly);
}

function detectByBytes(value: Buffer, avroOnly: boolean, bareOnly: boolean): Framing {
  const first = value[0];
  if (first === 0xc3 && value[1] === 0x01 && value.length >= 10) {
    return { kind: 'fingerprint', fingerprint: value.toString('hex', 2, 10), payload: value.subarray(10) };
  }
  if (!bareOnly) {
    if (first === 0x00 && value.length >= 5) {
      return { kind: 'id', id: value.readUInt32BE(1), payload: value.subarray(5) };
    }
    if (first === 0x01 && value.length >= 17) {
      return { kind: 'guid', guid: guidText(value.toString('hex', 1, 17)), payload: value.subarray(17) };
    }
  }
  return !avroOnly && looksLikeJson(value) ? { kind: 'json', payload: value } : { kind: 'bare', payload: value };
}

/**
 * The header holds the same bytes as the prefix would, or, from other writers, the id or GUID as text. Bytes that are
 * no text arrive as latin1 where the source hands them on like that.
 */
function parseIdHeader(header: string, payload: Buffer): Framing | null {
  if (/^\d{1,10}$/.test(header)) return { kind: 'id', id: Number(header), payload };
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(header)) {
    return { kind: 'guid', guid: header.toLowerCase(), payload };
  }
  const bytes = Buffer.from(header, 'latin1');
  if (bytes.length === 5 && bytes[0] === 0) return { kind: 'id', id: bytes.readUInt32BE(1), payload };
  if (bytes.length === 17 && bytes[0] === 1) return { kind: 'guid', guid: guidText(bytes.toString('hex', 1)), payload };
  return null;
}

function guidText(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** An object after white space and perhaps a byte order mark. */
function looksLikeJson(value: Buffer): boolean {
  let at = value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf ? 3 : 0;
  while (value[at] === 0x20 || value[at] === 0x0a || value[at] === 0x0d || value[at] === 0x09) at++;
  return value[at] === 0x7b;
}
