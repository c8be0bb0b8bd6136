import type { DeadLetterReason } from '../domain/accounting';
import type { Behaviour } from '../domain/behaviour';
import type { CheckResult } from '../domain/check';
import type { SourceCoordinates } from '../domain/coordinates';
import type { Interaction } from '../domain/interaction';
import type {
  BehaviourRecord,
  OutcomeCheck,
  OutcomeCriterion,
  OutcomeItem,
  OutcomeRecord,
  TurnSignals,
} from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import type { CriterionVerdict, JudgeAnswer, Verdict } from '../domain/verdict';

/** The ledger line of a scored interaction: what the verdict says, without any text. */
export function toScoredOutcome(
  verdict: Verdict,
  interaction: Interaction,
  signals: TurnSignals,
  recordedAt: EpochMs,
): OutcomeRecord {
  return {
    kind: 'outcome',
    source: verdict.source,
    recordedAt,
    outcome: verdict.outcome,
    deadLetterReason: null,
    item: toItem(verdict, interaction, signals),
  };
}

/** The line of an offset that has no interaction of its own: filtered out, or a second copy of one already scored. */
export function toItemlessOutcome(
  source: SourceCoordinates,
  outcome: 'filtered' | 'duplicate',
  recordedAt: EpochMs,
): OutcomeRecord {
  return { kind: 'outcome', source, recordedAt, outcome, deadLetterReason: null, item: null };
}

export function toDeadLetterOutcome(
  source: SourceCoordinates,
  reason: DeadLetterReason,
  recordedAt: EpochMs,
): OutcomeRecord {
  return { kind: 'outcome', source, recordedAt, outcome: 'dead_lettered', deadLetterReason: reason, item: null };
}

export function toBehaviourRecord(
  source: SourceCoordinates,
  behaviour: Behaviour,
  recordedAt: EpochMs,
): BehaviourRecord {
  return { kind: 'behaviour', source, recordedAt, behaviour };
}

function toItem(verdict: Verdict, interaction: Interaction, signals: TurnSignals): OutcomeItem {
  const { producer, usage } = interaction;
  return {
    verdictId: verdict.verdictId,
    interactionId: verdict.interactionId,
    conversationId: verdict.conversationId,
    conversationKnown: interaction.conversationKnown,
    turnIndex: verdict.turnIndex,
    userHash: interaction.userHash,
    occurredAt: verdict.occurredAt,
    segments: interaction.segments,
    producerProvider: producer.provider,
    producerModel: producer.model,
    producerRoute: producer.route,
    producerRelease: producer.release,
    configHash: verdict.versions.config,
    policyVersion: verdict.versions.policy,
    sampled: verdict.sampling.sampled,
    inclusionProbability: verdict.sampling.probability,
    upstreamProbability: verdict.sampling.upstreamProbability,
    costUsd: verdict.costUsd,
    latencyMs: usage.latencyMs,
    ttftMs: usage.ttftMs,
    checks: verdict.checks.map(toOutcomeCheck),
    criteria: verdict.criteria.map(toOutcomeCriterion),
    signals,
  };
}

function toOutcomeCheck({ check, result }: CheckResult): OutcomeCheck {
  return { check, result };
}

/** One criterion as the estimators need it; an escalation for which only the audit spoke has the reason `audit`. */
export function toOutcomeCriterion(verdict: CriterionVerdict): OutcomeCriterion {
  const { escalation, combined } = verdict;
  const escalated = escalation !== null && escalation.escalated;
  return {
    criterion: verdict.criterion,
    result: verdict.result,
    unjudgedReason: verdict.unjudgedReason,
    panel: verdict.panel,
    independent: isIndependent(verdict),
    cheapScore: cheapScoreOf(verdict, escalated),
    escalated,
    escalationReason: escalated ? (escalation.reason ?? 'audit') : null,
    escalationProbability: escalation === null ? null : escalation.probability,
    ensembleScore: escalated && verdict.result === 'scored' && combined !== null ? combined.score : null,
    pass: verdict.pass,
    estimatorValue: verdict.estimatorValue,
    disagreement: combined === null ? null : combined.disagreement,
  };
}

/** Without a combined score the panel's name tells: judges of the producer's own family make it end in `~own`. */
function isIndependent({ combined, panel }: CriterionVerdict): boolean {
  return combined === null ? panel === null || !panel.endsWith('~own') : combined.independent;
}

/** What a learned rule foretold; where the cheap stage has the last word its combined score; else the mean of its answers. */
function cheapScoreOf(verdict: CriterionVerdict, escalated: boolean): number | null {
  if (verdict.prediction !== null) return verdict.prediction;
  if (!escalated && verdict.score !== null) return verdict.score;
  return meanScore(verdict.cheap);
}

function meanScore(answers: readonly JudgeAnswer[]): number | null {
  let total = 0;
  let answered = 0;
  for (const { score } of answers) {
    if (score === null) continue;
    total += score;
    answered += 1;
  }
  return answered === 0 ? null : total / answered;
}
