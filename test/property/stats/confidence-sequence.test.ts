import fc from 'fast-check';
import { logBetaBinomialE } from '../../../src/stats/beta-binomial';
import {
  type BernsteinState,
  createBernstein,
  recordBernstein,
  UNIT_SEQUENCE,
} from '../../../src/stats/confidence-sequence';
import { createHedged, type HedgedState, recordHedged } from '../../../src/stats/hedged-sequence';
import { mean, standardErrorOfMean } from '../../../src/stats/moments';
import { createRandom } from '../../../src/stats/seeded-random';

const HEDGED = { ...UNIT_SEQUENCE, truncation: 0.5, steps: 40 };
const RUNS = 300;
const ITEMS = 400;
const TRUTH = 0.8;

describe('confidence sequences', () => {
  it('go on after a trip through JSON as if nothing had happened, to the last bit', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (before, after) => {
        const bernstein = createBernstein(UNIT_SEQUENCE);
        const hedged = createHedged(HEDGED);
        for (const x of before) {
          recordBernstein(UNIT_SEQUENCE, bernstein, x);
          recordHedged(HEDGED, hedged, x);
        }
        const bernsteinBack = JSON.parse(JSON.stringify(bernstein)) as BernsteinState;
        const hedgedBack = JSON.parse(JSON.stringify(hedged)) as HedgedState;
        for (const x of after) {
          recordBernstein(UNIT_SEQUENCE, bernstein, x);
          recordBernstein(UNIT_SEQUENCE, bernsteinBack, x);
          recordHedged(HEDGED, hedged, x);
          recordHedged(HEDGED, hedgedBack, x);
        }
        expect(bernsteinBack).toEqual(bernstein);
        expect(hedgedBack).toEqual(hedged);
      }),
      { numRuns: 50 },
    );
  });

  it('are wrong at any time in at most the stated share of runs, unlike an interval for one fixed time', () => {
    const random = createRandom(99);
    const wrong = { bernstein: 0, hedged: 0, betaBinomial: 0, fixedTime: 0 };
    for (let run = 0; run < RUNS; run++) {
      const ever = watchOneRun(random);
      if (ever.bernstein) wrong.bernstein += 1;
      if (ever.hedged) wrong.hedged += 1;
      if (ever.betaBinomial) wrong.betaBinomial += 1;
      if (ever.fixedTime) wrong.fixedTime += 1;
    }
    // 5 % plus three standard errors of a share seen in 300 runs.
    const most = RUNS * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / RUNS));
    expect(wrong.bernstein).toBeLessThanOrEqual(most);
    expect(wrong.hedged).toBeLessThanOrEqual(most);
    expect(wrong.betaBinomial).toBeLessThanOrEqual(most);
    expect(wrong.fixedTime).toBeGreaterThan(0.2 * RUNS);
  });
});

function watchOneRun(random: () => number): Record<'bernstein' | 'hedged' | 'betaBinomial' | 'fixedTime', boolean> {
  const bernstein = createBernstein(UNIT_SEQUENCE);
  const hedged = createHedged(HEDGED);
  const seen: number[] = [];
  const ever = { bernstein: false, hedged: false, betaBinomial: false, fixedTime: false };
  for (let t = 1; t <= ITEMS; t++) {
    const x = random() < TRUTH ? 1 : 0;
    seen.push(x);
    recordBernstein(UNIT_SEQUENCE, bernstein, x);
    recordHedged(HEDGED, hedged, x);
    if (t % 10 !== 0) continue;
    const passes = seen.reduce((a, b) => a + b, 0);
    ever.betaBinomial ||= logBetaBinomialE(passes, t - passes, TRUTH) >= Math.log(20);
    ever.fixedTime ||= Math.abs(mean(seen)! - TRUTH) > 1.96 * standardErrorOfMean(seen)!;
  }
  ever.bernstein = TRUTH < bernstein.lower || TRUTH > bernstein.upper;
  ever.hedged = TRUTH < hedged.lower || TRUTH > hedged.upper;
  return ever;
}
