import type { AvroType } from './avro-type';

/**
 * The Parsing Canonical Form of a schema (Avro specification, "Parsing Canonical Form for Schemas"): two schemas with
 * the same form read the same bytes alike. A named type is written out once, then named.
 */
export function canonicalForm(type: AvroType): string {
  return canonical(type, new Set());
}

/** CRC-64-AVRO of the canonical form, as the 16 hex digits of its 8 little-endian bytes on the wire. */
export function avroFingerprint(type: AvroType): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(rabin(Buffer.from(canonicalForm(type))));
  return bytes.toString('hex');
}

function canonical(type: AvroType, written: Set<string>): string {
  switch (type.kind) {
    case 'primitive':
      return JSON.stringify(type.primitive);
    case 'array':
      return `{"type":"array","items":${canonical(type.items, written)}}`;
    case 'map':
      return `{"type":"map","values":${canonical(type.values, written)}}`;
    case 'union':
      return `[${type.branches.map((branch) => canonical(branch, written)).join(',')}]`;
    default:
      if (written.has(type.name)) return JSON.stringify(type.name);
      written.add(type.name);
      return canonicalNamed(type, written);
  }
}

function canonicalNamed(type: AvroType & { kind: 'record' | 'enum' | 'fixed' }, written: Set<string>): string {
  const head = `{"name":${JSON.stringify(type.name)},"type":"${type.kind}"`;
  if (type.kind === 'enum') return `${head},"symbols":${JSON.stringify(type.symbols)}}`;
  if (type.kind === 'fixed') return `${head},"size":${type.sizeBytes}}`;
  const fields = type.fields.map(
    (field) => `{"name":${JSON.stringify(field.name)},"type":${canonical(field.type, written)}}`,
  );
  return `${head},"fields":[${fields.join(',')}]}`;
}

/** The fingerprint of no bytes, and the polynomial; Avro specification, "Schema Fingerprints". */
const EMPTY = 0xc15d213aa4d7a795n;

const TABLE: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => {
  let fingerprint = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) fingerprint = (fingerprint >> 1n) ^ (EMPTY & -(fingerprint & 1n));
  return fingerprint;
});

function rabin(bytes: Buffer): bigint {
  let fingerprint = EMPTY;
  for (const byte of bytes) {
    fingerprint = (fingerprint >> 8n) ^ (TABLE[Number((fingerprint ^ BigInt(byte)) & 0xffn)] ?? 0n);
  }
  return fingerprint;
}
