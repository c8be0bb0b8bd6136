import type { UnjudgedReason } from '../../../src/domain/accounting';
import type { JudgeAnswer } from '../../../src/domain/verdict';
import { combineAnswers, combineScores } from '../../../src/judge/combine';
import { buildJudgeAnswer } from '../../support/builders/verdict';
import { seededRandom } from '../../support/builders/random';
import { criterion } from './fake-judge';

type Said = number | 'na' | UnjudgedReason;

function answer(said: Said, i: number): JudgeAnswer {
  const judge = `j${i}`;
  if (typeof said === 'number') return buildJudgeAnswer({ judge, score: said });
  return buildJudgeAnswer({ judge, outcome: said === 'na' ? 'not_applicable' : said, score: null });
}

function combine(said: readonly Said[], change: { method?: 'mean' | 'median' | 'majority'; quorum?: number } = {}) {
  return combineAnswers(criterion('a'), said.map(answer), { method: 'mean', quorum: 2, ...change }, true);
}

describe('combineScores', () => {
  it.each([
    ['mean', [0.1, 0.2, 0.9], 0.4],
    ['median', [0.9, 0.1, 0.2], 0.2],
    ['median', [0.9, 0.1, 0.2, 0.4], 0.3],
    ['majority', [0.9, 0.6, 0.1], 1],
    ['majority', [0.9, 0.1, 0.1], 0],
    ['majority', [0.9, 0.2], 1],
    ['majority', [0.7, 0.1], 0],
  ] as const)('%s of %j is %f', (method, scores, expected) => {
    expect(combineScores(scores, method, 0.5)).toBeCloseTo(expected, 12);
  });

  it('never leaves the range of the scores nor depends on their order', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 5000; i++) {
      const scores = Array.from({ length: 1 + random.int(7) }, () => random.int(101) / 100);
      for (const method of ['mean', 'median'] as const) {
        const combined = combineScores(scores, method, 0.5);
        expect(combined).toBeGreaterThanOrEqual(Math.min(...scores));
        expect(combined).toBeLessThanOrEqual(Math.max(...scores));
        expect(combineScores(random.shuffle(scores), method, 0.5)).toBeCloseTo(combined, 12);
      }
    }
  });
});

describe('combineAnswers', () => {
  it('combines a full panel', () => {
    expect(combine([0.9, 0.8, 0.1])).toEqual({
      kind: 'scored',
      combined: {
        score: expect.closeTo(0.6, 12) as number,
        method: 'mean',
        disagreement: expect.closeTo(0.71, 2) as number,
        outlierJudge: 'j2',
        quorum: 3,
        degraded: false,
        independent: true,
      },
    });
  });

  it('F25: makes do with a quorum, and says that it is degraded', () => {
    expect(combine([0.9, 0.8, 'timeout'])).toMatchObject({
      combined: { quorum: 2, degraded: true, outlierJudge: null },
    });
  });

  it.each<[Said[], UnjudgedReason]>([
    [[0.9, 'timeout', 'timeout'], 'timeout'],
    [['refused', 'timeout', 'refused'], 'refused'],
    [['unreadable', 'timeout', 'refused'], 'timeout'],
    [['refused', 'refused', 'deadline'], 'deadline'],
    [['error', 'error', 'error'], 'error'],
    [['na', 'rate_limited', 'error'], 'rate_limited'],
    [[], 'error'],
  ])('%j has no score: %s', (said, reason) => {
    expect(combine(said)).toEqual({ kind: 'unjudged', reason });
  });

  it.each<[Said[], string]>([
    [['na', 'na', 0.9], 'not_applicable'],
    [['na', 'na', 'na'], 'not_applicable'],
    [['na', 0.9], 'not_applicable'],
    [['na', 0.9, 0.8], 'scored'],
  ])('%j is %s', (said, kind) => {
    expect(combine(said).kind).toBe(kind);
  });

  it('calls one answer single, and has disagreement between 0 and 1', () => {
    expect(combine([0.9], { quorum: 1 })).toMatchObject({ combined: { method: 'single', disagreement: 0 } });
    expect(combine([0, 1])).toMatchObject({ combined: { disagreement: 1 } });
    expect(combine([0.5, 0.5])).toMatchObject({ combined: { disagreement: 0 } });
  });

  it('names an outlier only when one judge stands alone against at least two', () => {
    expect(combine([0.9, 0.1])).toMatchObject({ combined: { outlierJudge: null } });
    expect(combine([0.9, 0.1, 0.2])).toMatchObject({ combined: { outlierJudge: 'j0' } });
    expect(combine([0.9, 0.8, 0.1, 0.2])).toMatchObject({ combined: { outlierJudge: null } });
    expect(combine([0.9, 0.8, 0.7])).toMatchObject({ combined: { outlierJudge: null } });
  });
});
