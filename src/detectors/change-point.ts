/**
 * Where the present excursion of each component's log CUSUM began. Plain JSON; changed in place by `stepChangePoint`.
 */
export interface ChangePointState {
  /** Log evidence of the present excursion. */
  readonly evidence: number[];
  /** Position (index, or time) at which it began; meaningless while no item was seen. */
  readonly start: number[];
}

/** The likeliest position of a change, from the component with the most evidence. */
export interface ChangePoint {
  readonly start: number;
  readonly evidence: number;
}

/** The state before the first item, for so many components. */
export function createChangePoint(components: number): ChangePointState {
  return { evidence: new Array<number>(components).fill(0), start: new Array<number>(components).fill(0) };
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
  for (let k = 0; k < bets.length; k++) {
    if (state.evidence[k]! <= 0) {
      state.evidence[k] = 0;
      state.start[k] = position;
    }
    state.evidence[k]! += Math.log1p(bets[k]! * (baseline - x));
  }
}

/** Start of the excursion with the largest evidence; the first such component on ties. Null without components. */
export function readChangePoint(state: ChangePointState): ChangePoint | null {
  let best: ChangePoint | null = null;
  state.evidence.forEach((evidence, k) => {
    if (best === null || evidence > best.evidence) best = { start: state.start[k]!, evidence };
  });
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
