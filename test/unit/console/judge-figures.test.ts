import { judgeFigures } from '../../../src/console/judge-figures';
import type { Label } from '../../../src/domain/label';
import type { CriterionVerdict, JudgeAnswer, Verdict } from '../../../src/domain/verdict';

function answer(judge: string, score: number | null, part: Partial<JudgeAnswer> = {}): JudgeAnswer {
  return {
    judge,
    family: `family-${judge}`,
    outcome: score === null ? 'timeout' : 'scored',
    score,
    writtenScore: null,
    confidence: null,
    rationale: null,
    inputTokens: 1,
    outputTokens: 1,
    costUsd: 0.5,
    ms: 10,
    attempts: 1,
    reportedVersion: 'v1',
    ...part,
  };
}

function verdict(id: string, cheap: JudgeAnswer, ensemble: readonly JudgeAnswer[], score: number): Verdict {
  const criterion = {
    criterion: 'helpful',
    cheap: [cheap],
    ensemble,
    combined: ensemble.length === 0 ? null : { score, outlierJudge: 'c' },
  } as unknown as CriterionVerdict;
  return { interactionId: id, criteria: [criterion] } as unknown as Verdict;
}

describe('figures of judges', () => {
  it('hold each against the others and against people, never against itself', () => {
    const verdicts = Array.from({ length: 10 }, (_, i) => {
      const right = i % 2;
      const members = [answer('a', right), answer('b', right), answer('c', 1 - right)];
      return verdict(`i${i}`, answer('cheap', right), members, right);
    });
    const labels = [{ interactionId: 'i0', criterion: 'helpful', outcome: 'labelled', value: 0, passAt: 0.5 }];
    const figures = judgeFigures(verdicts, labels as unknown as Label[]);
    const of = (judge: string): (typeof figures)[number] | undefined => figures.find((one) => one.judge === judge);
    expect(of('cheap')?.agreement).toMatchObject({ n: 10, share: 1, kappa: 1 });
    expect(of('c')).toMatchObject({ agreement: { share: 0, kappa: -1 }, outlier: 10, costUsd: 5, medianMs: 10 });
    expect(of('a')?.withPeople).toMatchObject({ n: 1, share: 1, kappa: null });
  });

  it('count what was asked without a score, and tell versions apart, the latest last', () => {
    const figures = judgeFigures(
      [
        verdict('1', answer('cheap', 1), [], 1),
        verdict('2', answer('cheap', null), [], 1),
        verdict('3', answer('cheap', 1, { reportedVersion: 'v2' }), [], 1),
      ],
      [],
    );
    expect(figures).toMatchObject([
      { asked: 3, scored: 2, missing: { timeout: 1 }, agreement: null, versions: ['v1', 'v2'] },
    ]);
  });
});
