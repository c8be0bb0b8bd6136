import type { ChangeInterval, LevelEstimate } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import {
  type ChangePointState,
  createChangePoint,
  growExcursion,
  plausibleStarts,
  readChangePoint,
} from '../../detectors/change-point';
import { BATCH_STRIDE, type ValueBatch } from '../../detectors/value-batch';
import { clipInterval, waldInterval } from '../../stats/interval';

/** A stretch of a series: event time of its first and last value, their sums, and the evidence of each component. */
interface Bucket {
  from: EpochMs;
  to: EpochMs;
  n: number;
  sum: number;
  squares: number;
  /** Log evidence is the logarithm of `factor` on top of this. */
  readonly evidence: number[];
  readonly factor: number[];
}

/**
 * The recent past of a series, as far back as a change may have begun. Plain JSON, at most `MOST_BUCKETS` buckets: they
 * are joined in pairs when there are more, and dropped once no change can have begun in them.
 */
export interface ChangeWindow {
  readonly baseline: number;
  readonly bets: readonly number[];
  /** What the largest bet can bear; greater values count as this. */
  readonly ceiling: number;
  readonly points: ChangePointState;
  buckets: Bucket[];
  /** Values per bucket; doubles with each joining. */
  size: number;
}

/** Sizes of change that the components are tuned to; smaller ones would start long before anything happened. */
const DROPS = [0.05, 0.1, 0.2, 0.4];
const MOST_BUCKETS = 48;
/** Kept in front of the earliest plausible start. */
const LEAD = 6;
const FIRST_SIZE = 8;

/**
 * Bets d / (variance + d^2) without the room that a detector must leave: nothing is guaranteed here, and values beyond
 * what the largest bet can bear are clipped.
 */
export function createChangeWindow(baseline: number, variance: number): ChangeWindow {
  const bets = DROPS.map((drop) => drop / (variance + drop * drop));
  const ceiling = baseline + 0.9 / Math.max(...bets);
  return { baseline, bets, ceiling, points: createChangePoint(bets.length), buckets: [], size: FIRST_SIZE };
}

/**
 * Takes in the first `n` values, in place; a time before the latest counts as that. Buckets and logarithms go by counts of
 * values, so the same values give the same to the bit however they are cut.
 */
export function stepChangeWindow(window: ChangeWindow, batch: ValueBatch, n: number): void {
  const { bets, points } = window;
  for (let from = 0; from < n;) {
    let last = window.buckets[window.buckets.length - 1];
    if (last === undefined || last.n >= window.size)
      last = nextBucket(window, Math.max(last?.to ?? -Infinity, batch[STRIDE * from + 2]!));
    // So often that no product leaves a double's range, and by count, so that it does not matter when the state is saved.
    const to = Math.min(n, from + window.size - last.n, from + FACTORS - (last.n % FACTORS));
    sumUp(last, batch, from, to);
    for (let k = 0; k < bets.length; k++) growExcursion(points, k, window, batch, from, to, last.factor);
    if (last.n % FACTORS === 0) takeLogarithms(last);
    from = to;
  }
}

/** Values and times into the sums of a bucket, in place; a time before its latest becomes that, in the batch as well. */
function sumUp(bucket: Bucket, batch: ValueBatch, from: number, to: number): void {
  let { to: latest, sum, squares } = bucket;
  for (let t = STRIDE * from; t < STRIDE * to; t += STRIDE) {
    const x = batch[t]!;
    sum += x;
    squares += x * x;
    if (batch[t + 2]! > latest) latest = batch[t + 2]!;
    else batch[t + 2] = latest;
  }
  bucket.n += to - from;
  bucket.to = latest;
  bucket.sum = sum;
  bucket.squares = squares;
}

const STRIDE = BATCH_STRIDE;
const FACTORS = 64;

function takeLogarithms({ evidence, factor }: Bucket): void {
  for (let k = 0; k < factor.length; k++) {
    evidence[k]! += Math.log(factor[k]!);
    factor[k] = 1;
  }
}

function evidenceAt({ evidence, factor }: Bucket, k: number): number {
  return evidence[k]! + Math.log(factor[k]!);
}

/** An empty one at the end, made from one that is no longer needed where there is such. */
function nextBucket(window: ChangeWindow, at: EpochMs): Bucket {
  const { bets } = window;
  const next = spareBucket(window) ?? {
    from: at,
    to: at,
    n: 0,
    sum: 0,
    squares: 0,
    evidence: bets.map(() => 0),
    factor: bets.map(() => 1),
  };
  next.from = at;
  window.buckets.push(next);
  if (window.buckets.length <= LEAD + 2) window.size = FIRST_SIZE;
  else if (window.buckets.length > MOST_BUCKETS) joinPairs(window);
  return next;
}

/** Takes out all but `LEAD` of the buckets before the earliest plausible start, and returns one of them, emptied. */
function spareBucket({ buckets, points }: ChangeWindow): Bucket | null {
  if (buckets.length <= LEAD) return null;
  let earliest = Infinity;
  for (const start of points.start) if (start < earliest) earliest = start;
  let first = LEAD;
  while (first < buckets.length && buckets[first]!.to < earliest) first += 1;
  if (first === LEAD) return null;
  const spare = buckets[0]!;
  if (first === LEAD + 1) buckets.shift();
  else buckets.splice(0, first - LEAD);
  spare.n = 0;
  spare.sum = 0;
  spare.squares = 0;
  spare.evidence.fill(0);
  spare.factor.fill(1);
  return spare;
}

function joinPairs(window: ChangeWindow): void {
  const { buckets } = window;
  const joined: Bucket[] = [];
  for (let i = 0; i < buckets.length; i += 2) {
    const [a, b] = [buckets[i]!, buckets[i + 1]];
    joined.push(b === undefined ? a : join(a, b));
  }
  window.buckets = joined;
  window.size *= 2;
}

/** The first becomes both. */
function join(a: Bucket, b: Bucket): Bucket {
  a.to = b.to;
  a.n += b.n;
  a.sum += b.sum;
  a.squares += b.squares;
  for (let k = 0; k < a.evidence.length; k++) a.evidence[k] = evidenceAt(a, k) + evidenceAt(b, k);
  a.factor.fill(1);
  return a;
}

/** States of before there were factors hold logarithms alone. In place. */
export function upgradeWindow(
  window: ChangeWindow | (Omit<ChangeWindow, 'ceiling'> & { ceiling?: number }),
): ChangeWindow {
  if (window.ceiling !== undefined) return window as ChangeWindow;
  const { baseline, bets, points, buckets } = window;
  const factors = points.evidence.map((log) => Math.exp(Math.min(log, 400)));
  return {
    ...createChangeWindow(baseline, 0),
    bets,
    ceiling: baseline + 0.9 / Math.max(...bets),
    points: { ...points, evidence: points.evidence.map((log) => Math.max(0, log - 400)), factor: factors },
    buckets: buckets.map((bucket) => ({ ...bucket, factor: bets.map(() => 1) })),
    size: window.size,
  };
}

/** When the present excursion began and how far back and forth that is plausible; null before the first value. */
export function changeOf({ points, buckets }: ChangeWindow): ChangeInterval | null {
  const best = readChangePoint(points);
  if (best === null || buckets.length === 0) return null;
  const range = plausibleStarts(buckets.map((bucket) => evidenceAt(bucket, best.component)));
  const from = range === null ? best.start : Math.min(best.start, buckets[range[0]]!.from);
  const to = range === null ? best.start : Math.max(best.start, buckets[range[1]]!.from);
  return { at: best.start, from, to };
}

/** Mean of the values in the buckets from `at` on, with its pointwise interval; null without values. */
export function levelSince({ buckets }: ChangeWindow, at: EpochMs): LevelEstimate | null {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const bucket of buckets) {
    if (bucket.to < at) continue;
    n += bucket.n;
    sum += bucket.sum;
    squares += bucket.squares;
  }
  return n === 0 ? null : toLevel(n, sum / n, Math.max(0, squares / n - (sum / n) ** 2));
}

/**
 * Mean while the level was down: from where the present excursion began up to where its evidence was largest. What came after
 * that is of a level that is back, where an alarm was held until it was. Chosen by the values, so for orientation only; null
 * before the first value.
 */
export function meanWhileDown({ points, buckets }: ChangeWindow): number | null {
  const best = readChangePoint(points);
  if (best === null) return null;
  let [n, sum, evidence] = [0, 0, 0];
  let down: { readonly evidence: number; readonly mean: number } | null = null;
  for (const bucket of buckets) {
    if (bucket.to < best.start || bucket.n === 0) continue;
    n += bucket.n;
    sum += bucket.sum;
    evidence += evidenceAt(bucket, best.component);
    if (down === null || evidence > down.evidence) down = { evidence, mean: sum / n };
  }
  return down?.mean ?? null;
}

/** `variance` divided by n. The interval is that of a window fixed in advance, clipped to [0, 1]. */
export function toLevel(n: number, mean: number, variance: number): LevelEstimate {
  const error = Math.sqrt(variance / Math.max(1, n - 1));
  const [lower, upper] = clipInterval(waldInterval(mean, error), 0, 1);
  return { mean, lower, upper, items: n };
}
