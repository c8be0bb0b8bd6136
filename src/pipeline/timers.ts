/** One-shot timers; injected so that tests own the passing of time. */
export interface Timers {
  /** Calls `run` once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** Holds the process open, unlike most periodic work: a backoff may be all that is left to do before the last commit. */
export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
