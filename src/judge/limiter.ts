/** At most so many tasks at once; the others wait their turn, first come first served. */
export interface Limiter {
  /**
   * Runs `task` when a place is free. When `signal` aborts before that, the task never runs and `null` is returned;
   * once it runs, its end is awaited whatever the signal says. Rejects only with the task's own error.
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T | null>;
  /** No task is begun any more, those that wait are told so. */
  close(): void;
}

interface Waiter {
  readonly admit: (admitted: boolean) => void;
}

export function createLimiter(limit: number): Limiter {
  let running = 0;
  let isClosed = false;
  // A Set keeps insertion order and lets an aborted waiter leave from the middle in O(1).
  const waiting = new Set<Waiter>();

  function release(): void {
    const next = waiting.values().next();
    // The place passes straight on, so that a newcomer cannot overtake those who wait.
    if (next.done === true) running--;
    else next.value.admit(true);
  }

  function acquire(signal: AbortSignal): Promise<boolean> | boolean {
    if (isClosed || signal.aborted) return false;
    if (running < limit) {
      running++;
      return true;
    }
    return new Promise((resolve) => {
      const onAbort = (): void => waiter.admit(false);
      const waiter: Waiter = {
        admit: (admitted) => {
          waiting.delete(waiter);
          signal.removeEventListener('abort', onAbort);
          resolve(admitted);
        },
      };
      waiting.add(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  return {
    async run(task, signal) {
      if (!(await acquire(signal))) return null;
      try {
        return await task();
      } finally {
        release();
      }
    },
    close() {
      isClosed = true;
      for (const waiter of waiting) waiter.admit(false);
    },
  };
}
