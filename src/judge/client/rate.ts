/** How many calls and tokens a minute may have; either may be unlimited. */
export interface RateOptions {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** Token buckets for calls and tokens, refilled evenly; a 429 slows both down, successes speed them up again. */
export interface Rate {
  /** Takes a call of about `tokens`; 0, or the time until it may be tried again, ms. */
  take(tokens: number): number;
  onLimited(): void;
  onSuccess(): void;
}

const MINUTE_MS = 60_000;
/**
 * What may be called at once after a pause, as time at the full rate. Half of the second's worth that providers hold
 * themselves: theirs refills from when the burst arrives, ours from when it leaves, and as full as theirs we would be
 * refused by as much as it was on its way, and then slow down for nothing.
 */
const BURST_MS = 500;
/** AIMD on the configured rate (Chiu and Jain 1989): a fifth off at most once a second, a thousandth back per success. */
const DECREASE = 0.8;
const INCREASE = 0.001;
const LOWEST = 0.05;
const CUT_PAUSE_MS = 1_000;

export function createRate(options: RateOptions, monotonicMs: () => number): Rate {
  const calls = createBucket(options.requestsPerMinute, monotonicMs);
  const tokens = createBucket(options.tokensPerMinute, monotonicMs);
  let factor = 1;
  let cutAt = -Infinity;
  return {
    take(count) {
      const wait = Math.max(calls.wait(1, factor), tokens.wait(count, factor));
      if (wait > 0) return wait;
      calls.spend(1);
      tokens.spend(count);
      return 0;
    },
    onLimited() {
      // The calls that were in flight together all come back limited: that is one signal, not many.
      if (monotonicMs() - cutAt < CUT_PAUSE_MS) return;
      cutAt = monotonicMs();
      factor = Math.max(LOWEST, factor * DECREASE);
    },
    onSuccess() {
      factor = Math.min(1, factor + INCREASE);
    },
  };
}

interface Bucket {
  wait(count: number, factor: number): number;
  spend(count: number): void;
}

function createBucket(perMinute: number | undefined, monotonicMs: () => number): Bucket {
  if (perMinute === undefined) return { wait: () => 0, spend: () => undefined };
  const perMs = perMinute / MINUTE_MS;
  const size = Math.max(1, perMs * BURST_MS);
  let level = size;
  let at = monotonicMs();
  return {
    wait(count, factor) {
      const now = monotonicMs();
      level = Math.min(size, level + (now - at) * perMs * factor);
      at = now;
      // One call larger than the bucket goes when it is full, and leaves a debt.
      const wanted = Math.min(count, size);
      return level >= wanted ? 0 : Math.ceil((wanted - level) / (perMs * factor));
    },
    spend: (count) => void (level -= count),
  };
}
