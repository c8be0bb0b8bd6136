import { createGatedCascade, tellingChecks } from '../../../../src/compose/cascade/gated';
import type { Cascade, JudgingRequest } from '../../../../src/judge/cascade-port';
import { criterionOptions, type CriterionOptions } from '../../../../src/judge/options';
import { unasked } from '../../../../src/judge/settle';
import { INITIAL_POLICY } from '../../../../src/policy/policy';
import { buildInteraction } from '../../../support/builders/interaction';

const criterion = (name: string): CriterionOptions => criterionOptions.parse({ name, rubric: 'Is it so?' });
const CRITERIA = [criterion('helpful'), criterion('self_contradiction'), criterion('safe')];

function gatedWith(asked: { criteria: string[]; failedChecks: readonly string[] }[]): Cascade {
  return createGatedCascade({
    criteria: CRITERIA,
    criteriaAfter: { self_contradiction: ['self_contradiction', 'refusal'] },
    escalateOn: ['self_contradiction'],
    create: (criteria) => ({
      notSampled: () => ({ criteria: criteria.map(({ name }) => unasked(name, 'not_sampled')), trail: [], costUsd: 0 }),
      judge: ({ failedChecks }) => {
        asked.push({ criteria: criteria.map(({ name }) => name), failedChecks });
        return Promise.resolve({
          criteria: criteria.map(({ name }) => ({ ...unasked(name, 'unjudged'), result: 'scored' as const })),
          trail: [],
          costUsd: 1,
        });
      },
    }),
  });
}

const request = (failedChecks: readonly string[]): JudgingRequest => ({
  interaction: buildInteraction(),
  sampling: {
    sampled: true,
    probability: 1,
    upstreamProbability: 1,
    cell: null,
    draw: 0,
  } as unknown as JudgingRequest['sampling'],
  failedChecks,
  policy: INITIAL_POLICY,
  signal: new AbortController().signal,
});

describe('a criterion behind a check', () => {
  it('is not applicable where the check passed, and keeps its place', async () => {
    const asked: { criteria: string[]; failedChecks: readonly string[] }[] = [];
    const { criteria } = await gatedWith(asked).judge(request([]));
    expect(criteria.map((verdict) => [verdict.criterion, verdict.result])).toEqual([
      ['helpful', 'scored'],
      ['self_contradiction', 'not_applicable'],
      ['safe', 'scored'],
    ]);
    expect(asked).toEqual([{ criteria: ['helpful', 'safe'], failedChecks: [] }]);
  });

  it('is judged where one of its checks failed; a check that only opens the gate does not escalate', async () => {
    const asked: { criteria: string[]; failedChecks: readonly string[] }[] = [];
    const gated = gatedWith(asked);
    await gated.judge(request(['refusal']));
    await gated.judge(request(['self_contradiction']));
    expect(asked.map(({ criteria }) => criteria.length)).toEqual([3, 3]);
    expect(asked.map(({ failedChecks }) => failedChecks)).toEqual([[], ['self_contradiction']]);
  });

  it('is told of the checks that open its gate', () => {
    expect(tellingChecks(['non_empty'], { a: ['refusal', 'non_empty'] })).toEqual(['non_empty', 'refusal']);
  });
});
