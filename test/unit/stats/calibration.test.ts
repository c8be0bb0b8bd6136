import { areaUnderRoc } from '../../../src/stats/auc';
import {
  brierParts,
  equalMassBins,
  equalWidthBins,
  expectedCalibrationError,
  logLoss,
  maximumCalibrationError,
} from '../../../src/stats/calibration-error';
import {
  applyCalibrationMap,
  fitCalibrationMap,
  poolAdjacentViolators,
  shrinkToSegment,
} from '../../../src/stats/isotonic';
import {
  areaUnderRiskCoverage,
  confidentErrors,
  riskAtCoverage,
  selectiveRisks,
} from '../../../src/stats/selective-risk';

describe('calibration of a probability score', () => {
  it('is perfect when each bin keeps its promise', () => {
    const bins = equalWidthBins([0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0], 10);
    expect(expectedCalibrationError(bins)).toBe(0);
    expect(bins[0]).toEqual({ n: 0, meanPredicted: null, meanObserved: null });
  });

  it('puts a probability of 1 into the last bin', () => {
    expect(equalWidthBins([1], [1], 10)[9]!.n).toBe(1);
  });

  it('is undefined without items', () => {
    expect(expectedCalibrationError(equalWidthBins([], [], 10))).toBeNull();
    expect(maximumCalibrationError([])).toBeNull();
    expect(brierParts([], [])).toBeNull();
    expect(logLoss([], [])).toBeNull();
  });

  it('spreads items evenly over bins of equal mass', () => {
    expect(equalMassBins([0.9, 0.1, 0.5, 0.5, 0.2], [1, 0, 1, 0, 0], 2).map((bin) => bin.n)).toEqual([2, 3]);
    expect(equalMassBins([0.5], [1], 3).map((bin) => bin.n)).toEqual([0, 0, 1]);
  });

  it('takes the Brier score apart without remainder', () => {
    const parts = brierParts([0.2, 0.2, 0.8, 0.8, 0.5], [0, 1, 1, 1, 0])!;
    expect(parts.reliability - parts.resolution + parts.uncertainty).toBeCloseTo(parts.brier, 12);
  });

  it('keeps the log loss finite for a wrong certainty', () => {
    expect(logLoss([1, 0], [0, 1])).toBeCloseTo(-Math.log(1e-15), 1);
  });
});

describe('selective risk', () => {
  it('rises as less confident predictions are kept', () => {
    const risks = selectiveRisks([0.95, 0.9, 0.6, 0.55], [1, 1, 0, 0]);
    expect(risks).toEqual([0, 0, 1 / 3, 0.5]);
    expect(riskAtCoverage(risks, 0.5)).toBe(0);
    expect(riskAtCoverage(risks, 0)).toBeNull();
    expect(areaUnderRiskCoverage([])).toBeNull();
  });

  it('counts confident errors on both sides of one half', () => {
    expect(confidentErrors([0.95, 0.05, 0.6], [0, 1, 0], 0.9)).toMatchObject({ count: 2, n: 2, rate: 1 });
    expect(confidentErrors([0.6], [1], 0.9)).toEqual({ count: 0, n: 0, rate: null, interval: null });
  });
});

describe('the area under the ROC curve', () => {
  it('counts ties half', () => {
    expect(areaUnderRoc([0.5, 0.5], [1, 0])!.auc).toBe(0.5);
    expect(areaUnderRoc([0.9, 0.8, 0.1, 0.2], [1, 1, 0, 0])).toMatchObject({ auc: 1, standardError: 0 });
  });

  it('is undefined with one kind only, and has no error with one of a kind', () => {
    expect(areaUnderRoc([0.5, 0.6], [1, 1])).toBeNull();
    expect(areaUnderRoc([0.5, 0.6, 0.7], [1, 0, 0])!.standardError).toBeNull();
  });
});

describe('the calibration map of a cheap score', () => {
  it('pools neighbours that fall', () => {
    expect(poolAdjacentViolators([1, 3, 2, 4], [1, 1, 1, 1])).toEqual([1, 2.5, 2.5, 4]);
    expect(poolAdjacentViolators([3, 1], [1, 3])).toEqual([1.5, 1.5]);
    expect(poolAdjacentViolators([], [])).toEqual([]);
  });

  it('never falls and keeps the weighted mean', () => {
    const cheap = Array.from({ length: 60 }, (_, i) => ((i * 37) % 60) / 60);
    const ensemble = cheap.map((f, i) => Math.min(1, f * f + (i % 3) * 0.1));
    const weights = cheap.map((_, i) => 1 + (i % 4));
    const map = fitCalibrationMap(cheap, ensemble, weights)!;
    map.value.forEach((value, b) => expect(value).toBeGreaterThanOrEqual(map.value[b - 1] ?? 0));
    const total = (values: readonly number[]): number => values.reduce((sum, v, i) => sum + v * weights[i]!, 0);
    expect(total(cheap.map((f) => applyCalibrationMap(map, f)))).toBeCloseTo(total(ensemble), 9);
  });

  it('answers beyond the scores it was fitted on', () => {
    const map = fitCalibrationMap([0.2, 0.8], [0, 1], [1, 1], 2)!;
    expect(applyCalibrationMap(map, 0)).toBe(0);
    expect(applyCalibrationMap(map, 1)).toBe(1);
    expect(fitCalibrationMap([], [], [])).toBeNull();
  });

  it('keeps equal scores together', () => {
    const map = fitCalibrationMap([0.5, 0.5, 0.5, 0.9], [0, 1, 1, 1], [1, 1, 1, 1], 20)!;
    expect(map.upTo).toEqual([0.5, 0.9]);
  });

  it('gives a segment without items the common map', () => {
    const map = fitCalibrationMap([0.2, 0.8], [0, 1], [1, 1], 2)!;
    expect(shrinkToSegment(map, [], [], []).value).toEqual(map.value);
    expect(shrinkToSegment(map, [0.9], [0], [20]).value).toEqual([0, 0.5]);
  });
});
