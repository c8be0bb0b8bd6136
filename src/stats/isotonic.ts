import { requireSameLength } from './moments';
import { ascendingOrder } from './ranks';

/**
 * Rising step function from a cheap score to the ensemble score expected there. Plain JSON. Step b covers scores up to
 * and including `upTo[b]`, the last one all higher scores: `{upTo: [0.4, 1], value: [0.2, 0.9], weight: [30, 50]}`.
 */
export interface CalibrationMap {
  readonly upTo: readonly number[];
  readonly value: readonly number[];
  /** Weight of the items each step was fitted to. */
  readonly weight: readonly number[];
}

const DEFAULT_BINS = 20;
/** A segment's own steps count as much as the common map once they weigh this much. */
const SEGMENT_PRIOR = 20;

/**
 * Fits E[ensemble score | cheap score] on escalated items: bins of equal weight by cheap score, their means made
 * non-decreasing by pooling adjacent violators.
 *
 * @param cheap scores in [0, 1]; @param ensemble scores of the same items; @param weights 1/pi of each, > 0.
 * @returns null without items. Use it only for items that arrive after the fit.
 *
 * Source: Ayer et al. 1955 (pool adjacent violators); Zadrozny & Elkan 2002 (isotonic calibration).
 */
export function fitCalibrationMap(
  cheap: readonly number[],
  ensemble: readonly number[],
  weights: readonly number[],
  bins: number = DEFAULT_BINS,
): CalibrationMap | null {
  requireSameLength(cheap, ensemble);
  requireSameLength(cheap, weights);
  if (cheap.length === 0) return null;
  const steps = weightedBins(cheap, ensemble, weights, bins);
  const pooled = poolAdjacentViolators(
    steps.map((step) => step.total / step.weight),
    steps.map((step) => step.weight),
  );
  return { upTo: steps.map((step) => step.upTo), value: pooled, weight: steps.map((step) => step.weight) };
}

/** The map's value at a cheap score. */
export function applyCalibrationMap(map: CalibrationMap, cheap: number): number {
  return map.value[stepIndex(map, cheap)]!;
}

/**
 * Map of one segment: in each step the mean of the segment's own items, pulled towards the common map as if that had
 * weight 20. Not necessarily rising.
 */
export function shrinkToSegment(
  common: CalibrationMap,
  cheap: readonly number[],
  ensemble: readonly number[],
  weights: readonly number[],
): CalibrationMap {
  requireSameLength(cheap, ensemble);
  requireSameLength(cheap, weights);
  const weight = common.value.map(() => 0);
  const total = common.value.map(() => 0);
  cheap.forEach((score, i) => {
    const step = stepIndex(common, score);
    weight[step]! += weights[i]!;
    total[step]! += weights[i]! * ensemble[i]!;
  });
  const value = common.value.map((level, b) => (total[b]! + SEGMENT_PRIOR * level) / (weight[b]! + SEGMENT_PRIOR));
  return { upTo: common.upTo, value, weight };
}

/**
 * Non-decreasing values closest to `values` in weighted least squares; weights > 0.
 * Source: Ayer et al. 1955.
 */
export function poolAdjacentViolators(values: readonly number[], weights: readonly number[]): number[] {
  requireSameLength(values, weights);
  const blocks: { value: number; weight: number; count: number }[] = [];
  values.forEach((value, i) => {
    let block = { value, weight: weights[i]!, count: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.value > block.value; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      const pooled = (last.value * last.weight + block.value * block.weight) / weight;
      block = { value: pooled, weight, count: last.count + block.count };
    }
    blocks.push(block);
  });
  return blocks.flatMap((block) => new Array<number>(block.count).fill(block.value));
}

function stepIndex(map: CalibrationMap, cheap: number): number {
  const index = map.upTo.findIndex((edge) => cheap <= edge);
  return index < 0 ? map.upTo.length - 1 : index;
}

/** Bins of about equal weight in ascending order of score; equal scores share a bin. */
function weightedBins(
  cheap: readonly number[],
  ensemble: readonly number[],
  weights: readonly number[],
  bins: number,
): { upTo: number; weight: number; total: number }[] {
  const all = weights.reduce((a, b) => a + b, 0);
  const steps: { upTo: number; weight: number; total: number }[] = [];
  let seen = 0;
  for (const i of ascendingOrder(cheap)) {
    const last = steps.at(-1);
    const startsBin = last === undefined || (seen >= (steps.length * all) / bins && cheap[i]! > last.upTo);
    if (startsBin) steps.push({ upTo: cheap[i]!, weight: 0, total: 0 });
    const step = steps.at(-1)!;
    step.upTo = cheap[i]!;
    step.weight += weights[i]!;
    step.total += weights[i]! * ensemble[i]!;
    seen += weights[i]!;
  }
  return steps;
}
