import type { CriterionVerdict, Verdict } from '../domain/verdict';
import type { Label } from '../domain/label';

/** One interaction in words. */
export interface Explanation {
  readonly interactionId: string;
  readonly conversationId: string;
  readonly occurredAt: number;
  /** How it came to be judged, or not. */
  readonly sampling: string;
  readonly checks: readonly string[];
  readonly criteria: readonly CriterionExplanation[];
  readonly labels: readonly string[];
  /** What it counts for in the estimates. */
  readonly moved: readonly string[];
  readonly costUsd: number;
  readonly versions: Verdict['versions'];
  /** False when the text is not kept by policy. */
  readonly hasText: boolean;
  readonly verdict: Verdict;
}

export interface CriterionExplanation {
  readonly criterion: string;
  readonly sentence: string;
  readonly route: string;
  readonly judges: readonly JudgeLine[];
}

export interface JudgeLine {
  readonly judge: string;
  readonly family: string;
  readonly stage: 'cheap' | 'ensemble';
  readonly outcome: string;
  readonly score: number | null;
  readonly rationale: string | null;
  readonly version: string | null;
}

const THRESHOLD = 0.5;

/** Explains a verdict of whatever configuration: everything comes from the verdict itself. Pure. */
export function explainVerdict(verdict: Verdict, labels: readonly Label[]): Explanation {
  return {
    interactionId: verdict.interactionId,
    conversationId: verdict.conversationId,
    occurredAt: verdict.occurredAt,
    sampling: samplingText(verdict),
    checks: verdict.checks
      .filter(({ result }) => result === 'fail')
      .map(({ check, version, detail }) => `${check} (v${version}) failed${detail === null ? '' : `: ${detail}`}`),
    criteria: verdict.criteria.map(explainCriterion),
    labels: labels.map(labelText),
    moved: verdict.criteria.flatMap(movedText),
    costUsd: verdict.costUsd,
    versions: verdict.versions,
    hasText: verdict.interaction !== null,
    verdict,
  };
}

function samplingText({ sampling }: Verdict): string {
  const { sampled, probability, upstreamProbability, cell } = sampling;
  const upstream = upstreamProbability === 1 ? '' : `; the producer kept it with probability ${upstreamProbability}`;
  return sampled
    ? `judged: conversations of cell ${cell} are with probability ${probability}${upstream}`
    : `not judged: conversations of cell ${cell} are with probability ${probability}${upstream}`;
}

function explainCriterion(one: CriterionVerdict): CriterionExplanation {
  const judges = [
    ...one.cheap.map((answer) => ({ ...answer, stage: 'cheap' as const })),
    ...one.ensemble.map((answer) => ({ ...answer, stage: 'ensemble' as const })),
  ].map(({ judge, family, stage, outcome, score, rationale, reportedVersion }) => ({
    judge,
    family,
    stage,
    outcome,
    score,
    rationale,
    version: reportedVersion,
  }));
  return { criterion: one.criterion, sentence: sentenceOf(one), route: routeText(one), judges };
}

function sentenceOf(one: CriterionVerdict): string {
  switch (one.result) {
    case 'not_sampled':
      return 'not judged: the conversation was not drawn';
    case 'not_applicable':
      return 'judged not applicable to this interaction';
    case 'unjudged':
      return `no score: ${one.unjudgedReason?.replaceAll('_', ' ') ?? 'error'}; it counts for nothing, not as a fail`;
    case 'scored': {
      const answers = (one.ensemble.length > 0 ? one.ensemble : one.cheap).filter(({ score }) => score !== null);
      const failing = answers.filter(({ score }) => score! < THRESHOLD).length;
      const score = one.score ?? 0;
      const verdict = one.pass === true ? 'pass' : 'fail';
      const split = one.combined === null ? '' : `, disagreement ${one.combined.disagreement.toFixed(2)}`;
      return `${verdict}: ${failing} of ${answers.length} judges failed it; probability of a pass ${score.toFixed(2)}, threshold ${THRESHOLD}${split}`;
    }
  }
}

function routeText({ escalation, ensemble, combined }: CriterionVerdict): string {
  if (escalation === null) return 'no cheap stage ran';
  const { escalated, reason, probability } = escalation;
  const why = reason === null ? 'the audit alone' : reason;
  const asked = `${ensemble.length} judges of other families asked`;
  const missing = combined?.degraded === true ? ', some did not answer' : '';
  return escalated
    ? `escalated for ${why} with probability ${probability.toFixed(2)}: ${asked}${missing}`
    : `kept at the cheap judge: it would have been escalated for ${why} with probability ${probability.toFixed(2)}`;
}

function movedText({ criterion, estimatorValue, escalation }: CriterionVerdict): string[] {
  if (estimatorValue === null) return [];
  const weight =
    escalation?.escalated === true
      ? `, the ensemble's correction weighted by 1/${escalation.probability.toFixed(2)}`
      : '';
  return [`${criterion}: enters the session's mean as ${estimatorValue.toFixed(3)}${weight}`];
}

function labelText({ criterion, outcome, value, rater, reason, comment }: Label): string {
  const said = outcome === 'labelled' ? `${value ?? ''}` : outcome.replaceAll('_', ' ');
  return `${criterion}: ${said} by ${rater.slice(0, 8)} (${reason})${comment === null ? '' : `: ${comment}`}`;
}
