import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until the wait fails; default 30 000. Bounds a hanging attempt too. */
  readonly timeoutMs?: number;
  /** Milliseconds between two attempts; default 50. */
  readonly intervalMs?: number;
  /** Ends the wait at once, with the signal's reason, when the condition can no longer come true. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until `condition` holds and returns its value: an attempt fails by throwing (an `expect` inside is enough) or
 * by returning `false`, so both `eventually(() => expect(rows).toHaveLength(3))` and
 * `eventually(() => rows.length === 3)` mean what they say.
 *
 * Rejects at the deadline with an error that shows the last failure and has it as `cause`.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 30_000, intervalMs = 50, signal }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  const timer = new AbortController();
  // timers/promises is what jest's fake timers leave alone, so a suite that freezes its clock can still wait.
  const expired = pause(timeoutMs, EXPIRED, { signal: timer.signal });
  expired.catch(() => undefined);
  let lastFailure: unknown = new Error('the first attempt never settled');
  let attempts = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      attempts += 1;
      const outcome = await Promise.race([attempt(condition), expired]);
      if (outcome === EXPIRED) break;
      if (outcome.held) return outcome.value;
      lastFailure = outcome.failure;
      if (performance.now() + intervalMs > deadline) break;
      await pause(intervalMs);
    }
  } finally {
    timer.abort();
  }
  throw new Error(`not so within ${timeoutMs} ms (${attempts} attempts); last failure: ${messageOf(lastFailure)}`, {
    cause: lastFailure,
  });
}

const EXPIRED = Symbol('expired');

type Outcome<T> = { readonly held: true; readonly value: T } | { readonly held: false; readonly failure: unknown };

async function attempt<T>(condition: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await condition();
    return value === false ? { held: false, failure: new Error('the condition was false') } : { held: true, value };
  } catch (failure) {
    return { held: false, failure };
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
