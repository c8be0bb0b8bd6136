import { allocateEscalations } from '../../../src/stats/escalation-allocation';
import { escalationProbability, shrunkenResidualSd } from '../../../src/stats/escalation-probability';
import { pseudoOutcome } from '../../../src/stats/aipw';
import { humanCorrection, humanPseudoOutcome } from '../../../src/stats/human-layer';
import { predictionPoweredMean, tunedMean } from '../../../src/stats/prediction-powered';
import { neymanAllocation, stratifiedMean } from '../../../src/stats/stratified';

describe('escalation under a budget', () => {
  it('meets the budget exactly and escalates the uncertain more', () => {
    const { pi, cost } = allocateEscalations([0.1, 0.3, 0.5], [1, 1, 1], 1.2, 0.1);
    expect(cost).toBeCloseTo(1.2, 12);
    expect(pi[0]).toBeLessThan(pi[1]!);
    expect(pi[1]).toBeLessThan(pi[2]!);
  });

  it('never goes below the floor, even over budget', () => {
    expect(allocateEscalations([0.1, 0.3], [1, 1], 0.05, 0.1)).toEqual({ multiplier: 0, pi: [0.1, 0.1], cost: 0.2 });
  });

  it('escalates everything that varies when the budget allows', () => {
    const { pi } = allocateEscalations([0.1, 0.3, 0], [1, 2, 1], 100, 0.1);
    expect(pi).toEqual([1, 1, 0.1]);
  });

  it('handles no items', () => {
    expect(allocateEscalations([], [], 1, 0.1)).toEqual({ multiplier: 0, pi: [], cost: 0 });
  });

  const rule = { floor: 0.1, multiplier: 1, band: [0.4, 0.6], bound: 3 } as const;

  it('always escalates inside the band', () => {
    expect(escalationProbability(rule, 0.5, 0.5, 0, 1)).toBe(1);
    expect(escalationProbability({ ...rule, band: null }, 0.5, 1, 0, 1)).toBe(0.1);
  });

  it('keeps pseudo-outcomes below the bound by the range rule', () => {
    for (const prediction of [0, 0.2, 0.7, 1]) {
      const pi = escalationProbability({ ...rule, band: null }, 0.9, prediction, 0, 1);
      expect(pseudoOutcome(prediction, 1, pi)).toBeLessThanOrEqual(3 + 1e-12);
    }
  });

  it('pulls a thin cell towards the common spread', () => {
    expect(shrunkenResidualSd(0.04, 0, 0)).toBeCloseTo(0.2, 12);
    expect(shrunkenResidualSd(0.04, 1e9, 1e9 * 0.01)).toBeCloseTo(0.1, 6);
  });
});

describe('means of partly scored batches', () => {
  it('count a human label only on top of an escalation', () => {
    const item = { cheap: 0.8, ensemble: null, pi: 0.1, human: 0, q: 0.5 };
    expect(humanPseudoOutcome(item)).toBe(0.8);
    expect(humanCorrection({ ...item, ensemble: 0.5, human: 0.6 })).toBeCloseTo(0.1 / 0.05, 12);
  });

  it('trust the cheap score fully when it is the truth on a wide pool', () => {
    const truth = [0.1, 0.9, 0.4, 0.6];
    const powered = predictionPoweredMean(
      truth,
      truth,
      Array.from({ length: 4000 }, (_, i) => truth[i % 4]!),
    )!;
    expect(powered.trust).toBeGreaterThan(0.99);
    expect(powered.mean).toBeCloseTo(0.5, 12);
  });

  it('trust it not at all when everything was escalated', () => {
    const tuned = tunedMean([0.1, 0.9], [0.5, 0.7], [1, 1])!;
    expect(tuned.trust).toBe(0);
    expect(tuned.mean).toBeCloseTo(0.6, 12);
    expect(tunedMean([0.1], [0.5], [1])).toBeNull();
    expect(predictionPoweredMean([], [], [0.5, 0.6])).toBeNull();
  });

  it('split a sample by weight, spread and price', () => {
    expect(neymanAllocation([0.5, 0.5], [1, 3], [1, 1], 100)).toEqual([25, 75]);
    expect(neymanAllocation([0.5, 0.5], [1, 1], [1, 4], 90)).toEqual([60, 30]);
    expect(neymanAllocation([0.5, 0.5], [0, 0], [1, 1], 10)).toEqual([5, 5]);
  });

  it('have no stratified mean while a stratum is unseen, and no error while one has a single item', () => {
    expect(stratifiedMean([0.5, 0.5], [[1], []])).toBeNull();
    expect(stratifiedMean([1, 0], [[0, 1], []])?.mean).toBe(0.5);
    expect(stratifiedMean([0.5, 0.5], [[1], [0, 1]])).toEqual({ mean: 0.75, standardError: null });
  });
});
