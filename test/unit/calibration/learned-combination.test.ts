import { fitLogistic, predictLogistic } from '../../../src/stats/logistic';
import {
  combinedVerdict,
  combineScores,
  learnCombination,
  type MemberScores,
} from '../../../src/calibration/learned-combination';
import { decidePromotion } from '../../../src/calibration/promotion';
import { weightsHealth } from '../../../src/calibration/stale-weights';
import { createRandom } from '../../../src/stats/seeded-random';

const MEMBERS = ['good', 'fair', 'coin'];

/** Judges right in 90, 75 and `last` of 100 cases. */
function draw(items: number, seed: number, last = 0.5): { scores: MemberScores[]; labels: number[] } {
  const random = createRandom(seed);
  const labels = Array.from({ length: items }, () => (random() < 0.6 ? 1 : 0));
  const scores = labels.map((label) => [0.9, 0.75, last].map((right) => (random() < right ? label : 1 - label)));
  return { scores, labels };
}

describe('logistic regression', () => {
  it('finds the log-odds of one feature', () => {
    const features = [[1], [1], [1], [1], [-1], [-1], [-1], [-1]];
    const fit = fitLogistic(features, [1, 1, 1, 0, 0, 0, 0, 1], { penalty: 0 });
    expect(fit.intercept).toBeCloseTo(0, 6);
    expect(predictLogistic(fit, [1])).toBeCloseTo(0.75, 6);
  });

  it('stays finite on labels that can be told apart, and at the prior under a huge penalty', () => {
    const fit = fitLogistic([[1], [-1]], [1, 0], { penalty: 0.1 });
    expect(Number.isFinite(fit.weights[0])).toBe(true);
    expect(fitLogistic([[1], [-1]], [1, 0], { penalty: 1e9, prior: [0.3] }).weights[0]).toBeCloseTo(0.3, 6);
  });

  it('flips with the sides of a pair when it has no intercept', () => {
    const fit = fitLogistic([[1], [1], [-1], [1]], [1, 1, 0, 0], { penalty: 1, hasIntercept: false });
    expect(predictLogistic(fit, [1]) + predictLogistic(fit, [-1])).toBeCloseTo(1, 12);
  });
});

describe('a learned combination', () => {
  const { scores, labels } = draw(400, 3);
  const combination = learnCombination(MEMBERS, scores, labels)!;

  it('trusts the better judge more and a coin hardly', () => {
    const [good, fair, coin] = combination.fit.weights as [number, number, number];
    expect(good).toBeGreaterThan(fair);
    expect(fair).toBeGreaterThan(Math.abs(coin));
    expect(combinedVerdict(combination, [1, 0, 0])).toBe(1);
    expect(combineScores(combination, [1, 1, null])).toBeGreaterThan(0.8);
  });

  it('is refused for few labels or one kind of them', () => {
    expect(learnCombination(MEMBERS, scores.slice(0, 20), labels.slice(0, 20))).toBeNull();
    expect(
      learnCombination(
        MEMBERS,
        scores,
        labels.map(() => 1),
      ),
    ).toBeNull();
  });

  it('is stale once a judge has broken, with labels or without, and not before', () => {
    const same = draw(400, 4);
    expect(weightsHealth(combination, same.scores, same.labels).isStale).toBe(false);
    const random = createRandom(5);
    const broken = draw(400, 6).scores.map((row) => [random() < 0.5 ? 1 : 0, row[1]!, row[2]!]);
    const health = weightsHealth(combination, broken, draw(400, 6).labels);
    expect(health.isStale).toBe(true);
    expect(health.overconfidenceP).toBeLessThan(1e-3);
    const unlabelled = weightsHealth(combination, broken, []);
    expect(unlabelled).toMatchObject({ overconfidenceP: null, brier: null });
    expect(unlabelled.changedMembers.map(({ member }) => member)).toContain('fair');
  });
});

describe('promotion of new weights', () => {
  const item = (current: 0 | 1, candidate: 0 | 1, ageDays = 1): Parameters<typeof decidePromotion>[0][number] => ({
    label: 1,
    current,
    candidate,
    ageDays,
  });
  const many = (count: number, one: ReturnType<typeof item>): (typeof one)[] => new Array<typeof one>(count).fill(one);

  it('needs enough labels, and recent ones', () => {
    expect(decidePromotion(many(20, item(0, 1)))).toMatchObject({
      kind: 'refused',
      reason: 'too few labels',
      have: 20,
    });
    expect(decidePromotion(many(200, item(0, 1, 400)))).toMatchObject({ kind: 'refused', reason: 'labels too old' });
  });

  it('happens when the paired test says better, with the offset of the new series', () => {
    const decision = decidePromotion([...many(180, item(1, 1)), ...many(18, item(0, 1)), ...many(2, item(1, 0))]);
    expect(decision).toMatchObject({ kind: 'promoted', gain: 0.08, offset: 0.08 });
    expect(decidePromotion([...many(190, item(1, 1)), ...many(10, item(1, 0))])).toMatchObject({ kind: 'kept' });
  });
});
