import type { DeadLetterReason } from './accounting';
import type { SourceCoordinates } from './coordinates';
import type { EpochMs } from './time';

/** A record that could not be used: where it lies and why, never its bytes (the source topic has those). */
export interface DeadLetter {
  readonly source: SourceCoordinates;
  readonly recordedAt: EpochMs;
  readonly reason: DeadLetterReason;
  /** What was wrong and where, e.g. `producer.model: wanted string, saw number`. Holds no text of the record. */
  readonly detail: string;
  /** SHA-256 of the value, hex. */
  readonly hash: string;
  readonly sizeBytes: number;
  /** Confluent schema id when the wire format named one. */
  readonly schemaId: number | null;
}
