import { judgeFigures } from '../../../src/console/judge-figures';
import { reviewQueue } from '../../../src/console/review-queue';
import type { Label } from '../../../src/domain/label';
import type { CriterionVerdict, JudgeAnswer, Verdict } from '../../../src/domain/verdict';
import type { InteractionRow } from '../../../src/store/port';

function row(id: string, disagreement = 0, result = 'scored'): InteractionRow {
  return {
    interactionId: id,
    conversationId: id,
    turnIndex: 0,
    occurredAt: 0,
    outcome: 'judged',
    cell: { segments: {}, provider: 'p', model: 'm', route: 'primary', release: null },
    sampled: true,
    worstScore: 1,
    disagreement,
    failedChecks: [],
    criteria: [{ criterion: 'helpful', result, score: 1, pass: true, panel: 'p', escalated: true, disagreement }],
    costUsd: 0,
  };
}

const rows = (n: number): InteractionRow[] => Array.from({ length: n }, (_, i) => row(`i${i}`));
const NOTHING_LABELLED: ReadonlySet<string> = new Set();

describe('the review queue', () => {
  it('draws its share by chance, the same for everybody, and says with which probability', () => {
    const recent = rows(5000);
    const drawn = reviewQueue({ recent, split: [], labelled: NOTHING_LABELLED, share: 0.1 });
    expect(drawn.length / 5000).toBeCloseTo(0.1, 1);
    expect(drawn.every(({ reason, probability }) => reason === 'random' && probability === 0.1)).toBe(true);
    expect(reviewQueue({ recent: recent.slice(0, 2500), split: [], labelled: NOTHING_LABELLED, share: 0.1 })).toEqual(
      drawn.filter(({ row: { interactionId } }) => Number(interactionId.slice(1)) < 2500),
    );
  });

  it('takes in turn what was drawn and what the judges were split on, each item once', () => {
    const split = [row('a', 0.9), row('b', 0.5), row('agreed', 0.1)];
    const queue = reviewQueue({ recent: rows(200), split, labelled: NOTHING_LABELLED, share: 0.1 });
    expect(queue.slice(0, 4).map(({ reason }) => reason)).toEqual(['random', 'disagreement', 'random', 'disagreement']);
    expect(queue.some(({ row: { interactionId } }) => interactionId === 'agreed')).toBe(false);
    expect(queue.find(({ row: { interactionId } }) => interactionId === 'a')?.probability).toBeNull();
    const again = reviewQueue({ recent: [row('a', 0.9)], split, labelled: NOTHING_LABELLED, share: 1 });
    expect(again.filter(({ row: { interactionId } }) => interactionId === 'a')).toHaveLength(1);
  });

  it('asks nobody twice, and nothing about what has no score', () => {
    const recent = [row('a'), row('b'), row('c', 0, 'unjudged')];
    const queue = reviewQueue({ recent, split: recent, labelled: new Set(['a/helpful']), share: 1 });
    expect(queue.map(({ row: { interactionId } }) => interactionId)).toEqual(['b']);
  });
});

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
