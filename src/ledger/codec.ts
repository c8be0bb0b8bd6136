import type { LedgerRecord } from '../domain/ledger-record';

/** Ledger records as Kafka messages; implemented where Avro is. */
export interface LedgerMessageCodec {
  encode(record: LedgerRecord): LedgerMessage;
  /** Throws when the bytes are not a ledger record of a known version. */
  decode(value: Buffer, headers: Readonly<Record<string, string>>): LedgerRecord;
}

export interface LedgerMessage {
  readonly value: Buffer;
  /** Names the schema, in `plumbline-schema`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Ledger records as lines of a file. */
export interface LedgerLineCodec {
  /** One line of JSON without its newline. */
  toJson(record: LedgerRecord): string;
  /** Throws when the line is not a ledger record of a known version. */
  fromJson(line: string): LedgerRecord;
}
