/** Whether an endpoint is worth calling. */
export interface Breaker {
  /** `open`: do not call. `probe`: call, and nobody else until this call is reported. */
  state(): 'closed' | 'open' | 'probe';
  report(isUp: boolean): void;
}

/** Opens when half of the last twenty calls failed (FAULTS.md F16). */
const WINDOW = 20;
const SHARE = 0.5;
/** After this long one call may try; each time it fails the wait doubles, up to the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export function createBreaker(monotonicMs: () => number): Breaker {
  let recent: boolean[] = [];
  let openUntil: number | null = null;
  let waitMs = FIRST_WAIT_MS;
  return {
    state() {
      if (openUntil === null) return 'closed';
      if (monotonicMs() < openUntil) return 'open';
      // A probe that is never reported must not keep the endpoint shut for good.
      openUntil = monotonicMs() + LONGEST_WAIT_MS;
      return 'probe';
    },
    report(isUp) {
      if (openUntil !== null) {
        if (isUp) {
          openUntil = null;
          waitMs = FIRST_WAIT_MS;
          recent = [];
        } else {
          waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
          openUntil = monotonicMs() + waitMs;
        }
        return;
      }
      recent.push(isUp);
      if (recent.length > WINDOW) recent.shift();
      if (recent.length === WINDOW && recent.filter((up) => !up).length >= WINDOW * SHARE) {
        openUntil = monotonicMs() + waitMs;
      }
    },
  };
}
