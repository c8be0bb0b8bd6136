import type { DeadLetterReason } from '../domain/accounting';
import type { Behaviour } from '../domain/behaviour';
import type { Interaction } from '../domain/interaction';
import type { Result } from '../domain/result';

/** The part of a source record that decoding needs. */
export interface EncodedRecord {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Set where the source has already decoded the record (Avro container files). */
  readonly decoded?: unknown;
}

export type Decoded =
  | { readonly kind: 'interaction'; readonly interaction: Interaction }
  | { readonly kind: 'behaviour'; readonly behaviour: Behaviour }
  | { readonly kind: 'filtered' };

export interface DecodeFault {
  readonly reason: DeadLetterReason;
  /** Path, wanted, seen; never the record's text. */
  readonly detail: string;
  readonly schemaId: number | null;
}

/**
 * Bytes to a domain record. Synchronous once the writer's schema is known; a promise only while a schema is being
 * fetched. Rejects (MonitorError SCHEMA_REGISTRY_UNAVAILABLE) when the registry cannot be reached: the caller pauses
 * the partition and tries again, the record is not at fault.
 */
export interface Decoder {
  decode(record: EncodedRecord): Result<Decoded, DecodeFault> | Promise<Result<Decoded, DecodeFault>>;
}
