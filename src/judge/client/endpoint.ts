import { pause } from './backoff';
import { createBreaker } from './breaker';
import { type RateOptions, createRate } from './rate';

/** One provider endpoint under one key: what all judges behind it share. */
export interface Endpoint {
  /**
   * Waits, first come first served, until the rate allows a call of about `tokens`. `open`: the breaker is open, do not
   * call. `aborted`: the signal came first.
   */
  admit(tokens: number, signal: AbortSignal): Promise<'go' | 'open' | 'aborted'>;
  /** What a call said about the endpoint. */
  report(health: 'up' | 'down' | 'limited' | 'unknown'): void;
}

export function createEndpoint(options: RateOptions, monotonicMs: () => number): Endpoint {
  const breaker = createBreaker(monotonicMs);
  const rate = createRate(options, monotonicMs);
  const isLimited = options.requestsPerMinute !== undefined || options.tokensPerMinute !== undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function waitTurn(tokens: number, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (signal.aborted) return false;
      const wait = rate.take(tokens);
      if (wait === 0) return true;
      if (!(await pause(wait, signal))) return false;
    }
  }

  return {
    async admit(tokens, signal) {
      if (signal.aborted) return 'aborted';
      if (isLimited) {
        const turn = queue.then(() => waitTurn(tokens, signal));
        queue = turn;
        if (!(await turn)) return 'aborted';
      }
      return breaker.state() === 'open' ? 'open' : 'go';
    },
    report(health) {
      if (health === 'unknown') return;
      // Being told to slow down is an answer: the endpoint is there.
      breaker.report(health !== 'down');
      if (health === 'limited') rate.onLimited();
      else if (health === 'up') rate.onSuccess();
    },
  };
}
