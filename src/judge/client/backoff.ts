import { type ResponseHeaders, header } from './http-call';

const BASE_MS = 200;
const CAP_MS = 5_000;

/** Full jitter: uniform in [0, min(5 s, 200 ms × 2^retry)); `retry` counts from 0. Source: Brooker, AWS 2015. */
export function jitteredDelayMs(retry: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** retry);
}

/**
 * How long the server asks us to stay away, ms: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date.
 * Null when it says nothing or nothing usable (negative, not a number, a date in the past).
 */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | null {
  const ms = parseDecimal(header(headers, 'retry-after-ms'));
  if (ms !== null) return ms;
  const after = header(headers, 'retry-after');
  const seconds = parseDecimal(after);
  if (seconds !== null) return seconds * 1000;
  // Date.parse reads almost anything, `-1` too; an HTTP date begins with the day of the week (RFC 9110, 5.6.7).
  const date = after !== null && /^[A-Z][a-z]{2,8}, /.test(after) ? Date.parse(after) : NaN;
  return Number.isFinite(date) && date > now ? date - now : null;
}

function parseDecimal(text: string | null): number | null {
  return text !== null && /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : null;
}

/** Resolves after `ms`, or at once when `signal` aborts; true when the time has passed. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
