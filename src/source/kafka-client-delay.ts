/** Resolves after the time or at the abort, whichever comes first. Keeps no process alive. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    timer.unref();
    signal?.addEventListener('abort', finish);
  });
}

/** Resolves as the work settles, or after the time, whichever comes first; never rejects. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  const settled = work.then(
    () => {},
    () => {},
  );
  await Promise.race([settled, delay(ms, waiting.signal)]);
  waiting.abort();
}
