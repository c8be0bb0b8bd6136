import type { EpochMs } from '../../domain/time';

/** Sums over one stretch of event time; `squares` is 0 where only counts are kept. Plain JSON. */
export interface HistoryBucket {
  readonly from: EpochMs;
  n: number;
  sum: number;
  squares: number;
}

/** Oldest first: hours of the last two to three days, whole days before, 35 days of them. About 5 kB. */
export type History = HistoryBucket[];

/** A period of event time, `from` inclusive, `to` exclusive. */
export interface Period {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface PeriodMoments {
  readonly n: number;
  /** Null without values. */
  readonly mean: number | null;
  /** Divided by n - 1; null below two values. */
  readonly variance: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const KEPT_MS = 48 * HOUR_MS;
const KEPT_DAYS = 35;
const MOST_BUCKETS = 48 + KEPT_DAYS;

/** Takes in one value, in place. One that comes late counts to its own hour while that is kept, else to the oldest. */
export function addHistory(history: History, x: number, at: EpochMs): void {
  const last = history[history.length - 1];
  // The latest is an hour, and nearly always the one.
  const bucket =
    last !== undefined && at >= last.from && at < last.from + HOUR_MS
      ? last
      : bucketAt(history, Math.floor(at / HOUR_MS) * HOUR_MS);
  bucket.n += 1;
  bucket.sum += x;
  bucket.squares += x * x;
}

function bucketAt(history: History, hour: EpochMs): HistoryBucket {
  const last = history[history.length - 1];
  if (last !== undefined && last.from >= hour) return history.findLast(({ from }) => from <= hour) ?? history[0]!;
  const fresh = { from: hour, n: 0, sum: 0, squares: 0 };
  history.push(fresh);
  if (last !== undefined && dayOf(last.from) !== dayOf(hour)) joinDays(history, hour);
  return fresh;
}

/** As a day begins, hours older than two days become part of theirs. */
function joinDays(history: History, now: EpochMs): void {
  const oldest = now - KEPT_MS;
  for (let i = 1; i < history.length && history[i]!.from < oldest;) {
    const before = history[i - 1]!;
    const bucket = history[i]!;
    if (dayOf(before.from) !== dayOf(bucket.from)) {
      i += 1;
      continue;
    }
    before.n += bucket.n;
    before.sum += bucket.sum;
    before.squares += bucket.squares;
    history.splice(i, 1);
  }
  if (history.length > MOST_BUCKETS) history.splice(0, history.length - MOST_BUCKETS);
}

/** Takes out what has counted nothing for as long as a history goes back from a day, in place. True when there was any. */
export function forgetSilent(histories: Map<string, History>, day: number): boolean {
  const before = histories.size;
  for (const [name, history] of histories) {
    if (dayOf(history.at(-1)?.from ?? -Infinity) < day - KEPT_DAYS) histories.delete(name);
  }
  return histories.size < before;
}

/** Days of UTC since 1970. */
export function dayOf(at: EpochMs): number {
  return Math.floor(at / DAY_MS);
}

/** What came in the buckets that begin within the period. */
export function momentsIn(history: History, { from, to }: Period): PeriodMoments {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const bucket of history) {
    if (bucket.from < from || bucket.from >= to) continue;
    n += bucket.n;
    sum += bucket.sum;
    squares += bucket.squares;
  }
  return {
    n,
    mean: n === 0 ? null : sum / n,
    variance: n < 2 ? null : Math.max(0, (squares - (sum * sum) / n) / (n - 1)),
  };
}
