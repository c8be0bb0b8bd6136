import type { Check } from '../checks/port';
import type { Decoder } from '../decode/port';
import type { Interaction } from '../domain/interaction';
import type { TurnSignals } from '../domain/ledger-record';
import type { Versions } from '../domain/verdict';
import type { Cascade, Sampler } from '../judge/cascade-port';
import type { TopicPartition } from '../domain/coordinates';
import type { LedgerWriter, WrittenOffsets } from '../ledger/port';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Observer } from '../platform/observer';
import type { Policy } from '../policy/policy';
import type { Redactor } from '../privacy/port';
import type { Retain } from '../privacy/retention';
import type { WindowOptions } from '../source/options';
import type { Source } from '../source/port';
import type { DeadLetterSink, PipelineListener, VerdictSink } from './ports';
import type { Timers } from './timers';

/** Everything the score pipeline is made of; it opens and closes none of it but the source. */
export interface PipelineDeps {
  readonly source: Source;
  readonly decoder: Decoder;
  readonly redactor: Redactor;
  readonly checks: readonly Check[];
  /** Names of checks whose failure sends an item to the ensemble. */
  readonly escalateOn: readonly string[];
  /** What the turn says about the user; sees the redacted interaction. */
  readonly signals: (interaction: Interaction) => TurnSignals;
  readonly sampler: Sampler;
  readonly cascade: Cascade;
  readonly policy: () => Policy;
  readonly verdicts: VerdictSink;
  readonly deadLetters: DeadLetterSink;
  readonly ledger: LedgerWriter;
  /**
   * What the ledger holds of a partition that has just been assigned, as far as can be told now. Those records were paid
   * for by a process that died before it could commit them, and are passed over. Only money depends on it: without it
   * they are judged again, and the first line still wins.
   */
  readonly written?: (at: TopicPartition) => Promise<WrittenOffsets>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly observer: Observer;
  readonly listener: PipelineListener;
  /** Stamped on every verdict, beside the version of the policy it was made under. */
  readonly versions: Omit<Versions, 'policy'>;
  readonly options: PipelineOptions;
  /** A new verdict id; random per attempt, e.g. a UUID. */
  readonly randomId: () => string;
  /** Told once when a drain begins: whom a judge has not been asked about from here on is answered `deadline`. */
  readonly onLeaving: () => void;
}

/** What a new configuration may change while the pipeline runs. */
export type StageDeps = Pick<
  PipelineDeps,
  'redactor' | 'checks' | 'escalateOn' | 'sampler' | 'cascade' | 'versions'
> & { readonly options: PipelineOptions };

export interface PipelineOptions {
  readonly window: WindowOptions;
  /** Conversations judged at the same time. */
  readonly concurrency: number;
  /** Longest time from fetch to verdict of one item, ms; what has no score by then is `unjudged: deadline`. */
  readonly itemDeadlineMs: number;
  /** Default 1000. Between two markers, ms; also the longest time a finished offset stays uncommitted. */
  readonly markerIntervalMs?: number;
  /** What verdicts carry of the redacted interaction. */
  readonly retain: Retain;
  /** A larger value is dead-lettered as `too_large` without being decoded, bytes. */
  readonly maxRecordBytes: number;
  /** Default 100000. Interaction ids remembered to spare judge calls for producer duplicates. */
  readonly recentIds?: number;
  /** Default 500. Most records in one publication. */
  readonly batchRecords?: number;
  /** Defaults 100 and 10000. First and longest pause before a failed publication, marker or registry is tried again. */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

export interface Pipeline {
  /** Joins the source; resolves when the source has started. Rejects with the source's error. */
  start(): Promise<void>;
  /** What is begun from now on goes through these stages; what has begun ends as it began. The window, the number of lanes and the deadline stay. */
  reconfigure(stages: StageDeps): void;
  /**
   * Stops fetching and begins no call to a judge; what the calls in flight complete is finished, the rest is given back or,
   * at the deadline, abandoned; writes the last marker and commits it.
   * Single flight. Rejects (MonitorError DRAIN_FAILED) when the last marker or commit could not be written by then.
   */
  drain(deadlineMs: number): Promise<DrainReport>;
  /** Ends at once: aborts judge calls, publishes nothing more, leaves the source. What is in flight is replayed. */
  stop(): Promise<void>;
  state(): PipelineState;
  /**
   * Resolves when all input of a finite source is done with its final marker, or after a drain or stop; rejects with
   * the error that makes going on impossible.
   */
  readonly finished: Promise<void>;
}

export interface DrainReport {
  /** Records whose effective line was written while draining. */
  readonly completed: number;
  /** Records given up at the deadline while a judge was at them; not committed, so they are read and paid for again. */
  readonly abandoned: number;
  /** Records handed back before any judge was asked; not committed, so they are read again at no cost. */
  readonly returned: number;
}

export interface PipelineState {
  readonly status: 'idle' | 'running' | 'draining' | 'stopped' | 'failed';
  /** Why nothing moves or it has failed; empty when all is well. */
  readonly reason: string;
  readonly inflightRecords: number;
  readonly inflightBytes: number;
  /** Partitions held back, as `topic/partition`, because a record's schema cannot be had at present. */
  readonly waitingForSchema: readonly string[];
  /** Records whose effective line is in the ledger since start. */
  readonly recordsDone: number;
  /** Deliveries skipped because the offset was in flight or done already. */
  readonly redeliveredSkipped: number;
  /** Deliveries passed over because the ledger had their line already. */
  readonly writtenSkipped: number;
  /** Results thrown away because their partition had been lost. */
  readonly revokedInflight: number;
  /** Wall time of the last progress: a record done or a marker with nothing left to do. Null before the first. */
  readonly lastProgressAt: number | null;
  /** Monotonic milliseconds for which records have been in flight and none was done; 0 with none in flight. */
  readonly quietMs: number;
}
