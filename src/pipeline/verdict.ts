import type { RecordOutcome } from '../domain/accounting';
import type { CheckResult } from '../domain/check';
import type { SourceCoordinates } from '../domain/coordinates';
import type { Interaction } from '../domain/interaction';
import type { EpochMs } from '../domain/time';
import type {
  CriterionVerdict,
  DecisionStep,
  RedactionCount,
  SamplingDecision,
  Verdict,
  Versions,
} from '../domain/verdict';
import type { Judging } from '../judge/cascade-port';
import type { Retain } from '../privacy/retention';

export interface VerdictParts {
  readonly verdictId: string;
  readonly source: SourceCoordinates;
  readonly scoredAt: EpochMs;
  /** Redacted. */
  readonly interaction: Interaction;
  readonly redactions: readonly RedactionCount[];
  readonly checks: readonly CheckResult[];
  readonly checksMs: number;
  readonly sampling: SamplingDecision;
  readonly judging: Judging;
  readonly versions: Versions;
  readonly retain: Retain;
}

/** The detailed record of one attempt at one interaction. */
export function toVerdict(parts: VerdictParts): Verdict {
  const { interaction, judging } = parts;
  const outcome = outcomeOf(judging.criteria);
  return {
    verdictId: parts.verdictId,
    interactionId: interaction.interactionId,
    conversationId: interaction.conversationId,
    turnIndex: interaction.turnIndex,
    source: parts.source,
    occurredAt: interaction.occurredAt,
    scoredAt: parts.scoredAt,
    outcome,
    sampling: parts.sampling,
    checks: parts.checks,
    criteria: judging.criteria,
    trail: [checksStep(parts.checks, parts.checksMs), samplingStep(parts.sampling), ...judging.trail],
    redactions: parts.redactions,
    costUsd: judging.costUsd,
    versions: parts.versions,
    ...parts.retain(interaction, isEvidence(parts.checks, outcome)),
  };
}

/** Something to show the interaction for. */
function isEvidence(checks: readonly CheckResult[], outcome: RecordOutcome): boolean {
  if (outcome === 'judged') return true;
  for (const { result } of checks) if (result === 'fail') return true;
  return false;
}

/**
 * The record level follows from the criterion level, so the two can never disagree: judged if and only if at least one
 * criterion was scored or should have been.
 */
export function outcomeOf(criteria: readonly CriterionVerdict[]): RecordOutcome {
  for (const { result } of criteria) {
    if (result === 'scored' || result === 'unjudged') return 'judged';
  }
  return 'checked_only';
}

function checksStep(checks: readonly CheckResult[], ms: number): DecisionStep {
  let failed = '';
  for (const { check, result } of checks) {
    if (result === 'fail') failed = failed === '' ? check : `${failed}, ${check}`;
  }
  const chose = failed === '' ? 'pass' : 'fail';
  const why = failed === '' ? `${checks.length} checks, none failed` : `failed: ${failed}`;
  return { stage: 'checks', chose, why, probability: null, costUsd: 0, ms };
}

function samplingStep({ sampled, probability, cell }: SamplingDecision): DecisionStep {
  return { stage: 'sampling', chose: sampled ? 'judge' : 'skip', why: `cell ${cell}`, probability, costUsd: 0, ms: 0 };
}
