import type { Logger } from '../platform/logger';
import type { Timers } from './timers';

/** Nothing is wrong: the pipeline is ending and the work was not finished. Compared by identity. */
export const ENDED = new Error('the pipeline has ended');

export interface Persistence {
  /**
   * Does `work` until it succeeds, with growing pauses. Rejects with `ENDED` when the pipeline ends first, and with the
   * failure itself when trying again cannot help.
   */
  persist(what: string, work: () => Promise<void>): Promise<void>;
  /** What is failing at present, and how; empty when nothing is. */
  trouble(): string;
}

export interface PersistenceOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Aborts when the pipeline ends: work in progress is no longer waited for. */
  readonly ended: AbortSignal;
}

export function createPersistence({ firstMs, maxMs, timers, logger, ended }: PersistenceOptions): Persistence {
  let trouble = '';

  return {
    trouble: () => trouble,
    async persist(what, work) {
      for (let failures = 0; ; failures++) {
        try {
          await unlessEnded(work, ended);
          if (failures > 0) logger.info({ what, failures }, 'writing works again');
          trouble = '';
          return;
        } catch (failure) {
          if (failure === ENDED || !isRetriable(failure)) throw failure;
          trouble = `${what}: ${codeOf(failure)}`;
          // Once per outage: the state and the metrics say how long it lasts.
          if (failures === 0) logger.warn({ what, code: codeOf(failure) }, 'writing failed, scoring waits for it');
        }
        await pause(pauseMs(failures, firstMs, maxMs), timers, ended);
      }
    },
  };
}

/** 100, 200, 400 ... up to `maxMs`. */
export function pauseMs(failures: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
}

/**
 * Total and structural, since errors cross package borders: what carries `retriable` is believed, a programming error
 * never heals, and anything else is a broken dependency that may.
 */
export function isRetriable(failure: unknown): boolean {
  if (typeof failure !== 'object' || failure === null) return true;
  if ('retriable' in failure && typeof failure.retriable === 'boolean') return failure.retriable;
  const name = 'name' in failure ? failure.name : '';
  return name !== 'TypeError' && name !== 'RangeError' && name !== 'ReferenceError' && name !== 'SyntaxError';
}

function codeOf(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null) return typeof failure;
  if ('code' in failure && typeof failure.code === 'string') return failure.code;
  return 'name' in failure && typeof failure.name === 'string' ? failure.name : 'error';
}

function unlessEnded(work: () => Promise<void>, ended: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (ended.aborted) {
      reject(ENDED);
      return;
    }
    const onEnd = (): void => reject(ENDED);
    ended.addEventListener('abort', onEnd, { once: true });
    // A port that throws instead of rejecting is the same to us.
    Promise.resolve()
      .then(work)
      .then(resolve, reject)
      .finally(() => ended.removeEventListener('abort', onEnd));
  });
}

function pause(ms: number, timers: Timers, ended: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEnd = (): void => {
      cancel();
      reject(ENDED);
    };
    const cancel = timers.after(ms, () => {
      ended.removeEventListener('abort', onEnd);
      resolve();
    });
    if (ended.aborted) onEnd();
    else ended.addEventListener('abort', onEnd, { once: true });
  });
}
