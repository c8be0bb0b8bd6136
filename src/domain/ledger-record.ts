import { type Acknowledgement, acknowledgementKey } from './acknowledgement';
import { type Annotation, annotationKey } from './annotation';
import type { CriterionResult, DeadLetterReason, EscalationReason, RecordOutcome, UnjudgedReason } from './accounting';
import type { Behaviour } from './behaviour';
import type { CheckOutcome } from './check';
import type { PartitionPosition, SourceCoordinates } from './coordinates';
import { type GoldenAnswer, goldenKey } from './golden';
import { type Label, labelKey } from './label';
import type { EpochMs } from './time';

/** One line of the log of which all state is a fold. Compact: no text of any producer or user. */
export type LedgerRecord = OutcomeRecord | BehaviourRecord | MarkerRecord | ConfigRecord | KeyedRecord;

/** Records that come from no source offset: of those with one key the last counts, wherever and whenever written. */
export type KeyedRecord = LabelRecord | GoldenRecord | AnnotationRecord | AcknowledgementRecord;

/** What became of one source offset. The first record for an offset wins. */
export interface OutcomeRecord {
  readonly kind: 'outcome';
  readonly source: SourceCoordinates;
  /** Processing time at SCORE. */
  readonly recordedAt: EpochMs;
  readonly outcome: RecordOutcome;
  readonly deadLetterReason: DeadLetterReason | null;
  /**
   * Set where `source` is a dead letter that was read again on purpose (replay-of). Such a line takes the place of
   * `dead_lettered` and of no other outcome, and is counted apart.
   */
  readonly isReplay?: true;
  /** Null for outcomes without an interaction (filtered, dead_lettered). */
  readonly item: OutcomeItem | null;
}

export interface OutcomeItem {
  /** The winning verdict; readers of verdicts use only that one. */
  readonly verdictId: string;
  readonly interactionId: string;
  readonly conversationId: string;
  readonly conversationKnown: boolean;
  readonly turnIndex: number;
  readonly userHash: string | null;
  readonly occurredAt: EpochMs;
  readonly segments: Readonly<Record<string, string>>;
  readonly producerProvider: string;
  readonly producerModel: string;
  readonly producerRoute: 'primary' | 'failover';
  readonly producerRelease: string | null;
  readonly configHash: string;
  readonly policyVersion: number;
  readonly sampled: boolean;
  readonly inclusionProbability: number;
  readonly upstreamProbability: number;
  readonly costUsd: number;
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
  readonly checks: readonly OutcomeCheck[];
  readonly criteria: readonly OutcomeCriterion[];
  readonly signals: TurnSignals;
}

export interface OutcomeCheck {
  readonly check: string;
  readonly result: CheckOutcome;
}

export interface OutcomeCriterion {
  readonly criterion: string;
  readonly result: CriterionResult;
  readonly unjudgedReason: UnjudgedReason | null;
  readonly panel: string | null;
  readonly independent: boolean;
  /** Score of the cheap stage, in [0, 1]; null when it did not answer. */
  readonly cheapScore: number | null;
  readonly escalated: boolean;
  readonly escalationReason: EscalationReason | null;
  /** In [audit floor, 1]; null when no routing took place. */
  readonly escalationProbability: number | null;
  /** Score of the ensemble, in [0, 1]; null unless escalated and answered. */
  readonly ensembleScore: number | null;
  readonly pass: boolean | null;
  readonly estimatorValue: number | null;
  readonly disagreement: number | null;
}

/** What a turn says about the user, without its text; see `src/signals`. */
export interface TurnSignals {
  /** Lexical markers found in the user's last message, e.g. `negation`, `correction`, `complaint`. */
  readonly markers: readonly string[];
  /** UTF-16 code units of the user's last message and of the answer. */
  readonly userLength: number;
  readonly answerLength: number;
  /** 16-byte similarity sketch of the user's last message as 32 hex digits; empty when there is no user message. */
  readonly userSketch: string;
  /** ISO 639-1 guess of the user's language; null when unsure. */
  readonly language: string | null;
}

export interface BehaviourRecord {
  readonly kind: 'behaviour';
  readonly source: SourceCoordinates;
  /** As in an outcome record. */
  readonly isReplay?: true;
  readonly recordedAt: EpochMs;
  readonly behaviour: Behaviour;
}

/** Everything below each position has its effective record at or before this line of the ledger. */
export interface MarkerRecord {
  readonly kind: 'marker';
  /** Processing time; the fold's clock is the largest one seen. */
  readonly recordedAt: EpochMs;
  readonly positions: readonly MarkerPosition[];
  /** True on the last marker of a replay: closes what is open as censored. */
  readonly final: boolean;
}

export interface MarkerPosition extends PartitionPosition {
  /** Largest event time seen on the partition; null when none yet. */
  readonly eventTime: EpochMs | null;
  /** True when the partition had nothing to read at the time of the marker. */
  readonly idle: boolean;
}

/** The parameters under which the fold goes on from here. */
export interface ConfigRecord {
  readonly kind: 'config';
  readonly key: string;
  readonly recordedAt: EpochMs;
  readonly instance: string;
  readonly configHash: string;
  /** JSON text of WATCH's parameters. */
  readonly body: string;
}

/** What a person said of an interaction. */
export interface LabelRecord {
  readonly kind: 'label';
  readonly key: string;
  readonly recordedAt: EpochMs;
  readonly label: Label;
}

/** What a judge said of an item of a frozen set. */
export interface GoldenRecord {
  readonly kind: 'golden';
  readonly key: string;
  readonly recordedAt: EpochMs;
  readonly golden: GoldenAnswer;
}

/** What happened, as people or pipelines note it down. */
export interface AnnotationRecord {
  readonly kind: 'annotation';
  readonly key: string;
  readonly recordedAt: EpochMs;
  readonly annotation: Annotation;
}

/** What a person decided about an alert. */
export interface AcknowledgementRecord {
  readonly kind: 'acknowledgement';
  readonly key: string;
  readonly recordedAt: EpochMs;
  readonly acknowledgement: Acknowledgement;
}

export function labelRecord(label: Label, recordedAt: EpochMs): LabelRecord {
  return { kind: 'label', key: labelKey(label), recordedAt, label };
}

export function goldenRecord(golden: GoldenAnswer, recordedAt: EpochMs): GoldenRecord {
  return { kind: 'golden', key: goldenKey(golden), recordedAt, golden };
}

export function annotationRecord(annotation: Annotation, recordedAt: EpochMs): AnnotationRecord {
  return { kind: 'annotation', key: annotationKey(annotation), recordedAt, annotation };
}

export function acknowledgementRecord(acknowledgement: Acknowledgement, recordedAt: EpochMs): AcknowledgementRecord {
  return { kind: 'acknowledgement', key: acknowledgementKey(acknowledgement), recordedAt, acknowledgement };
}
