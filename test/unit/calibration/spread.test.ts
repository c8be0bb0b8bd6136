import fc from 'fast-check';
import { planSpread, type SpreadItem, type SpreadPlan } from '../../../src/calibration/spread';
import { pseudoOutcome } from '../../../src/stats/aipw';
import { applyCalibrationMap } from '../../../src/stats/isotonic';
import { seededRandom } from '../../support/builders/random';

const FLOOR = 0.05;

interface Made {
  readonly cheap: number;
  readonly truth: number;
  readonly item: SpreadItem;
}

/** A cheap judge that knows the easy items, by its score, and guesses the others; half of all was escalated. */
function stream(count: number, seed: number): Made[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (): Made => {
    const cheap = random.next();
    const isEasy = cheap < 0.2 || cheap > 0.8;
    const truth = random.chance(isEasy ? (cheap > 0.5 ? 0.99 : 0.01) : 0.5) ? 1 : 0;
    const ensemble = random.chance(0.5) ? truth : null;
    return { cheap, truth, item: { readings: [{ criterion: 'helpful', cheap, ensemble, weight: 2 }], least: FLOOR } };
  });
}

type Planned = Extract<SpreadPlan, { kind: 'planned' }>;

function planned(count: number, share: number): Planned {
  const plan = planSpread(
    stream(count, 1).map(({ item }) => item),
    share,
  );
  if (plan.kind !== 'planned') throw new Error(plan.reason);
  return plan;
}

/** As routing reads the rule. */
function probabilityOf({ rules: [rule] }: Planned, cheap: number): number {
  return Math.max(FLOOR, applyCalibrationMap({ upTo: rule!.upTo, value: rule!.probability, weight: [] }, cheap));
}

describe('escalations by residual spread', () => {
  const plan = planned(4_000, 0.3);

  it('go where the ensemble differs from the cheap stage', () => {
    expect(probabilityOf(plan, 0.5)).toBeGreaterThan(3 * probabilityOf(plan, 0.05));
    expect(plan.width['helpful']).toBeLessThan(0.95);
  });

  it('keep within the budget on other items, and make an unbiased mean of less variance', () => {
    const random = seededRandom(2);
    const others = stream(20_000, 3);
    const spendBy = (pi: (cheap: number) => number): { share: number; error: number; variance: number } => {
      let spent = 0;
      const errors = others.map(({ cheap, truth }) => {
        const probability = pi(cheap);
        const escalated = random.next() < probability;
        if (escalated) spent += 1;
        return pseudoOutcome(cheap, escalated ? truth : null, probability) - truth;
      });
      const error = errors.reduce((sum, one) => sum + one, 0) / errors.length;
      const variance = errors.reduce((sum, one) => sum + (one - error) ** 2, 0) / errors.length;
      return { share: spent / others.length, error, variance };
    };
    const own = spendBy((cheap) => probabilityOf(plan, cheap));
    const even = spendBy(() => own.share);
    expect(own.share).toBeLessThan(0.3 + 4 * Math.sqrt((0.3 * 0.7) / others.length));
    expect(Math.abs(own.error)).toBeLessThan(4 * Math.sqrt(own.variance / others.length));
    expect(own.variance).toBeLessThan(0.85 * even.variance);
  });

  it('never cost more than was asked for, whatever was recorded', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const row = fc.tuple(unit, unit, fc.double({ min: 0.05, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 100, maxLength: 150 }), unit, (rows, share) => {
        const items = rows.map(([cheap, ensemble, least], i): SpreadItem => {
          return {
            readings: [{ criterion: 'helpful', cheap, ensemble, weight: 1 }],
            least: i % 3 === 0 ? least : FLOOR,
          };
        });
        const found = planSpread(items, share);
        if (found.kind === 'refused') return;
        const cost = items.reduce((sum, { readings, least }) => {
          return sum + Math.max(least, probabilityOf(found, readings[0]!.cheap));
        }, 0);
        expect(cost / items.length).toBeLessThanOrEqual(share + 1e-9);
        expect(found.rules[0]!.probability.every((pi) => pi >= 0 && pi <= 1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('are refused where floors use up the share, and where too few were escalated', () => {
    const items = stream(4_000, 1).map(({ item }) => item);
    expect(planSpread(items, 0.04)).toEqual({
      kind: 'refused',
      reason: 'too little',
      least: expect.closeTo(FLOOR) as number,
    });
    expect(planSpread(items.slice(0, 100), 0.3)).toMatchObject({ reason: 'too few escalated', want: 100 });
  });

  it('of a group of criteria are what the most doubtful of them asks for', () => {
    const items = stream(4_000, 1).map(({ item, cheap }): SpreadItem => {
      const sure = { criterion: 'polite', cheap, ensemble: cheap, weight: 1 };
      return { ...item, readings: [...item.readings, sure] };
    });
    const found = planSpread(items, 0.3);
    expect(found.kind === 'planned' && found.rules.map(({ criterion }) => criterion)).toEqual(['helpful', 'polite']);
    expect(found.kind === 'planned' && found.share).toBeCloseTo(0.3);
  });
});
