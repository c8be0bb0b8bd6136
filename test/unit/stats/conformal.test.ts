import { controlRisk, hoeffdingBentkusP, splitConformal } from '../../../src/stats/conformal';
import { chooseOperatingPoint, fewestLabels } from '../../../src/stats/operating-point';

describe('thresholds with guarantees', () => {
  it('refuses a quantile from too few scores', () => {
    expect(splitConformal([1, 2, 3], 0.05)).toEqual({ rank: 4, quantile: null });
    expect(splitConformal([3, 1, 2], 0.25)).toEqual({ rank: 3, quantile: 3 });
  });

  it('picks the first setting whose corrected risk is low enough', () => {
    const losses = Array.from({ length: 99 }, () => [1, 0, 0]);
    expect(controlRisk(losses, 1, 0.01).index).toBe(1);
    expect(controlRisk(losses, 1, 0.001).index).toBeNull();
  });

  it('has p = 1 when the mean loss is above the level', () => {
    expect(hoeffdingBentkusP(0.3, 100, 0.2)).toBe(1);
    expect(hoeffdingBentkusP(0, 0, 0.2)).toBe(1);
    expect(hoeffdingBentkusP(0, 50, 0.1)).toBeCloseTo(0.9 ** 50, 12);
  });
});

describe('the operating point of the cascade', () => {
  const options = { taus: [0.8, 0.4, 0], alpha: 0.1, delta: 0.1, cheapCost: 1, ensembleCost: 10 };
  const scores = [...Array.from({ length: 60 }, () => 0.95), ...Array.from({ length: 60 }, () => 0.6)];

  it('stops at the first threshold that fails and keeps the one before', () => {
    const labels = scores.map((score) => (score > 0.9 ? 1 : 0));
    const choice = chooseOperatingPoint(scores, labels, options);
    expect(choice.chosenTau).toBe(0.4);
    expect(choice.points.map((point) => point.passed)).toEqual([true, true, false]);
    expect(choice.points[0]).toMatchObject({ kept: 60, disagreements: 0, coverage: 0.5, costPerItem: 6 });
  });

  it('does not resume after a failure', () => {
    const labels = scores.map((score) => (score > 0.9 ? 0 : 1));
    const choice = chooseOperatingPoint(scores, labels, options);
    expect(choice.chosenTau).toBeNull();
    expect(choice.points.every((point) => !point.passed)).toBe(true);
  });

  it('fails without labels', () => {
    const choice = chooseOperatingPoint([], [], options);
    expect(choice.chosenTau).toBeNull();
    expect(choice.points[0]).toMatchObject({ kept: 0, p: 1, coverage: 0 });
  });

  it('knows how many clean labels it takes', () => {
    expect(fewestLabels(0.1, 0.1)).toBe(22);
    expect(fewestLabels(0.05, 0.1)).toBe(45);
  });
});
