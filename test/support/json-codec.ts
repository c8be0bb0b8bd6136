import type { LedgerRecord } from '../../src/domain/ledger-record';
import type { LedgerLineCodec, LedgerMessageCodec } from '../../src/ledger/codec';

/** A codec for tests of shells that do not care how a record looks: JSON, with offsets as `"123n"`. */
export const jsonCodec: LedgerMessageCodec & LedgerLineCodec = {
  toJson,
  fromJson: (line) => fromJson(line) as LedgerRecord,
  encode: (record) => ({ value: Buffer.from(toJson(record)), headers: { 'plumbline-schema': 'ledger-record.v2' } }),
  decode(value, headers) {
    if (headers['plumbline-schema'] !== 'ledger-record.v2') throw new Error('no schema named');
    return fromJson(value.toString('utf8')) as LedgerRecord;
  },
};

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
}

export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, inner: unknown) =>
    typeof inner === 'string' && /^-?\d+n$/.test(inner) ? BigInt(inner.slice(0, -1)) : inner,
  );
}
