import type { CriterionResult, EscalationReason, RecordOutcome, UnjudgedReason } from './accounting';
import type { CheckResult } from './check';
import type { SourceCoordinates } from './coordinates';
import type { Interaction } from './interaction';
import type { EpochMs } from './time';

/** Everything seen and decided about one interaction; the detailed record behind every number. */
export interface Verdict {
  /** Random per attempt; the ledger names the winning one. */
  readonly verdictId: string;
  readonly interactionId: string;
  readonly conversationId: string;
  readonly turnIndex: number;
  readonly source: SourceCoordinates;
  readonly occurredAt: EpochMs;
  readonly scoredAt: EpochMs;
  readonly outcome: RecordOutcome;
  readonly sampling: SamplingDecision;
  readonly checks: readonly CheckResult[];
  readonly criteria: readonly CriterionVerdict[];
  readonly trail: readonly DecisionStep[];
  readonly redactions: readonly RedactionCount[];
  readonly costUsd: number;
  readonly versions: Versions;
  /** The redacted interaction; null where `privacy.retain` does not keep it, or keeps it sealed. */
  readonly interaction: Interaction | null;
  /** The redacted interaction under a key of the operator's (`privacy.keyEnv`), base64; null where it is not kept so. */
  readonly sealed: string | null;
}

export interface SamplingDecision {
  readonly sampled: boolean;
  /** Probability with which this interaction's conversation is judged, given that it reached us. In (0, 1]; 0 = never. */
  readonly probability: number;
  /** The producer's own sampling probability, in (0, 1]. */
  readonly upstreamProbability: number;
  readonly cell: string;
}

export interface CriterionVerdict {
  readonly criterion: string;
  readonly result: CriterionResult;
  readonly unjudgedReason: UnjudgedReason | null;
  /** The series key's part that names the judges which made the value (cheap panel, ensemble panel, method). */
  readonly panel: string | null;
  readonly cheap: readonly JudgeAnswer[];
  readonly escalation: Escalation | null;
  readonly ensemble: readonly JudgeAnswer[];
  readonly combined: Combined | null;
  /** The score the product reports for this item: the ensemble's when escalated, else the cheap judge's. In [0, 1]. */
  readonly score: number | null;
  readonly pass: boolean | null;
  /**
   * What a learned rule foretold of the ensemble's score before a draw decided whether to ask all of it, in [0, 1]; it
   * then stands for the cheap score in the estimate. Null where no rule was used.
   */
  readonly prediction: number | null;
  /** AIPW pseudo-outcome; may lie outside [0, 1]. Null unless scored. */
  readonly estimatorValue: number | null;
}

/** The routing decision of one criterion; present whenever a cheap stage ran. */
export interface Escalation {
  readonly escalated: boolean;
  /** The strongest reason that applies to this item, also when the draw then went against it; null = only the audit. */
  readonly reason: EscalationReason | null;
  /** The probability with which this item is escalated, fixed before the draw; in [audit floor, 1]. */
  readonly probability: number;
}

export type JudgeOutcome = 'scored' | 'not_applicable' | UnjudgedReason;

export interface JudgeAnswer {
  readonly judge: string;
  readonly family: string;
  readonly outcome: JudgeOutcome;
  /** Probability of a pass in the judge's view, in [0, 1]; null unless `outcome` is `scored`. */
  readonly score: number | null;
  /** The score as the judge wrote it, where `score` is the expectation over its token probabilities; else null. */
  readonly writtenScore: number | null;
  /** In [0, 1]; how sure the judge says it is of its own verdict. */
  readonly confidence: number | null;
  readonly rationale: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly ms: number;
  readonly attempts: number;
  /** The model version the provider says answered; null when it did not say. */
  readonly reportedVersion: string | null;
}

export interface Combined {
  readonly score: number;
  readonly method: 'mean' | 'median' | 'majority' | 'single' | 'weighted';
  /** Standard deviation of the members' scores times 2, so in [0, 1]. */
  readonly disagreement: number;
  readonly outlierJudge: string | null;
  /** Members that answered. */
  readonly quorum: number;
  /** True when a member of the panel is missing. */
  readonly degraded: boolean;
  /** False when a judge shares the family of the model it judged. */
  readonly independent: boolean;
}

/** One step of the decision: what it saw, chose and why. */
export interface DecisionStep {
  readonly stage: 'checks' | 'sampling' | 'cheap' | 'route' | 'ensemble' | 'combine';
  readonly chose: string;
  readonly why: string;
  readonly probability: number | null;
  readonly costUsd: number;
  readonly ms: number;
}

export interface RedactionCount {
  readonly kind: string;
  readonly count: number;
}

/** What lies behind each hash is kept as long as a verdict names it. */
export interface Versions {
  readonly config: string;
  readonly policy: number;
  readonly rubrics: string;
  readonly prompt: string;
}
