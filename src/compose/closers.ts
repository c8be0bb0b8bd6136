/** What has been opened, to be closed in the opposite order whatever happens. */
export interface Closers {
  add(close: () => Promise<unknown> | void): void;
  /** Closes everything even when some of it fails; rejects with the first failure. */
  closeAll(): Promise<void>;
}

export function createClosers(): Closers {
  const open: (() => Promise<unknown> | void)[] = [];
  return {
    add: (close) => void open.push(close),
    async closeAll() {
      const failures: unknown[] = [];
      for (let close = open.pop(); close !== undefined; close = open.pop()) {
        try {
          await close();
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Runs `work` and closes what it opened, also when it throws. */
export async function closingAfter<T>(work: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = createClosers();
  try {
    return await work(closers);
  } finally {
    await closers.closeAll();
  }
}
