import type { UnjudgedReason } from '../../../src/domain/accounting';
import type { CriterionVerdict, JudgeAnswer, SamplingDecision, Verdict, Versions } from '../../../src/domain/verdict';
import type { Judging } from '../../../src/judge/cascade-port';
import { BUILT_AT } from './interaction';

export const BUILT_VERSIONS: Versions = { config: 'cfg-1', policy: 1, rubrics: 'rub-1', prompt: 'prm-1' };

export function buildSampling(overrides: Partial<SamplingDecision> = {}): SamplingDecision {
  return { sampled: true, probability: 1, upstreamProbability: 1, cell: 'default', ...overrides };
}

export function buildJudgeAnswer(overrides: Partial<JudgeAnswer> = {}): JudgeAnswer {
  return {
    judge: 'cheap-1',
    family: 'north',
    outcome: 'scored',
    score: 0.9,
    writtenScore: null,
    confidence: 0.8,
    rationale: 'answers the question',
    inputTokens: 200,
    outputTokens: 30,
    costUsd: 0.0001,
    ms: 300,
    attempts: 1,
    reportedVersion: null,
    ...overrides,
  };
}

/** A criterion scored by the cheap judge alone, not escalated. */
export function buildCriterionVerdict(overrides: Partial<CriterionVerdict> = {}): CriterionVerdict {
  return {
    criterion: 'helpful',
    result: 'scored',
    unjudgedReason: null,
    panel: 'cheap-1>ens-a+ens-b+ens-c/mean',
    cheap: [buildJudgeAnswer()],
    escalation: { escalated: false, reason: null, probability: 0.1 },
    ensemble: [],
    combined: null,
    score: 0.9,
    pass: true,
    prediction: null,
    estimatorValue: 0.9,
    ...overrides,
  };
}

/** The same criterion escalated: the cheap judge said `cheap`, the ensemble `ensemble`, with probability `pi`. */
export function buildEscalatedVerdict(
  cheap: number,
  ensemble: number,
  pi: number,
  overrides: Partial<CriterionVerdict> = {},
): CriterionVerdict {
  return buildCriterionVerdict({
    cheap: [buildJudgeAnswer({ score: cheap })],
    escalation: { escalated: true, reason: pi === 1 ? 'borderline' : 'audit', probability: pi },
    ensemble: ['ens-a', 'ens-b', 'ens-c'].map((judge) => buildJudgeAnswer({ judge, score: ensemble })),
    combined: {
      score: ensemble,
      method: 'mean',
      disagreement: 0,
      outlierJudge: null,
      quorum: 3,
      degraded: false,
      independent: true,
    },
    score: ensemble,
    pass: ensemble >= 0.5,
    prediction: null,
    estimatorValue: cheap + (ensemble - cheap) / pi,
    ...overrides,
  });
}

export function buildUnjudgedVerdict(
  reason: UnjudgedReason,
  overrides: Partial<CriterionVerdict> = {},
): CriterionVerdict {
  return buildCriterionVerdict({
    result: 'unjudged',
    unjudgedReason: reason,
    cheap: [buildJudgeAnswer({ outcome: reason, score: null, confidence: null })],
    escalation: null,
    score: null,
    pass: null,
    prediction: null,
    estimatorValue: null,
    ...overrides,
  });
}

export function buildNotSampledVerdict(criterion = 'helpful'): CriterionVerdict {
  return buildCriterionVerdict({
    criterion,
    result: 'not_sampled',
    panel: null,
    cheap: [],
    escalation: null,
    score: null,
    pass: null,
    prediction: null,
    estimatorValue: null,
  });
}

export function buildNotApplicableVerdict(criterion = 'helpful'): CriterionVerdict {
  return { ...buildNotSampledVerdict(criterion), result: 'not_applicable' };
}

export function buildJudging(criteria: readonly CriterionVerdict[], overrides: Partial<Judging> = {}): Judging {
  return { criteria, trail: [], costUsd: 0.0001, ...overrides };
}

export function buildVerdict(overrides: Partial<Verdict> = {}): Verdict {
  return {
    verdictId: 'v-1',
    interactionId: 'i-1',
    conversationId: 'c-1',
    turnIndex: 0,
    source: { topic: 'llm.interactions', partition: 0, offset: 0n },
    occurredAt: BUILT_AT,
    scoredAt: BUILT_AT + 2000,
    outcome: 'judged',
    sampling: buildSampling(),
    checks: [],
    criteria: [buildCriterionVerdict()],
    trail: [],
    redactions: [],
    costUsd: 0.0001,
    versions: BUILT_VERSIONS,
    interaction: null,
    sealed: null,
    ...overrides,
  };
}
