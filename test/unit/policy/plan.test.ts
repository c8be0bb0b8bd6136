import fc from 'fast-check';
import { parseBudget, planBudget, type SegmentDay } from '../../../src/policy/plan';

const day = (segment: string, conversations: number, cheapUsd = 0.001, ensembleUsd = 0.02): SegmentDay => ({
  segment,
  interactions: conversations * 3,
  conversations,
  cheapUsd,
  ensembleUsd,
});

describe('planBudget', () => {
  it('judges everything where the budget carries it', () => {
    const plan = planBudget([day('a', 100), day('b', 10)], { dailyUsd: 100, escalation: 0.25 });
    expect(plan.segments.map(({ rate }) => rate)).toEqual([1, 1]);
    expect(plan.costUsd).toBeCloseTo(plan.fullUsd, 12);
  });

  it('gives small segments all they have before large ones get more', () => {
    const { segments } = planBudget([day('large', 100_000), day('small', 50)], { dailyUsd: 3, escalation: 0.25 });
    expect(segments[1]).toMatchObject({ rate: 1, judgedConversations: 50 });
    expect(segments[0]!.judgedConversations).toBeGreaterThan(50);
  });

  it('never costs more than the budget, and wastes little of it', () => {
    const segment = fc.record({
      conversations: fc.integer({ min: 0, max: 200_000 }),
      cheap: fc.double({ min: 1e-5, max: 0.01, noNaN: true }),
      ensemble: fc.double({ min: 1e-5, max: 0.2, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.01, max: 5_000, noNaN: true }),
        (parts, dailyUsd) => {
          const days = parts.map((part, i) => day(`s${i}`, part.conversations, part.cheap, part.ensemble));
          const { costUsd, fullUsd } = planBudget(days, { dailyUsd, escalation: 0.25 });
          expect(costUsd).toBeLessThanOrEqual(dailyUsd * (1 + 1e-9));
          expect(costUsd).toBeGreaterThanOrEqual(Math.min(dailyUsd, fullUsd) * 0.98);
        },
      ),
    );
  });
});

describe('parseBudget', () => {
  it('reads months and days, and nothing else', () => {
    expect(parseBudget('3000/month')).toBe(3000);
    expect(parseBudget('$3000')).toBe(3000);
    expect(parseBudget('100/day')).toBeCloseTo(3043.75, 2);
    expect(['', 'x', '-3', '0', '3/week', '1e5'].map(parseBudget)).toEqual([null, null, null, null, null, null]);
  });
});
