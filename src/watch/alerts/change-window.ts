import type { ChangeInterval, LevelEstimate } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import {
  type ChangePointState,
  createChangePoint,
  plausibleStarts,
  readChangePoint,
  stepChangePoint,
} from '../../detectors/change-point';
import { clipInterval, waldInterval } from '../../stats/interval';

/** A stretch of a series: event time of its first and last value, their sums, and the evidence of each component. */
interface Bucket {
  readonly from: EpochMs;
  to: EpochMs;
  n: number;
  sum: number;
  squares: number;
  readonly evidence: number[];
}

/**
 * The recent past of a series, as far back as a change may have begun. Plain JSON, at most `MOST_BUCKETS` buckets: they
 * are joined in pairs when there are more, and dropped once no change can have begun in them.
 */
export interface ChangeWindow {
  readonly baseline: number;
  readonly bets: readonly number[];
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
const FIRST_SIZE = 2;

/**
 * Bets d / (variance + d^2) without the room that a detector must leave: nothing is guaranteed here, and values beyond
 * what the largest bet can bear are clipped.
 */
export function createChangeWindow(baseline: number, variance: number): ChangeWindow {
  const bets = DROPS.map((drop) => drop / (variance + drop * drop));
  return { baseline, bets, points: createChangePoint(bets.length), buckets: [], size: FIRST_SIZE };
}

/** Takes in one value, in place; `at` must not fall. */
export function stepChangeWindow(window: ChangeWindow, value: number, at: EpochMs): void {
  const x = Math.min(value, window.baseline + 0.9 / Math.max(...window.bets));
  stepChangePoint(window.bets, window.baseline, window.points, x, at);
  let last = window.buckets.at(-1);
  if (last === undefined || last.n >= window.size) {
    last = { from: at, to: at, n: 0, sum: 0, squares: 0, evidence: window.bets.map(() => 0) };
    window.buckets.push(last);
    shorten(window);
  }
  last.to = at;
  last.n += 1;
  last.sum += value;
  last.squares += value * value;
  window.bets.forEach((bet, k) => (last.evidence[k]! += Math.log1p(bet * (window.baseline - x))));
}

function shorten(window: ChangeWindow): void {
  const earliest = Math.min(...window.points.start);
  let first = window.buckets.findIndex(({ to }) => to >= earliest);
  if (first < 0) first = window.buckets.length - 1;
  if (first > LEAD) window.buckets.splice(0, first - LEAD);
  if (window.buckets.length <= LEAD + 2) window.size = FIRST_SIZE;
  if (window.buckets.length <= MOST_BUCKETS) return;
  const joined: Bucket[] = [];
  for (let i = 0; i < window.buckets.length; i += 2) {
    const [a, b] = [window.buckets[i]!, window.buckets[i + 1]];
    joined.push(
      b === undefined
        ? a
        : {
            from: a.from,
            to: b.to,
            n: a.n + b.n,
            sum: a.sum + b.sum,
            squares: a.squares + b.squares,
            evidence: a.evidence.map((value, k) => value + b.evidence[k]!),
          },
    );
  }
  window.buckets = joined;
  window.size *= 2;
}

/** When the present excursion began and how far back and forth that is plausible; null before the first value. */
export function changeOf({ points, buckets }: ChangeWindow): ChangeInterval | null {
  const best = readChangePoint(points);
  if (best === null || buckets.length === 0) return null;
  const component = points.evidence.indexOf(best.evidence);
  const range = plausibleStarts(buckets.map(({ evidence }) => evidence[component]!));
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

/** `variance` divided by n. The interval is that of a window fixed in advance, clipped to [0, 1]. */
export function toLevel(n: number, mean: number, variance: number): LevelEstimate {
  const error = Math.sqrt(variance / Math.max(1, n - 1));
  const [lower, upper] = clipInterval(waldInterval(mean, error), 0, 1);
  return { mean, lower, upper, items: n };
}
