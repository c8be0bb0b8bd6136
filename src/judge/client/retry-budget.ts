/** Keeps retries a small share of calls, so that a struggling endpoint is not hit by a storm of them. */
export interface RetryBudget {
  /** A call begins. */
  earn(): void;
  /** True when one more retry is allowed, which is then spent. */
  spend(): boolean;
}

/** A new or long quiet endpoint may be retried this often before the share counts. */
const RESERVE = 10;
const SHARE = 0.1;

/** Retries up to a tenth of the calls, beyond a reserve of ten. */
export function createRetryBudget(): RetryBudget {
  let tokens = RESERVE;
  return {
    earn() {
      tokens = Math.min(RESERVE, tokens + SHARE);
    },
    spend() {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
