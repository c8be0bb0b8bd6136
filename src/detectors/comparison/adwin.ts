/**
 * A run of 2^row consecutive values kept as two numbers.
 */
interface Bucket {
  readonly total: number;
  /** Sum of squared distances from the bucket's mean. */
  readonly squares: number;
}

/**
 * Which of river's releases to follow: up to 0.21 the newest bucket of each row was passed over when cuts were tried,
 * from 0.22 on every cut is tried, which finds changes sooner.
 */
export type AdwinVariant = 'river-0.21' | 'river-0.22';

/** Adaptive window in exponential buckets. Plain JSON, about 6 log2(width / 6) buckets; changed in place by `stepAdwin`. */
export interface AdwinState {
  readonly delta: number;
  readonly variant: AdwinVariant;
  /** `rows[r]` holds buckets of 2^r values, oldest first; the last row is the oldest part of the window. */
  readonly rows: Bucket[][];
  width: number;
  total: number;
  squares: number;
  /** Items since the start, not reduced by cuts. */
  seen: number;
}

/** Buckets a row may hold; one more and its two oldest become one of the next row. */
const BUCKETS_PER_ROW = 5;
/** Cuts are tried at every 32nd item, on windows above 10 values, between parts of at least 5. */
const CLOCK = 32;
const GRACE = 10;
const SMALLEST_PART = 5;

/** The state before the first item; `delta` is the confidence parameter, 0.002 by default in river. */
export function createAdwin(delta: number, variant: AdwinVariant = 'river-0.22'): AdwinState {
  return { delta, variant, rows: [[]], width: 0, total: 0, squares: 0, seen: 0 };
}

/**
 * Takes in one value, in place. True when the window was cut because its older and newer parts differ; the oldest
 * buckets are then dropped until they no longer do.
 * Source: Bifet & Gavalda 2007, ADWIN2, with the variance bound and the choices of river's ADWIN.
 */
export function stepAdwin(state: AdwinState, x: number): boolean {
  insert(state, x);
  state.seen += 1;
  if (state.seen % CLOCK !== 0 || state.width <= GRACE) return false;
  let cut = false;
  while (partsDiffer(state)) {
    dropOldest(state);
    cut = true;
  }
  return cut;
}

function insert(state: AdwinState, x: number): void {
  if (state.width > 0) {
    const distance = x - state.total / state.width;
    state.squares += (state.width * distance * distance) / (state.width + 1);
  }
  state.width += 1;
  state.total += x;
  state.rows[0]!.push({ total: x, squares: 0 });
  for (let r = 0; state.rows[r]!.length > BUCKETS_PER_ROW; r++) mergeOldestPair(state.rows, r);
}

function mergeOldestPair(rows: Bucket[][], r: number): void {
  const [a, b] = rows[r]!.splice(0, 2) as [Bucket, Bucket];
  const size = 2 ** r;
  const apart = a.total / size - b.total / size;
  const merged = { total: a.total + b.total, squares: a.squares + b.squares + (size * apart * apart) / 2 };
  if (rows[r + 1] === undefined) rows.push([]);
  rows[r + 1]!.push(merged);
}

function dropOldest(state: AdwinState): void {
  const r = state.rows.length - 1;
  const oldest = state.rows[r]!.shift()!;
  const size = 2 ** r;
  state.width -= size;
  state.total -= oldest.total;
  const apart = oldest.total / size - state.total / state.width;
  state.squares -= oldest.squares + (size * state.width * apart * apart) / (size + state.width);
  if (state.rows[r]!.length === 0 && r > 0) state.rows.pop();
}

/** Whether some cut separates an older from a newer part with means too far apart. */
function partsDiffer(state: AdwinState): boolean {
  let older = 0;
  let olderTotal = 0;
  for (let r = state.rows.length - 1; r >= 0; r--) {
    const row = state.rows[r]!;
    // The newest bucket of all is never on the older side; the old variant leaves out that of every row.
    const tried = state.variant === 'river-0.21' || r === 0 ? row.length - 1 : row.length;
    for (let k = 0; k < tried; k++) {
      older += 2 ** r;
      olderTotal += row[k]!.total;
      const newer = state.width - older;
      if (older < SMALLEST_PART || newer < SMALLEST_PART) continue;
      const difference = Math.abs(olderTotal / older - (state.total - olderTotal) / newer);
      if (difference > cutWidth(state, older, newer)) return true;
    }
  }
  return false;
}

function cutWidth(state: AdwinState, older: number, newer: number): number {
  const confidence = Math.log((2 * Math.log(state.width)) / state.delta);
  const harmonic = 1 / (older - SMALLEST_PART + 1) + 1 / (newer - SMALLEST_PART + 1);
  const variance = state.squares / state.width;
  return Math.sqrt(2 * harmonic * variance * confidence) + (2 / 3) * confidence * harmonic;
}
