/**
 * Shiryaev-Roberts e-detector for "the mean fell below the baseline", a mixture over a few bet sizes. For a rise feed
 * 1 - x with baseline 1 - m (and the range mirrored). Everything fixed before the first item.
 */
export interface EDetectorDesign {
  /** Pre-change mean m in [0, 1]: a target, or a lower bound of what was measured. */
  readonly baseline: number;
  /** The mean may lie this far below the baseline without that being a change; >= 0, default 0. */
  readonly tolerance: number;
  /** One bet per component, each > 0 and small enough that no observation can make a factor negative. */
  readonly bets: readonly number[];
  /** Mixture weights of the components, summing to 1. */
  readonly weights: readonly number[];
  /** Statistics stop here: bounds how long a detector nobody acknowledged takes to fall back. Default `STATISTIC_CAP`. */
  readonly cap: number;
}

/** What the design is made from. */
export interface EDetectorOptions {
  readonly baseline: number;
  /** Variance of the values before the change. A wrong one costs delay, never false alarms. */
  readonly variance: number;
  /** Largest possible value: 1 for scores, 1/pi of the smallest pi for pseudo-outcomes. Default 1. */
  readonly upperBound?: number;
  readonly tolerance?: number;
  /** Drops the components are tuned to; default `DEFAULT_DROPS`. */
  readonly drops?: readonly number[];
}

/** Plain JSON, two numbers per component; changed in place by `stepEDetector`. */
export interface EDetectorState {
  /** Shiryaev-Roberts statistics R, all 0 at the start: their mixture M is the value compared with the threshold. */
  readonly shiryaevRoberts: number[];
  /** CUSUM statistics C of the same bets, all 0 at the start: the evidence floor is read from their mixture. */
  readonly cusum: number[];
}

/** Drops in the mean that the default components are tuned to. */
export const DEFAULT_DROPS: readonly number[] = [0.025, 0.05, 0.1, 0.2];

/** With the evidence floor an alarm also asks for this much mixture CUSUM; it only ever removes alarms. */
export const EVIDENCE_FLOOR = 20;

/** Far above any threshold in use, and far from overflow. */
export const STATISTIC_CAP = 1e15;

/** A bet is at most this share of the largest one that keeps every factor positive. */
const ROOM_SHARE = 0.9;

/**
 * Bet tuned to each drop d: min(d / (variance + d^2), 0.9 / room), where room is the most an observation can exceed the
 * tolerated mean.
 * Source: growth-optimal bet to second order, Waudby-Smith & Ramdas, arXiv:2010.09686; components as in Shin, Ramdas &
 * Rinaldo, arXiv:2203.03532.
 */
export function betsForDrops(drops: readonly number[], variance: number, room: number): number[] {
  return drops.map((drop) => Math.min(drop / (variance + drop * drop), ROOM_SHARE / room));
}

/** Equal weights over the drops; bets with room upperBound - baseline + tolerance. */
export function designEDetector(options: EDetectorOptions): EDetectorDesign {
  const { baseline, variance, upperBound = 1, tolerance = 0, drops = DEFAULT_DROPS } = options;
  return {
    baseline,
    tolerance,
    bets: betsForDrops(drops, variance, upperBound - baseline + tolerance),
    weights: drops.map(() => 1 / drops.length),
    cap: STATISTIC_CAP,
  };
}

/** The state before the first item. */
export function createEDetector(design: EDetectorDesign): EDetectorState {
  return { shiryaevRoberts: design.bets.map(() => 0), cusum: design.bets.map(() => 0) };
}

/**
 * Takes in one value, in place, and returns the mixture M. While the mean is where the null hypothesis has it, the
 * expected sum of `weight` until M first reaches A is at least A: with weight 1 that many items, with weight the days
 * since the series' previous item that many days between false alarms. `weight` must be known before the value.
 *
 * R <- min(cap, (weight + R)(1 + bet (m - tolerance - x))), C <- min(cap, max(1, C)(1 + bet (m - tolerance - x))).
 *
 * Source: Shin, Ramdas & Rinaldo, arXiv:2203.03532 (e-SR and e-CUSUM procedures, mixtures); Roberts 1966.
 */
export function stepEDetector(design: EDetectorDesign, state: EDetectorState, x: number, weight = 1): number {
  const { shiryaevRoberts, cusum } = state;
  const { bets, weights, cap } = design;
  const shortfall = design.baseline - design.tolerance - x;
  let mixture = 0;
  for (let k = 0; k < bets.length; k++) {
    const factor = 1 + bets[k]! * shortfall;
    const grown = (weight + shiryaevRoberts[k]!) * factor;
    const r = grown < cap ? grown : cap;
    shiryaevRoberts[k] = r;
    const c = (cusum[k]! > 1 ? cusum[k]! : 1) * factor;
    cusum[k] = c < cap ? c : cap;
    mixture += weights[k]! * r;
  }
  return mixture;
}

/** Mixture Shiryaev-Roberts statistic M of a state. */
export function mixtureOf(design: EDetectorDesign, state: EDetectorState): number {
  return weightedSum(design.weights, state.shiryaevRoberts);
}

/** Mixture CUSUM of a state, to hold against the evidence floor. */
export function mixtureCusumOf(design: EDetectorDesign, state: EDetectorState): number {
  return weightedSum(design.weights, state.cusum);
}

/** True when M has reached the threshold A and, unless the floor is set to 0, the evidence floor is reached too. */
export function isAlarm(
  design: EDetectorDesign,
  state: EDetectorState,
  threshold: number,
  evidenceFloor: number = EVIDENCE_FLOOR,
): boolean {
  return mixtureOf(design, state) >= threshold && mixtureCusumOf(design, state) >= evidenceFloor;
}

/** Two-sided statistic from the detector on x and its mirror on 1 - x: the mean of both keeps the guarantee. */
export function twoSided(down: number, up: number): number {
  return (down + up) / 2;
}

function weightedSum(weights: readonly number[], values: readonly number[]): number {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]! * values[k]!;
  return total;
}
