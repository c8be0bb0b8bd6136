import { betsForDrops, DEFAULT_DROPS, STATISTIC_CAP } from './e-detector';
import { evidenceOf, type GrowingBaseline, type GrowingOptions, startGrowing } from './growing-baseline';
import { countScore, emptyCounts, type ScoreCounts } from './score-counts';

/** Detector of drops below a baseline that goes on learning from what it watches. Plain JSON. */
export interface GrowingDesign {
  readonly baseline: GrowingBaseline;
  readonly tolerance: number;
  readonly bets: readonly number[];
  readonly weights: readonly number[];
  /** The evidence is renewed when the values learned from have grown by this factor; > 1. Infinity: never. */
  readonly growth: number;
  /** Learning ends at so many values. */
  readonly mostValues: number;
}

export interface GrowingDesignOptions extends GrowingOptions {
  readonly tolerance?: number;
  readonly drops?: readonly number[];
  /** Default 1.25. */
  readonly growth?: number;
  /** Default 20,000. */
  readonly mostValues?: number;
}

/** Plain JSON, about 5 numbers per cell and one per distinct score; changed in place by `stepGrowing`. */
export interface GrowingState {
  readonly counts: ScoreCounts;
  /** Values counted, and how many it takes for the next renewal of the evidence. */
  size: number;
  renewAt: number;
  /** E-value of what was learned against each cell; null where nothing lies below the first edge. */
  evidence: readonly number[];
  evidenceBelow: number | null;
  /** Shiryaev-Roberts statistics, the evidence inside; cell by cell, the components of a cell side by side. */
  readonly shiryaevRoberts: number[];
  /** Statistic against means below all cells: no bet, only evidence times weight. */
  below: number;
  /** CUSUM statistics at the reference mean, for the evidence floor. */
  readonly cusum: number[];
}

/** Freezes a reference. Throws when it is empty. */
export function createGrowing(
  reference: readonly number[],
  options: GrowingDesignOptions,
): { design: GrowingDesign; state: GrowingState } {
  const { baseline, counts, size } = startGrowing(reference, options);
  const design = designGrowing(baseline, options);
  return { design, state: startDetector(design, counts, size) };
}

/** A detector's design over a frozen baseline; `range` bounds the values it will see. */
export function designGrowing(
  baseline: GrowingBaseline,
  options: Pick<GrowingDesignOptions, 'range' | 'tolerance' | 'drops' | 'growth' | 'mostValues'>,
): GrowingDesign {
  const { tolerance = 0, drops = DEFAULT_DROPS, growth = 1.25, mostValues = 20_000 } = options;
  const room = (options.range?.[1] ?? 1) - baseline.edges[0]! + tolerance;
  const bets = betsForDrops(drops, baseline.referenceVariance, room);
  return { baseline, tolerance, bets, weights: drops.map(() => 1 / drops.length), growth, mostValues };
}

/** The state before the first value, with `size` counted values learned; takes ownership of `counts`. */
export function startDetector(design: GrowingDesign, counts: ScoreCounts, size: number): GrowingState {
  const { cells, below } = evidenceOf(design.baseline, counts, size);
  const { bets, growth } = design;
  return {
    counts,
    size,
    renewAt: growth === Infinity ? Number.MAX_SAFE_INTEGER : Math.ceil(size * growth),
    evidence: cells,
    evidenceBelow: below,
    shiryaevRoberts: new Array<number>(cells.length * bets.length).fill(0),
    below: 0,
    cusum: bets.map(() => 0),
  };
}

/** A second detector on the same values and baseline, which learns nothing itself; see `followEvidence`. */
export function startFollower(design: GrowingDesign, leader: GrowingState): GrowingState {
  const follower = startDetector({ ...design, growth: Infinity }, emptyCounts(), 0);
  followEvidence(follower, leader);
  return follower;
}

/** To be called after both took in the same value: from the next one on the follower goes by what the leader learned. */
export function followEvidence(follower: GrowingState, leader: GrowingState): void {
  follower.evidence = leader.evidence;
  follower.evidenceBelow = leader.evidenceBelow;
}

/**
 * Takes in one value, in place, and returns the statistic: an alarm is due when it reaches the threshold.
 *
 * Per candidate mean m: R(m) <- (weight K(m) + R(m))(1 + bet (m - tolerance - x)), with K(m) the evidence, as of then,
 * of everything seen before x; the statistic is the smallest over m. A start of the change at item s is thus weighed
 * against a baseline of all values before s, so the baseline sharpens while nothing happens. Nothing is forgotten: the
 * starts right after the reference stay in the sum, hence a slow decline is not absorbed.
 *
 * Why false alarms keep to one per A: let mu be the constant mean. The statistic is at most R(mu), and
 * R_t(mu) - sum of w_s K_{s-1}(mu) is a supermartingale, so between resets A P(alarm) <= E[sum of w_s K_{s-1}(mu)]; K is an
 * e-value at every s, fixed before s, hence over any horizon A E[alarms] <= sum of w_s. This is the bound of
 * `learned-baseline.ts`, with the mean over references and streams, and needs weights that do not depend on the scores.
 * The price: it is a test for "lower than it ever was before", so a rise followed by a return is a drop.
 *
 * Source: e-detectors, Shin, Ramdas & Rinaldo, arXiv:2203.03532 (sums over starts); betting e-values,
 * Waudby-Smith & Ramdas, arXiv:2010.09686. The predictable weight per start is our own.
 */
export function stepGrowing(design: GrowingDesign, state: GrowingState, x: number, weight = 1): number {
  const { baseline, bets, weights, tolerance } = design;
  const { edges } = baseline;
  const { shiryaevRoberts, evidence } = state;
  const components = bets.length;
  if (state.evidenceBelow !== null) state.below += weight * state.evidenceBelow;
  let value = state.evidenceBelow === null ? Infinity : state.below;
  for (let i = 0; i < evidence.length; i++) {
    const shortfall = edges[i]! - tolerance - x;
    const fresh = weight * evidence[i]!;
    let mixture = 0;
    for (let k = 0; k < components; k++) {
      const at = i * components + k;
      const grown = (fresh + shiryaevRoberts[at]!) * (1 + bets[k]! * shortfall);
      const r = grown < STATISTIC_CAP ? grown : STATISTIC_CAP;
      shiryaevRoberts[at] = r;
      mixture += weights[k]! * r;
    }
    if (mixture < value) value = mixture;
  }
  stepFloor(design, state, x);
  learn(design, state, x);
  return value;
}

/** Mixture CUSUM at the reference mean, to hold against `EVIDENCE_FLOOR`. */
export function growingFloor(design: GrowingDesign, state: GrowingState): number {
  return design.weights.reduce((total, weight, k) => total + weight * state.cusum[k]!, 0);
}

/** After an alarm was acknowledged: the statistics start again, what was learned stays. */
export function resetGrowing(state: GrowingState): void {
  state.shiryaevRoberts.fill(0);
  state.cusum.fill(0);
  state.below = 0;
}

/** Learns from a value after it was tested, never before. */
function learn(design: GrowingDesign, state: GrowingState, x: number): void {
  if (design.growth === Infinity || state.size >= design.mostValues) return;
  countScore(state.counts, x);
  state.size += 1;
  if (state.size < state.renewAt) return;
  state.renewAt = Math.ceil(state.size * design.growth);
  const renewed = evidenceOf(design.baseline, state.counts, state.size);
  state.evidence = renewed.cells;
  state.evidenceBelow = renewed.below;
}

function stepFloor(design: GrowingDesign, state: GrowingState, x: number): void {
  const shortfall = design.baseline.referenceMean - design.tolerance - x;
  for (let k = 0; k < design.bets.length; k++) {
    const before = state.cusum[k]!;
    const after = (before > 1 ? before : 1) * (1 + design.bets[k]! * shortfall);
    state.cusum[k] = after < STATISTIC_CAP ? after : STATISTIC_CAP;
  }
}
