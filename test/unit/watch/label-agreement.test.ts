import { countLabel, effectiveJudgesOf, emptyAgreement } from '../../../src/watch/label-agreement';
import type { Label } from '../../../src/domain/label';
import { createRandom } from '../../../src/stats/seeded-random';
import { buildLabel } from '../../support/builders/keyed-record';

/** Three judges that are off by 0.3 one way or the other: together (`shared`) or each on its own. */
function labels(shared: boolean, count = 400): Label[] {
  const random = createRandom(2);
  return Array.from({ length: count }, (_, i) => {
    const common = random() < 0.5;
    const judges = ['a', 'b', 'c'].map((judge) => {
      const isHigh = shared ? common : random() < 0.5;
      return { judge, family: judge, score: isHigh ? 0.8 : 0.2 };
    });
    const about = { interactionId: `i-${i}`, criterion: 'helpful', outcome: 'labelled', reason: 'random' } as const;
    return buildLabel({ ...about, round: 'first', value: 0.5, judges });
  });
}

function agreementWith(all: readonly Label[]) {
  const counts = emptyAgreement();
  for (const label of all) countLabel(counts, label, 1);
  return counts;
}

describe('effective judges', () => {
  it('are as many as there are when each errs on its own, and one when all err together', () => {
    const [alone] = effectiveJudgesOf(agreementWith(labels(false)));
    expect(alone).toMatchObject({ criterion: 'helpful', judges: 3, labels: 400 });
    expect(alone?.effective).toBeGreaterThan(2.5);
    expect(effectiveJudgesOf(agreementWith(labels(true)))[0]?.effective).toBeCloseTo(1, 10);
  });

  it('are not told of few labels, and forget a label that goes', () => {
    expect(effectiveJudgesOf(agreementWith(labels(false, 20)))).toEqual([]);
    const all = labels(false);
    const counts = agreementWith(all);
    for (const label of all.slice(100)) countLabel(counts, label, -1);
    expect(effectiveJudgesOf(counts)).toEqual(effectiveJudgesOf(agreementWith(all.slice(0, 100))));
  });
});
