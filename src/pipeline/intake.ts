import type { DecodeFault, Decoded, Decoder } from '../decode/port';
import type { Result } from '../domain/result';
import { err } from '../domain/result';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Source, SourceRecord } from '../source/port';
import { errorClass, handlerFailed, placeOf, tooLarge } from './dead-letter';
import { createItem, dequeue, enqueue, type Item, type Partition, queuedRecords } from './in-flight';
import { pauseMs } from './retry';
import type { Timers } from './timers';

/** A record is tried this often before a bug of ours makes it a dead letter. */
export const HANDLER_TRIES = 3;

/**
 * Between source and stages: takes records in without delay, decodes them in offset order. Partitions take turns record
 * by record, since what is decoded first is judged first: behind a backlog every partition would wait for those before it.
 */
export interface Intake {
  /** Queues records of one partition; those at or below what was received before are skipped. Returns how many were. */
  receive(partition: Partition, records: readonly SourceRecord[]): number;
  /** Goes on with partitions that had to wait. */
  wake(): void;
  /** Takes nothing further out of the queues. */
  close(): void;
}

export interface IntakeDeps {
  readonly decoder: Decoder;
  readonly source: Pick<Source, 'pause' | 'resume'>;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxRecordBytes: number;
  readonly backoff: { readonly firstMs: number; readonly maxMs: number };
  readonly owned: () => Iterable<Partition>;
  readonly fetchingRests: () => boolean;
  /** The ledger has the item's line from an earlier life. */
  readonly onWritten: (item: Item) => void;
  readonly onDecoded: (item: Item, decoded: Result<Decoded, DecodeFault>) => void;
}

/** How long the event loop may be kept. */
const TURN_MS = 10;

export function createIntake(deps: IntakeDeps): Intake {
  const { decoder, source, timers, clock, logger, maxRecordBytes, backoff, owned, onDecoded, onWritten } = deps;
  let scheduled = false;
  let closed = false;
  const retries = new Set<() => void>();

  const schedule = (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    setImmediate(turn);
  };

  const turn = (): void => {
    scheduled = false;
    const until = clock.monotonicMs() + TURN_MS;
    for (let more = true; more && !closed;) {
      more = false;
      for (const partition of owned()) {
        if (decodeNext(partition)) more = true;
      }
      if (more && clock.monotonicMs() >= until) {
        schedule();
        return;
      }
    }
  };

  /** True when there is more to decode at once. */
  const decodeNext = (partition: Partition): boolean => {
    if (partition.decoding || closed) return false;
    const item = dequeue(partition);
    if (item === null) return false;
    if (isWritten(item)) onWritten(item);
    else decode(item);
    return !partition.decoding && queuedRecords(partition) > 0;
  };

  const isWritten = ({ partition, offset }: Item): boolean => {
    if (partition.written === null) return false;
    if (offset > partition.written.highest) partition.written = null;
    return partition.written?.has(offset) === true;
  };

  const decode = (item: Item, triesBefore = 0): void => {
    const record = item.record;
    if (record === null) return;
    const size = record.value === null ? 0 : record.value.length;
    if (size > maxRecordBytes) {
      onDecoded(item, err(tooLarge(size, maxRecordBytes)));
      return;
    }
    let tries = triesBefore;
    for (;;) {
      try {
        const decoded = decoder.decode(record);
        if (decoded instanceof Promise) awaitSchema(item, decoded, tries);
        else decodedNow(item, decoded);
        return;
      } catch (failure) {
        if (isRegistryOutage(failure)) {
          holdPartition(item);
          return;
        }
        tries += 1;
        if (tries >= HANDLER_TRIES) {
          decodedNow(item, decoderBug(item, failure));
          return;
        }
      }
    }
  };

  const decodedNow = (item: Item, decoded: Result<Decoded, DecodeFault>): void => {
    const { partition } = item;
    partition.decoding = false;
    partition.waitingForSchema = null;
    if (partition.schemaFailures > 0) {
      partition.schemaFailures = 0;
      logger.info({ partition: partition.key }, 'the schema registry answers again');
      if (!deps.fetchingRests()) source.resume([partition]);
    }
    onDecoded(item, decoded);
  };

  const awaitSchema = (item: Item, decoding: Promise<Result<Decoded, DecodeFault>>, tries: number): void => {
    const { partition } = item;
    partition.decoding = true;
    partition.waitingForSchema = item;
    decoding
      .then(
        (decoded) => {
          if (!isOver(item)) decodedNow(item, decoded);
        },
        (failure: unknown) => {
          if (isOver(item)) return;
          if (isRegistryOutage(failure)) holdPartition(item);
          else if (tries + 1 < HANDLER_TRIES) decode(item, tries + 1);
          else decodedNow(item, decoderBug(item, failure));
        },
      )
      .finally(schedule);
  };

  /** The record is not at fault, and those behind it must not overtake it; other partitions go on. */
  const holdPartition = (item: Item): void => {
    const { partition } = item;
    partition.decoding = true;
    partition.waitingForSchema = item;
    if (partition.schemaFailures === 0) {
      logger.warn({ partition: partition.key }, 'the schema registry cannot be reached, the partition waits');
      source.pause([partition]);
    }
    const cancel = timers.after(pauseMs(partition.schemaFailures, backoff.firstMs, backoff.maxMs), () => {
      retries.delete(cancel);
      if (isOver(item)) return;
      decode(item);
      schedule();
    });
    retries.add(cancel);
    partition.schemaFailures += 1;
  };

  const isOver = (item: Item): boolean => closed || item.partition.lost || item.stage === 'gone';

  const decoderBug = (item: Item, failure: unknown): Result<Decoded, DecodeFault> => {
    const { key } = item.partition;
    const { offset } = item;
    logger.error({ partition: key, offset, error: errorClass(failure), at: placeOf(failure) }, 'decoder failed');
    return err(handlerFailed(failure, HANDLER_TRIES));
  };

  return {
    receive(partition, records) {
      let skipped = 0;
      for (const record of records) {
        if (record.offset <= partition.received) skipped += 1;
        else enqueue(partition, createItem(partition, record));
      }
      if (skipped < records.length) schedule();
      return skipped;
    },
    wake: schedule,
    close() {
      closed = true;
      for (const cancel of retries) cancel();
      retries.clear();
    },
  };
}

/** By code, not by class: errors cross package borders. */
function isRegistryOutage(failure: unknown): boolean {
  return (
    typeof failure === 'object' &&
    failure !== null &&
    'code' in failure &&
    failure.code === 'SCHEMA_REGISTRY_UNAVAILABLE'
  );
}
