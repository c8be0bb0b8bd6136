import { driftVectors, itemsToSettle, judgeShift, pairedShift } from '../../../src/stats/attribution';
import {
  bootstrapMeanInterval,
  exactSignFlipP,
  pairedDifferences,
  sampledSignFlipP,
  signFlipEValue,
} from '../../../src/stats/paired-drift';
import { rankEvidence, sequentialRank, startRankProcess, stepRankProcess } from '../../../src/stats/rank-e-process';
import { createRandom, resampleIndices } from '../../../src/stats/seeded-random';

describe('drift between two runs on the same items', () => {
  it('gives the smallest possible p when all items moved one way', () => {
    expect(exactSignFlipP([0.1, 0.2, 0.3, 0.1])).toBe(2 / 16);
    expect(exactSignFlipP([0, 0])).toBe(1);
    expect(exactSignFlipP([])).toBe(1);
    expect(exactSignFlipP(new Array<number>(30).fill(0.1))).toBe(2 / 2 ** 30);
    expect(() => exactSignFlipP(new Array<number>(33).fill(1))).toThrow(RangeError);
  });

  it('agrees with the exact p when signs are sampled', () => {
    const differences = [0.05, -0.02, 0.04, 0.06, -0.01, 0.03, 0.02, 0.05];
    const sampled = sampledSignFlipP(differences, 20_000, createRandom(7));
    expect(Math.abs(sampled - exactSignFlipP(differences))).toBeLessThan(0.01);
  });

  it('takes unchanged items for no evidence at all', () => {
    expect(signFlipEValue([0, 0, 0])).toBe(1);
    expect(signFlipEValue(new Array<number>(30).fill(-0.2))).toBeGreaterThan(100);
    expect(signFlipEValue([5000, -5000])).toBeGreaterThanOrEqual(0);
  });

  it('bootstraps the mean from given or seeded resamples', () => {
    const differences = pairedDifferences([0.5, 0.5], [0.6, 0.8]);
    expect(
      bootstrapMeanInterval(
        differences,
        [
          [0, 0],
          [1, 1],
        ],
        1,
      )![0],
    ).toBeCloseTo(0.2, 12);
    expect(bootstrapMeanInterval(differences, [])).toBeNull();
    const rows = resampleIndices(2, 100, createRandom(1));
    expect(rows).toEqual(resampleIndices(2, 100, createRandom(1)));
    expect(rows.flat().every((i) => i === 0 || i === 1)).toBe(true);
  });
});

describe('ranks over re-runs', () => {
  it('break ties with the given uniform', () => {
    expect(sequentialRank([0.5, 0.5, 0.1], 0.5, 0)).toBe(0.25);
    expect(sequentialRank([0.5, 0.5, 0.1], 0.5, 1)).toBe(1);
  });

  it('grow evidence when every run tops the ones before', () => {
    let state = startRankProcess([0.1, 0.1, 0.1]);
    expect(rankEvidence(state)).toBe(1);
    for (let run = 1; run <= 8; run++) {
      const scores = [0.1, 0.1, 0.1].map((score) => score + run / 20);
      state = stepRankProcess(state, scores, [0.5, 0.5, 0.5]);
    }
    expect(rankEvidence(state)).toBeGreaterThan(100);
  });
});

describe('who moved', () => {
  it('tells a move, a shown absence and too little data apart', () => {
    expect(judgeShift({ change: -0.05, standardError: 0.01 }, 0.02)).toBe('moved');
    expect(judgeShift({ change: 0.001, standardError: 0.005 }, 0.02)).toBe('same');
    expect(judgeShift({ change: 0.015, standardError: 0.02 }, 0.02)).toBe('unclear');
    expect(judgeShift({ change: 0.015, standardError: 0.002 }, 0.02)).toBe('same');
  });

  it('leaves out items that miss either score', () => {
    expect(pairedShift([0.5, null, 0.7], [0.6, 0.9, null])?.change).toBeCloseTo(0.1, 12);
    expect(pairedShift([null], [0.5])).toBeNull();
  });

  it('gives what is left of the observed change to the product', () => {
    const vectors = driftVectors(
      { change: -0.07, standardError: 0.003 },
      { then: [0.8, 0.6], now: [0.7, 0.5] },
      { then: [0.8, null], now: [0.8, null] },
    )!;
    expect(vectors.product.change).toBeCloseTo(0.03, 12);
    expect(vectors.judgeMinusHuman?.change).toBeCloseTo(-0.1, 12);
    expect(driftVectors({ change: 0, standardError: 0 }, { then: [], now: [] }, { then: [], now: [] })).toBeNull();
  });

  it('says how many items would settle it', () => {
    expect(itemsToSettle(0.2, 0.02)).toBe(385);
  });
});
