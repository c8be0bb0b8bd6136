import { betsForDrops, STATISTIC_CAP } from './e-detector';
import {
  addValue,
  type CellEvidence,
  evidenceOf,
  type GrowingBaseline,
  type GrowingOptions,
  startGrowing,
} from './growing-baseline';
import { emptyPowers, type PowerSums } from './power-sums';
import { BATCH_STRIDE, createBatch, type ValueBatch } from './value-batch';

/** Here, so that the engine knows them for constants: read from another module, each step would make a number on the heap. */
const CAP = STATISTIC_CAP;
const STRIDE = BATCH_STRIDE;

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
  /** Default 1.1: with 1.25 some drops took up to 5 % longer. */
  readonly growth?: number;
  /** Default 20,000. */
  readonly mostValues?: number;
}

/** Plain JSON, two numbers per cell and component; changed in place by `stepGrowing`. */
export interface GrowingState {
  /** Of the values learned from. */
  readonly sums: PowerSums;
  /** So many values learned from, and the evidence is renewed. */
  renewAt: number;
  /** E-values of what was learned against each cell, cell by cell, those of its components side by side. */
  evidence: readonly number[];
  /** The same against means below all cells; null where nothing lies below the first edge. */
  evidenceBelow: number | null;
  /** Shiryaev-Roberts statistics over their present evidence; cell by cell, the components of a cell side by side. */
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
  const { baseline, sums } = startGrowing(reference, options);
  const design = designGrowing(baseline, options);
  return { design, state: startDetector(design, sums) };
}

/** A detector's design over a frozen baseline; `range` bounds the values it will see. */
export function designGrowing(
  baseline: GrowingBaseline,
  options: Pick<GrowingDesignOptions, 'range' | 'tolerance' | 'growth' | 'mostValues'>,
): GrowingDesign {
  const { tolerance = 0, growth = 1.1, mostValues = 20_000 } = options;
  const { drops } = baseline;
  const room = (options.range?.[1] ?? 1) - baseline.edges[0]! + tolerance;
  const bets = betsForDrops(drops, baseline.referenceVariance, room);
  return { baseline, tolerance, bets, weights: drops.map(() => 1 / drops.length), growth, mostValues };
}

/** The state before the first value, with what `sums` are of learned; takes ownership of them. */
export function startDetector(design: GrowingDesign, sums: PowerSums): GrowingState {
  return startOn(design, sums, evidenceOf(design.baseline, sums));
}

function startOn({ bets, growth }: GrowingDesign, sums: PowerSums, { cells, below }: CellEvidence): GrowingState {
  return {
    sums,
    renewAt: growth === Infinity ? Number.MAX_SAFE_INTEGER : Math.ceil(sums[0]! * growth),
    evidence: cells,
    evidenceBelow: below,
    shiryaevRoberts: cells.map(() => 0),
    below: 0,
    cusum: bets.map(() => 0),
  };
}

/** As it was while counts of the values by thousandths were kept, and components did not have evidence of their own. */
export interface CountedState extends Omit<GrowingState, 'sums'> {
  readonly counts: { readonly thousandths: readonly number[]; readonly counts: readonly number[] };
  readonly size: number;
}

/**
 * A state of before is made into one of now. Where the components shared their evidence, which was inside their statistics,
 * they go by that until it is renewed.
 */
export function upgradeGrowing({ baseline, bets }: GrowingDesign, state: GrowingState | CountedState): GrowingState {
  if ('sums' in state) return state;
  const { counts, size: _, ...rest } = state;
  const sums = emptyPowers();
  counts.thousandths.forEach((thousandth, i) => {
    for (let seen = counts.counts[i]!; seen > 0; seen--) addValue(baseline, sums, thousandth / 1000);
  });
  if (rest.evidence.length === rest.shiryaevRoberts.length) return { sums, ...rest };
  const evidence = rest.evidence.flatMap((value) => new Array<number>(bets.length).fill(value));
  return { sums, ...rest, evidence, shiryaevRoberts: rest.shiryaevRoberts.map((value, i) => value / evidence[i]!) };
}

/** A second detector on the same values and baseline, which learns nothing itself; see `followEvidence`. */
export function startFollower(design: GrowingDesign, leader: GrowingState): GrowingState {
  const { evidence: cells, evidenceBelow: below } = leader;
  return startOn({ ...design, growth: Infinity }, emptyPowers(), { cells, below });
}

/** To be called after both took in the same value: from the next one on the follower goes by what the leader learned. */
export function followEvidence(follower: GrowingState, leader: GrowingState): void {
  if (follower.evidence !== leader.evidence) renewEvidence(follower, leader.evidence, leader.evidenceBelow);
}

/** Starts up to now keep the evidence that they were made under, in place. */
function renewEvidence(state: GrowingState, evidence: readonly number[], below: number | null): void {
  const { shiryaevRoberts, evidence: before } = state;
  for (let i = 0; i < shiryaevRoberts.length; i++) shiryaevRoberts[i]! *= before[i]! / evidence[i]!;
  state.evidence = evidence;
  state.evidenceBelow = below;
}

/**
 * Takes in one value, in place, and returns the statistic: an alarm is due when it reaches the threshold.
 *
 * Per candidate mean m and component: R(m) <- (weight K(m) + R(m))(1 + bet (m - tolerance - x)), with K(m) the evidence, as
 * of then, of everything seen before x, by the component's own bet on it; the statistic is the smallest over m of the mixture
 * of the components. What is kept is R(m) / K(m), with K(m) as it is now. A start of the change at item s is thus weighed
 * against a baseline of all values before s, so the baseline sharpens while nothing happens. Nothing is forgotten: the
 * starts right after the reference stay in the sum, hence a slow decline is not absorbed.
 *
 * Why false alarms keep to one per A: let mu be the constant mean. The statistic is at most R(mu), and
 * R_t(mu) - sum of w_s K_{s-1}(mu) is a supermartingale, so between resets A P(alarm) <= E[sum of w_s K_{s-1}(mu)]; K, a mean
 * of the components', is an e-value at every s, fixed before s, hence over any horizon A E[alarms] <= sum of w_s. This is the bound of
 * `learned-baseline.ts`, with the mean over references and streams, and needs weights that do not depend on the scores.
 * The price: it is a test for "lower than it ever was before", so a rise followed by a return is a drop.
 *
 * Source: e-detectors, Shin, Ramdas & Rinaldo, arXiv:2203.03532 (sums over starts); betting e-values,
 * Waudby-Smith & Ramdas, arXiv:2010.09686. The predictable weight per start is our own.
 */
export function stepGrowing(design: GrowingDesign, state: GrowingState, x: number, weight = 1): number {
  ONE[0] = x;
  ONE[1] = weight;
  return stepGrowingBatch(design, state, ONE, 0, 1);
}

const ONE = createBatch(1);

/** How many values may be taken in at once: the evidence is renewed after the last of them. */
export function valuesToRenewal({ growth, mostValues }: GrowingDesign, { sums, renewAt }: GrowingState): number {
  return growth === Infinity || sums[0]! >= mostValues ? Infinity : renewAt - sums[0]!;
}

/**
 * Takes in the values from `from` up to `to`, at most `valuesToRenewal`, and returns the statistic after the last: the
 * same to the bit as one by one, in a fifth of the time, as the statistics of a cell stay where they are computed.
 */
export function stepGrowingBatch(
  design: GrowingDesign,
  state: GrowingState,
  batch: ValueBatch,
  from: number,
  to: number,
): number {
  const value = stepBelow(state, batch, from, to);
  const smallest = design.bets.length === 4 ? stepCellsOfFour : stepCells;
  const least = Math.min(value, smallest(design, state, batch, from, to));
  stepFloor(design, state, batch, from, to);
  if (state.sums[0]! < design.mostValues && design.growth !== Infinity) {
    for (let t = from; t < to; t++) learn(design, state, batch[STRIDE * t]!);
  }
  return least;
}

function stepBelow(state: GrowingState, batch: ValueBatch, from: number, to: number): number {
  const { evidenceBelow } = state;
  if (evidenceBelow === null) return Infinity;
  for (let t = from; t < to; t++) state.below += batch[STRIDE * t + 1]! * evidenceBelow;
  return state.below;
}

/** `stepCells` for four components, which is what is shipped: four chains of one addition and one product each. */
function stepCellsOfFour(
  { baseline, bets, weights, tolerance }: GrowingDesign,
  { shiryaevRoberts, evidence }: GrowingState,
  batch: ValueBatch,
  from: number,
  to: number,
): number {
  const [b0, b1, b2, b3] = [bets[0]!, bets[1]!, bets[2]!, bets[3]!];
  const [w0, w1, w2, w3] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  let least = Infinity;
  for (let i = 0; i < baseline.edges.length; i++) {
    const edge = baseline.edges[i]! - tolerance;
    const at = 4 * i;
    let r0 = shiryaevRoberts[at]!;
    let r1 = shiryaevRoberts[at + 1]!;
    let r2 = shiryaevRoberts[at + 2]!;
    let r3 = shiryaevRoberts[at + 3]!;
    for (let t = STRIDE * from; t < STRIDE * to; t += STRIDE) {
      const shortfall = edge - batch[t]!;
      const fresh = batch[t + 1]!;
      const g0 = (fresh + r0) * (1 + b0 * shortfall);
      const g1 = (fresh + r1) * (1 + b1 * shortfall);
      const g2 = (fresh + r2) * (1 + b2 * shortfall);
      const g3 = (fresh + r3) * (1 + b3 * shortfall);
      r0 = g0 < CAP ? g0 : CAP;
      r1 = g1 < CAP ? g1 : CAP;
      r2 = g2 < CAP ? g2 : CAP;
      r3 = g3 < CAP ? g3 : CAP;
    }
    shiryaevRoberts[at] = r0;
    shiryaevRoberts[at + 1] = r1;
    shiryaevRoberts[at + 2] = r2;
    shiryaevRoberts[at + 3] = r3;
    const mixture =
      w0 * evidence[at]! * r0 + w1 * evidence[at + 1]! * r1 + w2 * evidence[at + 2]! * r2 + w3 * evidence[at + 3]! * r3;
    if (mixture < least) least = mixture;
  }
  return least;
}

function stepCells(
  { baseline, bets, weights, tolerance }: GrowingDesign,
  { shiryaevRoberts, evidence }: GrowingState,
  batch: ValueBatch,
  from: number,
  to: number,
): number {
  let least = Infinity;
  for (let i = 0; i < baseline.edges.length; i++) {
    const edge = baseline.edges[i]! - tolerance;
    let mixture = 0;
    for (let k = 0; k < bets.length; k++) {
      const at = i * bets.length + k;
      for (let t = STRIDE * from; t < STRIDE * to; t += STRIDE) {
        const grown = (batch[t + 1]! + shiryaevRoberts[at]!) * (1 + bets[k]! * (edge - batch[t]!));
        shiryaevRoberts[at] = Math.min(CAP, grown);
      }
      mixture += weights[k]! * evidence[at]! * shiryaevRoberts[at]!;
    }
    if (mixture < least) least = mixture;
  }
  return least;
}

/** A detector with its state. */
export interface Growing {
  readonly design: GrowingDesign;
  readonly state: GrowingState;
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
function learn({ baseline, growth, mostValues }: GrowingDesign, state: GrowingState, x: number): void {
  const { sums } = state;
  if (sums[0]! >= mostValues) return;
  addValue(baseline, sums, x);
  if (sums[0]! < state.renewAt) return;
  state.renewAt = Math.ceil(sums[0]! * growth);
  const renewed = evidenceOf(baseline, sums);
  renewEvidence(state, renewed.cells, renewed.below);
}

function stepFloor(
  { baseline, tolerance, bets }: GrowingDesign,
  { cusum }: GrowingState,
  batch: ValueBatch,
  from: number,
  to: number,
): void {
  const mean = baseline.referenceMean - tolerance;
  for (let k = 0; k < bets.length; k++) {
    const bet = bets[k]!;
    let c = cusum[k]!;
    // Comparisons and not Math.max, which would make every product wait for the one before.
    for (let t = STRIDE * from; t < STRIDE * to; t += STRIDE) {
      const grown = (c > 1 ? c : 1) * (1 + bet * (mean - batch[t]!));
      c = grown < CAP ? grown : CAP;
    }
    cusum[k] = c;
  }
}
