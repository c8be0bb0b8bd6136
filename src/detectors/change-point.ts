import { BATCH_STRIDE, createBatch, type ValueBatch } from './value-batch';

/**
 * Where the present excursion of each component's log CUSUM began. Plain JSON; changed in place by `stepChangePoint`.
 */
export interface ChangePointState {
  /** Evidence of the present excursion is the logarithm of `factor` on top of this; 0 until the factor grows out of hand. */
  readonly evidence: number[];
  readonly factor: number[];
  /** Position (index, or time) at which it began; meaningless while no item was seen. */
  readonly start: number[];
}

/** The likeliest position of a change, from the component with the most evidence. */
export interface ChangePoint {
  readonly start: number;
  readonly evidence: number;
  readonly component: number;
}

/** The state before the first item, for so many components. */
export function createChangePoint(components: number): ChangePointState {
  return {
    evidence: new Array<number>(components).fill(0),
    factor: new Array<number>(components).fill(1),
    start: new Array<number>(components).fill(0),
  };
}

/**
 * Takes in one value at `position` (index or epoch milliseconds, not falling), in place. Per component: where the
 * evidence is not above 0 the excursion starts afresh here; then it grows by ln(1 + bet (baseline - x)).
 * Source: Page 1954; maximum-likelihood change time of the CUSUM, Hinkley 1970.
 */
export function stepChangePoint(
  bets: readonly number[],
  baseline: number,
  state: ChangePointState,
  x: number,
  position: number,
): void {
  ONE[0] = x;
  ONE[2] = position;
  const design = { bets, baseline, ceiling: Infinity };
  const product = bets.map(() => 1);
  for (let k = 0; k < bets.length; k++) growExcursion(state, k, design, ONE, 0, 1, product);
}

const ONE = createBatch(1);
const STRIDE = BATCH_STRIDE;

/** Bets of the components against a baseline; values above the ceiling count as that. */
export interface ChangePointDesign {
  readonly bets: readonly number[];
  readonly baseline: number;
  readonly ceiling: number;
}

/**
 * Takes the values from `from` up to `to` into component k, in place: the same to the bit as one by one. What its evidence
 * grows by, as a factor, goes into `product[k]` as well.
 */
export function growExcursion(
  { evidence, factor, start }: ChangePointState,
  k: number,
  { bets, baseline, ceiling }: ChangePointDesign,
  batch: ValueBatch,
  from: number,
  to: number,
  product: number[],
): void {
  const bet = bets[k]!;
  let whole = product[k]!;
  let grown = factor[k]!;
  for (let t = STRIDE * from; t < STRIDE * to; t += STRIDE) {
    const x = batch[t]!;
    const by = 1 + bet * (baseline - (x < ceiling ? x : ceiling));
    whole *= by;
    if (grown <= 1 && evidence[k]! <= 0) {
      evidence[k] = 0;
      grown = 1;
      start[k] = batch[t + 2]!;
    }
    grown *= by;
    // Logarithms would cost more than all the rest; they are taken only where the product would leave a double's range.
    if (grown < LARGEST && grown > SMALLEST) continue;
    evidence[k]! += Math.log(grown);
    grown = 1;
  }
  factor[k] = grown;
  product[k] = whole;
}

const LARGEST = 1e200;
const SMALLEST = 1 / LARGEST;

/** Log evidence of the present excursion of component k. */
export function excursionOf({ evidence, factor }: ChangePointState, k: number): number {
  return evidence[k]! + Math.log(factor[k]!);
}

/** Start of the excursion with the largest evidence; the first such component on ties. Null without components. */
export function readChangePoint(state: ChangePointState): ChangePoint | null {
  let best: ChangePoint | null = null;
  for (let k = 0; k < state.start.length; k++) {
    const evidence = excursionOf(state, k);
    if (best === null || evidence > best.evidence) best = { start: state.start[k]!, evidence, component: k };
  }
  return best;
}

/**
 * Plausible starts of a change from log evidence summed over buckets (5 minutes, say), oldest first: first and last
 * bucket whose evidence from there to the end is within ln(odds) of the largest. Approximate; null without buckets.
 */
export function plausibleStarts(bucketEvidence: readonly number[], odds = 20): [first: number, last: number] | null {
  const fromHere: number[] = new Array<number>(bucketEvidence.length).fill(0);
  let total = 0;
  for (let j = bucketEvidence.length - 1; j >= 0; j--) {
    total += bucketEvidence[j]!;
    fromHere[j] = total;
  }
  const limit = Math.max(...fromHere) - Math.log(odds);
  const first = fromHere.findIndex((evidence) => evidence >= limit);
  return first < 0 ? null : [first, fromHere.findLastIndex((evidence) => evidence >= limit)];
}
