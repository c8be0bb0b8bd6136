import type { EpochMs } from '../domain/time';

/** Wall time for stamps, monotonic time for durations; injected so that tests own both. */
export interface Clock {
  now(): EpochMs;
  /** Milliseconds since an arbitrary start, never going back. */
  monotonicMs(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() };
