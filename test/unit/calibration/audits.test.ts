import { auditJudge } from '../../../src/calibration/judge-audit';
import { auditOrders } from '../../../src/calibration/order-audit';

describe('audit of a judge against labels', () => {
  it('leaves verdicts that did not parse out and counts them', () => {
    const audit = auditJudge([0, 0, 1, 1, 1], [0, 1, 1, null, 1], { classes: 2, positive: 0 });
    expect(audit).toMatchObject({ n: 4, missing: 1, accuracy: 0.75, says: 0.25 });
    expect(audit.kappa).toBeCloseTo(0.5, 12);
    expect(audit.f1).toBeCloseTo(2 / 3, 12);
  });

  it('gives no interval of kappa for few items or for a judge that says one thing only', () => {
    expect(auditJudge([0, 1], [0, 1], { classes: 2, positive: 0 }).kappaInterval).toBeNull();
    const labels = Array.from({ length: 100 }, (_, i) => i % 2);
    const audit = auditJudge(
      labels,
      labels.map(() => 1),
      { classes: 2, positive: 0 },
    );
    expect(audit.kappaInterval).toBeNull();
    expect(audit.kappa).toBe(0);
  });

  it('has nothing to say without items', () => {
    const audit = auditJudge([1], [null], { classes: 2, positive: 1 });
    expect(audit).toMatchObject({ n: 0, missing: 1, accuracy: null, kappa: null, f1: null, says: null });
  });
});

describe('audit of a pairwise judge over both orders', () => {
  it('tells right from consistent and from choosing what is shown first', () => {
    const audit = auditOrders([
      { gold: 1, forward: 1, reversed: 1 },
      { gold: 1, forward: 1, reversed: 2 },
      { gold: 2, forward: 0, reversed: 0 },
      { gold: 2, forward: 2, reversed: null },
    ]);
    expect(audit).toMatchObject({ items: 4, missing: 1, forwardRight: 0.75, bothRight: 0.25, flips: 1 });
    expect(audit.accuracy).toBe(0.5);
    expect(audit.accuracyOfRead).toBeCloseTo(4 / 7, 12);
    expect(audit.consistency).toBe(0.5);
    expect(audit.picksFirst).toBeCloseTo(3 / 7, 12);
  });

  it('has nothing to say without items', () => {
    expect(auditOrders([])).toMatchObject({ items: 0, accuracy: null, consistency: null, flips: 0, picksFirst: null });
  });
});
