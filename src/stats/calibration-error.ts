import { type Interval, Z_95 } from './interval';
import { requireSameLength } from './moments';
import { ascendingOrder } from './ranks';
import { createRandom } from './seeded-random';

/** One bin of predicted probabilities; means are null when it is empty. */
export interface CalibrationBin {
  readonly n: number;
  readonly meanPredicted: number | null;
  readonly meanObserved: number | null;
}

/** Murphy's parts: brier = reliability - resolution + uncertainty, exactly, when groups are the distinct predictions. */
export interface BrierParts {
  readonly brier: number;
  /** Mean squared distance of predictions from what then happened; 0 = calibrated. */
  readonly reliability: number;
  /** How far the groups' outcomes differ from the overall rate; larger is better. */
  readonly resolution: number;
  /** Variance of the outcome, the Brier score of always predicting the overall rate. */
  readonly uncertainty: number;
}

/** Predictions this near 0 or 1 are moved off them before taking logarithms. */
const LOG_LOSS_MARGIN = 1e-15;

/**
 * Bins of equal width: bin min(floor(p B), B - 1).
 * @param predicted probabilities in [0, 1]; @param observed outcomes, 0 or 1 (or shares).
 */
export function equalWidthBins(
  predicted: readonly number[],
  observed: readonly number[],
  bins: number,
): CalibrationBin[] {
  requireSameLength(predicted, observed);
  const members = Array.from({ length: bins }, (): number[] => []);
  predicted.forEach((p, i) => members[Math.min(Math.floor(p * bins), bins - 1)]!.push(i));
  return members.map((indices) => binOf(indices, predicted, observed));
}

/** Bins of equal mass: items in ascending order of p (ties in order of arrival), ranks floor(b n/B) to floor((b+1) n/B) - 1. */
export function equalMassBins(
  predicted: readonly number[],
  observed: readonly number[],
  bins: number,
): CalibrationBin[] {
  requireSameLength(predicted, observed);
  const order = ascendingOrder(predicted);
  const edge = (b: number): number => Math.floor((b * order.length) / bins);
  return Array.from({ length: bins }, (_, b) => binOf(order.slice(edge(b), edge(b + 1)), predicted, observed));
}

/**
 * Expected calibration error: mean over items of their bin's |observed - predicted|, in [0, 1]; null without items.
 * Biased upwards in small samples.
 * Source: Naeini, Cooper & Hauskrecht 2015.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number | null {
  const n = bins.reduce((total, bin) => total + bin.n, 0);
  return n === 0 ? null : bins.reduce((total, bin) => total + (bin.n / n) * gap(bin), 0);
}

/**
 * Interval of the expected calibration error over `equalMassBins` that covers at least 95 %. The plug-in error is the sum
 * of |gap| of bins whose gaps scatter by s: it is too high by something between nothing (gaps far from 0) and
 * sum w s sqrt(2/pi) (calibrated), and scatters by at most sqrt(sum w^2 s^2). Both ends allow for the worse. The bootstrap
 * does not do here: it covers 0 in under half of the samples of a calibrated judge. Null without items.
 * Source: mean and variance of the folded normal distribution (Leone, Nelson & Nottingham 1961).
 */
export function calibrationErrorInterval(
  predicted: readonly number[],
  observed: readonly number[],
  bins: number,
): Interval | null {
  requireSameLength(predicted, observed);
  const n = predicted.length;
  const error = expectedCalibrationError(equalMassBins(predicted, observed, bins));
  if (error === null) return null;
  const gaps = ascendingOrder(predicted).map((item) => observed[item]! - predicted[item]!);
  const overall = gaps.reduce((total, value) => total + value * value, 0) / n;
  let bias = 0;
  let variance = 0;
  for (let b = 0; b < bins; b++) {
    const own = gaps.slice(Math.floor((b * n) / bins), Math.floor(((b + 1) * n) / bins));
    if (own.length === 0) continue;
    const center = own.reduce((total, value) => total + value, 0) / own.length;
    const squares = own.reduce((total, value) => total + (value - center) ** 2, 0);
    // Few items may all end alike by chance: one pseudo-item of the overall spread.
    const scatter = Math.sqrt((squares + overall) / own.length / own.length);
    bias += (own.length / n) * scatter * Math.sqrt(2 / Math.PI);
    variance += ((own.length / n) * scatter) ** 2;
  }
  const spread = Z_95 * Math.sqrt(variance);
  return [Math.max(0, error - bias - spread), Math.min(1, error + spread)];
}

/**
 * The error that a perfectly calibrated judge with these probabilities shows on so many items, mean over resamples with
 * outcomes drawn by them: what is below it says nothing. Null without items.
 */
export function calibrationNoiseFloor(
  predicted: readonly number[],
  bins: number,
  options: { readonly seed?: number; readonly resamples?: number } = {},
): number | null {
  const { seed = 1, resamples = 200 } = options;
  const n = predicted.length;
  if (n === 0) return null;
  const random = createRandom(seed);
  const sorted = Float64Array.from(predicted).sort();
  let total = 0;
  for (let r = 0; r < resamples; r++) {
    for (let b = 0; b < bins; b++) {
      let gapSum = 0;
      for (let i = Math.floor((b * n) / bins); i < Math.floor(((b + 1) * n) / bins); i++) {
        gapSum += Number(random() < sorted[i]!) - sorted[i]!;
      }
      total += Math.abs(gapSum) / n;
    }
  }
  return total / resamples;
}

/** The largest gap of any bin; null without items. */
export function maximumCalibrationError(bins: readonly CalibrationBin[]): number | null {
  const gaps = bins.filter((bin) => bin.n > 0).map(gap);
  return gaps.length === 0 ? null : Math.max(...gaps);
}

/** Brier score and its decomposition by distinct prediction; null without items. Source: Murphy 1973. */
export function brierParts(predicted: readonly number[], observed: readonly number[]): BrierParts | null {
  requireSameLength(predicted, observed);
  const n = predicted.length;
  if (n === 0) return null;
  const groups = new Map<number, { n: number; hits: number }>();
  let squares = 0;
  let hits = 0;
  predicted.forEach((p, i) => {
    const y = observed[i]!;
    const group = groups.get(p) ?? { n: 0, hits: 0 };
    groups.set(p, { n: group.n + 1, hits: group.hits + y });
    squares += (p - y) ** 2;
    hits += y;
  });
  const rate = hits / n;
  let reliability = 0;
  let resolution = 0;
  for (const [p, group] of groups) {
    reliability += (group.n / n) * (p - group.hits / group.n) ** 2;
    resolution += (group.n / n) * (group.hits / group.n - rate) ** 2;
  }
  return { brier: squares / n, reliability, resolution, uncertainty: rate * (1 - rate) };
}

/** Mean negative log likelihood in nats, predictions clipped to [1e-15, 1 - 1e-15]; null without items. */
export function logLoss(predicted: readonly number[], observed: readonly number[]): number | null {
  requireSameLength(predicted, observed);
  if (predicted.length === 0) return null;
  let total = 0;
  predicted.forEach((raw, i) => {
    const p = Math.min(1 - LOG_LOSS_MARGIN, Math.max(LOG_LOSS_MARGIN, raw));
    const y = observed[i]!;
    total -= y * Math.log(p) + (1 - y) * Math.log(1 - p);
  });
  return total / predicted.length;
}

function binOf(indices: readonly number[], predicted: readonly number[], observed: readonly number[]): CalibrationBin {
  const n = indices.length;
  if (n === 0) return { n, meanPredicted: null, meanObserved: null };
  return {
    n,
    meanPredicted: indices.reduce((total, i) => total + predicted[i]!, 0) / n,
    meanObserved: indices.reduce((total, i) => total + observed[i]!, 0) / n,
  };
}

function gap(bin: CalibrationBin): number {
  return Math.abs((bin.meanObserved ?? 0) - (bin.meanPredicted ?? 0));
}
