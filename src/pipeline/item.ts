import type { DeadLetter } from '../domain/dead-letter';
import type { BehaviourRecord, OutcomeRecord } from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import type { Verdict } from '../domain/verdict';
import type { ActiveSpan } from '../platform/observer';
import type { SourceRecord } from '../source/port';
import type { Partition } from './partition';

/** One source record on its way; one object per record, filled in as it goes, so that the hot path makes no others. */
export interface Item {
  readonly partition: Partition;
  readonly offset: bigint;
  readonly sizeBytes: number;
  readonly timestamp: EpochMs;
  /** Dropped as soon as the result is known. */
  record: SourceRecord | null;
  stage: ItemStage;
  /** Set once the id is claimed in the table of recent ids, until it is settled or released. */
  claimedId: string | null;
  /** Largest possible contribution to the partition's event time; null for records without an event. */
  eventTime: EpochMs | null;
  span: ActiveSpan | null;
  traceId: string | null;
  /** Present while a judge may be asked. */
  abort: AbortController | null;
  verdict: Verdict | null;
  deadLetter: DeadLetter | null;
  line: OutcomeRecord | BehaviourRecord | null;
}

/** `gone`: its line is durable, or it was given up; either way it weighs nothing any more. */
export type ItemStage = 'queued' | 'judging' | 'publishing' | 'gone';

export function createItem(partition: Partition, record: SourceRecord): Item {
  return {
    partition,
    offset: record.offset,
    sizeBytes: record.sizeBytes,
    timestamp: record.timestamp,
    record,
    stage: 'queued',
    claimedId: null,
    eventTime: null,
    span: null,
    traceId: null,
    abort: null,
    verdict: null,
    deadLetter: null,
    line: null,
  };
}
