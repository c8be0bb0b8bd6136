import fc from 'fast-check';
import { allocateEscalations } from '../../../src/stats/escalation-allocation';
import { poolAdjacentViolators } from '../../../src/stats/isotonic';
import { attributeMixShift } from '../../../src/stats/mix-shift';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const positive = fc.double({ min: 0.1, max: 5, noNaN: true });

describe('escalation probabilities', () => {
  it('respect floor, ceiling and budget', () => {
    const items = fc.array(fc.tuple(unit, positive), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(items, fc.double({ min: 0.01, max: 20, noNaN: true }), (rows, budget) => {
        const cost = rows.map((row) => row[1]);
        const solved = allocateEscalations(
          rows.map((row) => row[0]),
          cost,
          budget,
          0.1,
        );
        const floorCost = 0.1 * cost.reduce((a, b) => a + b, 0);
        expect(solved.pi.every((pi) => pi >= 0.1 && pi <= 1)).toBe(true);
        expect(solved.cost).toBeLessThanOrEqual(Math.max(budget, floorCost) + 1e-9);
        const canSpendMore = rows.some((row, i) => row[0] > 1e-9 && solved.pi[i]! < 1 - 1e-9);
        if (canSpendMore && budget > floorCost) expect(solved.cost).toBeCloseTo(budget, 6);
      }),
    );
  });
});

describe('isotonic pooling', () => {
  it('rises, keeps the weighted mean, and leaves a rising sequence alone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, positive)), (rows) => {
        const [values, weights] = [rows.map((row) => row[0]), rows.map((row) => row[1])];
        const pooled = poolAdjacentViolators(values, weights);
        const total = (sequence: readonly number[]): number => sequence.reduce((sum, v, i) => sum + v * weights[i]!, 0);
        pooled.forEach((value, i) => expect(value).toBeGreaterThanOrEqual((pooled[i - 1] ?? 0) - 1e-12));
        expect(total(pooled)).toBeCloseTo(total(values), 8);
        expect(poolAdjacentViolators(pooled, weights)).toEqual(pooled);
      }),
    );
  });
});

describe('attribution of a change to mix and segments', () => {
  const segment = fc.record({ w0: positive, w1: positive, m0: unit, m1: unit });

  it('adds up, and turns its signs when the periods are swapped', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
        const before = { weights: segments.map((s) => s.w0), means: segments.map((s) => [s.m0]) };
        const after = { weights: segments.map((s) => s.w1), means: segments.map((s) => [s.m1]) };
        const forth = attributeMixShift(before, after, [1]);
        const back = attributeMixShift(after, before, [1]);
        expect(forth.withinTotal + forth.mixTotal).toBeCloseTo(forth.delta, 10);
        expect(back.withinTotal).toBeCloseTo(-forth.withinTotal, 10);
        forth.mixBySegment.forEach((value, s) => expect(back.mixBySegment[s]).toBeCloseTo(-value, 10));
      }),
    );
  });
});
