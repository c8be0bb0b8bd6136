import { createHash } from 'node:crypto';
import type { DecodeFault } from '../decode/port';
import type { DeadLetter } from '../domain/dead-letter';
import type { SourceCoordinates } from '../domain/coordinates';
import type { EpochMs } from '../domain/time';

/** What is kept of a record that could not be used. The source topic has the bytes; a tombstone hashes as empty. */
export function toDeadLetter(
  source: SourceCoordinates,
  value: Buffer | null,
  fault: DecodeFault,
  recordedAt: EpochMs,
): DeadLetter {
  return {
    source,
    recordedAt,
    reason: fault.reason,
    detail: fault.detail,
    hash: valueHash(value),
    sizeBytes: value === null ? 0 : value.length,
    schemaId: fault.schemaId,
  };
}

/** What a dead letter knows its record by. */
export function valueHash(value: Buffer | null): string {
  const hash = createHash('sha256');
  if (value !== null) hash.update(value);
  return hash.digest('hex');
}

export function tooLarge(sizeBytes: number, maxBytes: number): DecodeFault {
  return { reason: 'too_large', detail: `wanted at most ${maxBytes} bytes, saw ${sizeBytes}`, schemaId: null };
}

export function invalid(detail: string): DecodeFault {
  return { reason: 'invalid', detail, schemaId: null };
}

/** Names the class of the failure only: its message may quote the record. */
export function handlerFailed(error: unknown, tries: number): DecodeFault {
  return { reason: 'handler_error', detail: `failed ${tries} times with ${errorClass(error)}`, schemaId: null };
}

export function errorClass(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** The place of a failure without its message: the first lines of the stack that name code. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return '';
  const frames = error.stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, 4)
    .map((line) => line.trim())
    .join(' < ');
}
