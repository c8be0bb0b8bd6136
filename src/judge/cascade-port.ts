import type { CheckResult } from '../domain/check';
import type { SourceCoordinates } from '../domain/coordinates';
import type { Interaction } from '../domain/interaction';
import type { CriterionVerdict, DecisionStep, JudgeOutcome, SamplingDecision } from '../domain/verdict';
import type { Policy } from '../policy/policy';

export interface JudgingRequest {
  /** Where the item came from: its partition's lease pays. Absent for items that did not come from a source. */
  readonly source?: SourceCoordinates;
  /** Redacted. */
  readonly interaction: Interaction;
  readonly sampling: SamplingDecision;
  /** Names of failed checks that escalate. */
  readonly failedChecks: readonly string[];
  /** What all checks found; learned weights may rest on some. Default: nothing. */
  readonly checks?: readonly CheckResult[];
  readonly policy: Policy;
  /** True = the verdict cache is bypassed (rule 8). Default false. */
  readonly fresh?: boolean;
  /** Aborts at the item's deadline: what has no score by then is `unjudged: deadline`. */
  readonly signal: AbortSignal;
}

export interface Judging {
  /** One per configured criterion, in configuration order, whatever happened. */
  readonly criteria: readonly CriterionVerdict[];
  readonly trail: readonly DecisionStep[];
  readonly costUsd: number;
}

/** Cheap judge, route, ensemble, combine. Never rejects for what a judge does. */
export interface Cascade {
  judge(request: JudgingRequest): Promise<Judging>;
  /** The same shape for an interaction that is not sampled; synchronous. */
  notSampled(interaction: Interaction): Judging;
}

/** Deterministic by conversation: hash of salt, policy version and conversation id; never looks at content. */
export type Sampler = (interaction: Interaction, policy: Policy) => SamplingDecision;

export interface JudgeCallEvent {
  readonly judge: string;
  readonly family: string;
  /** The call's outcome after its content was read. */
  readonly outcome: JudgeOutcome;
  readonly ms: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly attempts: number;
}

export type JudgeCallListener = (event: JudgeCallEvent) => void;
