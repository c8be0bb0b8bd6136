/**
 * Key-ordered concurrency: tasks of one key run one after the other in the order given, tasks of different keys run side
 * by side, never more than `concurrency` at once. Of those that may run the one that was given first is next: keys taking
 * turns instead would leave the second task of each behind the first of all, and a watermark with it. A key costs memory
 * only while it has a task.
 */
export interface Lanes {
  /**
   * Queues a task. Resolves or rejects as the task does; a rejection that nobody looks at is not reported as unhandled,
   * and neither it nor an abort holds up the tasks behind it. When `signal` aborts before the task has begun, the task
   * never runs and the promise rejects at once with the signal's reason; a running task has to watch the signal itself.
   */
  run<T>(key: string, task: () => T | Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Resolves when nothing runs and nothing waits; at once when that is so already. */
  idle(): Promise<void>;
  running(): number;
  waiting(): number;
  /** Keys that have a task. */
  keys(): number;
}

interface Ticket {
  /** How many tasks were given before it. */
  readonly number: number;
  /** Runs the task and settles its promise; never rejects. Null once aborted. */
  work: (() => Promise<void>) | null;
}

export function createLanes({ concurrency }: { readonly concurrency: number }): Lanes {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new Error(`lanes need a whole number of at least 1 for concurrency, not ${concurrency}`);
  }
  /** Present while a key has a task; the array holds those that wait. */
  const lanes = new Map<string, Ticket[]>();
  /** Keys with nothing running and something waiting, by the number of their next ticket. */
  const ready: { readonly key: string; readonly number: number }[] = [];
  let given = 0;
  let running = 0;
  let waiting = 0;
  let idlers: (() => void)[] = [];
  const onAbort = createAbortRegister();

  const pump = (): void => {
    while (running < concurrency) {
      const next = ready.shift();
      if (next === undefined) break;
      const { key } = next;
      const work = nextWork(lanes.get(key) ?? []);
      if (work === null) lanes.delete(key);
      else void occupy(key, work);
    }
    if (running > 0 || waiting > 0) return;
    const resolved = idlers;
    idlers = [];
    for (const resolve of resolved) resolve();
  };

  const occupy = async (key: string, work: () => Promise<void>): Promise<void> => {
    running += 1;
    waiting -= 1;
    await work();
    running -= 1;
    const [next] = lanes.get(key) ?? [];
    if (next === undefined) lanes.delete(key);
    else makeReady(key, next);
    pump();
  };

  const makeReady = (key: string, { number }: Ticket): void => {
    let [from, to] = [0, ready.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((ready[middle]?.number ?? 0) < number) from = middle + 1;
      else to = middle;
    }
    ready.splice(from, 0, { key, number });
  };

  return {
    run(key, task, signal) {
      const { promise, resolve, reject } = pending<Awaited<ReturnType<typeof task>>>();
      if (signal?.aborted) {
        reject(signal.reason);
        return handled(promise);
      }
      const ticket: Ticket = { number: given++, work: null };
      const forget = onAbort(signal, (reason) => {
        ticket.work = null;
        waiting -= 1;
        reject(reason);
        pump();
      });
      ticket.work = async () => {
        forget();
        try {
          resolve(await task());
        } catch (failure) {
          reject(failure);
        }
      };
      waiting += 1;
      const lane = lanes.get(key);
      if (lane === undefined) {
        lanes.set(key, [ticket]);
        makeReady(key, ticket);
      } else {
        lane.push(ticket);
      }
      pump();
      return handled(promise);
    },
    idle: () =>
      running === 0 && waiting === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(() => resolve())),
    running: () => running,
    waiting: () => waiting,
    keys: () => lanes.size,
  };
}

/** Takes tickets off the front up to one that was not aborted. */
function nextWork(lane: Ticket[]): (() => Promise<void>) | null {
  for (let ticket = lane.shift(); ticket !== undefined; ticket = lane.shift()) {
    if (ticket.work !== null) return ticket.work;
  }
  return null;
}

type Abort = (reason: unknown) => void;

/** One listener per signal however many tasks wait on it: Node warns of a leak from the eleventh on. */
function createAbortRegister(): (signal: AbortSignal | undefined, abort: Abort) => () => void {
  const waiting = new Map<AbortSignal, Set<Abort>>();
  const fire = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const aborts = waiting.get(signal) ?? [];
    waiting.delete(signal);
    for (const abort of aborts) abort(signal.reason);
  };
  return (signal, abort) => {
    if (signal === undefined) return () => {};
    const aborts = waiting.get(signal) ?? new Set();
    if (aborts.size === 0) signal.addEventListener('abort', fire, { once: true });
    waiting.set(signal, aborts.add(abort));
    return () => {
      aborts.delete(abort);
      if (aborts.size > 0) return;
      signal.removeEventListener('abort', fire);
      waiting.delete(signal);
    };
  };
}

interface Pending<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function pending<T>(): Pending<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
