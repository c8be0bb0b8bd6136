import type { CheckResult } from '../domain/check';
import type { DeadLetter } from '../domain/dead-letter';
import type { Interaction } from '../domain/interaction';
import type { BehaviourRecord, OutcomeRecord } from '../domain/ledger-record';
import type { Verdict } from '../domain/verdict';

/** Takes verdicts; resolves when they are durable. */
export interface VerdictSink {
  publish(verdicts: readonly Verdict[]): Promise<void>;
  close(): Promise<void>;
}

export interface DeadLetterSink {
  publish(letters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

/** What the pipeline tells the metrics. Called on the hot path: must be synchronous and cheap. */
export interface PipelineListener {
  /** A record's effective line is in the ledger. `traceId` links the exemplar. */
  recordDone(
    record: OutcomeRecord | BehaviourRecord,
    verdict: Verdict | null,
    delayMs: number,
    traceId: string | null,
  ): void;
  /** An interaction was checked; again where a crash has it read again. Redacted. */
  answered(interaction: Interaction, checks: readonly CheckResult[]): void;
  inflight(bytes: number, records: number): void;
}
