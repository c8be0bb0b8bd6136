/**
 * How often each score was seen, on a grid of 1/1000: all that evidence with one bet for every item needs. Plain JSON,
 * ascending scores, as many entries as there are distinct ones. `{ thousandths: [0, 1000], counts: [3, 17] }`: 3 fails,
 * 17 passes. Changed in place by `countScore`.
 */
export interface ScoreCounts {
  readonly thousandths: number[];
  readonly counts: number[];
}

const GRID = 1000;
/** Scores that are whole thousandths but for rounding are not rounded down a step. */
const ROUNDING = 1e-6;

/** Before the first score. */
export function emptyCounts(): ScoreCounts {
  return { thousandths: [], counts: [] };
}

/** Takes in a score, rounded down to the grid; in place. */
export function countScore(state: ScoreCounts, x: number): void {
  const at = Math.floor(x * GRID + ROUNDING);
  let low = 0;
  let high = state.thousandths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (state.thousandths[middle]! < at) low = middle + 1;
    else high = middle;
  }
  if (state.thousandths[low] === at) state.counts[low]! += 1;
  else {
    state.thousandths.splice(low, 0, at);
    state.counts.splice(low, 0, 1);
  }
}

/**
 * Log capital after betting `bet` on every counted score that the mean is above g (sign 1) or below g (sign -1).
 * Scores count as the end of their grid step that is worse for the bet, so rounding never adds evidence.
 *
 * Factors of scores seen once or twice are multiplied, and their product taken the logarithm of now and then: each lies in
 * [1/4, 1 + 3/4 of the range], so a hundred of them stay far from either end of a double.
 */
export function logCapital(state: ScoreCounts, bet: number, g: number, sign: 1 | -1): number {
  const { thousandths, counts } = state;
  let log = 0;
  let product = 1;
  let factors = 0;
  for (let i = 0; i < counts.length; i++) {
    const at = thousandths[i]! / GRID;
    const x = sign === 1 || Number.isInteger(at) ? at : at + 1 / GRID;
    const gain = sign * bet * (x - g);
    const count = counts[i]!;
    if (count > 2) {
      log += count * Math.log1p(gain);
      continue;
    }
    product *= count === 1 ? 1 + gain : (1 + gain) * (1 + gain);
    factors += count;
    if (factors < MOST_FACTORS) continue;
    log += Math.log(product);
    product = 1;
    factors = 0;
  }
  return log + Math.log(product);
}

const MOST_FACTORS = 100;
