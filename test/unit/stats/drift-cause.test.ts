import type { DriftVectors, Shift } from '../../../src/stats/attribution';
import { causeOfDrift, type DriftCause } from '../../../src/stats/drift-cause';

const sure = (change: number): Shift => ({ change, standardError: 0.002 });

function vectors(observed: number, judge: number, human: number | null): DriftVectors {
  return {
    observed: sure(observed),
    judge: sure(judge),
    human: human === null ? null : sure(human),
    product: sure(observed - judge),
    judgeMinusHuman: human === null ? null : sure(judge - human),
  };
}

describe('the cause of a change', () => {
  it.each<[DriftCause, DriftVectors]>([
    ['nothing', vectors(0, 0, 0)],
    ['product', vectors(-0.07, 0, 0)],
    ['product', vectors(-0.07, 0, null)],
    ['judge', vectors(-0.07, -0.07, 0)],
    ['product and judge', vectors(-0.1, -0.05, 0)],
    ['product hidden by judge', vectors(0, 0.06, 0)],
    ['standard', vectors(-0.06, -0.06, -0.06)],
    ['labellers', vectors(-0.06, 0, -0.05)],
    ['judge', vectors(0.06, 0.06, -0.06)],
  ])('is %s', (cause, drift) => {
    expect(causeOfDrift(drift, 0.02)).toBe(cause);
  });

  it('is not put on the product while the judge is unclear', () => {
    const drift = { ...vectors(-0.07, 0, 0), judge: { change: 0.01, standardError: 0.02 } };
    expect(causeOfDrift(drift, 0.02)).toBe('judge unclear');
  });
});
