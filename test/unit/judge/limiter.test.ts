import { createLimiter } from '../../../src/judge/limiter';

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const open = (): AbortSignal => new AbortController().signal;

describe('createLimiter', () => {
  it('runs so many at once and the others in the order in which they came', async () => {
    const limiter = createLimiter(2);
    const gates = Array.from({ length: 6 }, deferred);
    const started: number[] = [];
    const done = gates.map((gate, i) =>
      limiter.run(async () => {
        started.push(i);
        await gate.promise;
      }, open()),
    );
    await new Promise(setImmediate);
    expect(started).toEqual([0, 1]);
    for (const [i, gate] of gates.entries()) {
      gate.resolve();
      await done[i];
      await new Promise(setImmediate);
      expect(started).toHaveLength(Math.min(6, i + 3));
    }
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('gives the place on when a task fails', async () => {
    const limiter = createLimiter(1);
    await expect(limiter.run(() => Promise.reject(new Error('x')), open())).rejects.toThrow('x');
    expect(await limiter.run(() => Promise.resolve(7), open())).toBe(7);
  });

  it('begins nothing once closed, and finishes what runs', async () => {
    const limiter = createLimiter(1);
    const gate = deferred();
    const first = limiter.run(() => gate.promise.then(() => 'first'), open());
    const waiting = limiter.run(() => Promise.resolve('second'), open());
    limiter.close();
    expect(await waiting).toBeNull();
    expect(await limiter.run(() => Promise.resolve('third'), open())).toBeNull();
    gate.resolve();
    expect(await first).toBe('first');
  });

  it('lets a waiter go at its abort, from the middle of the queue', async () => {
    const limiter = createLimiter(1);
    const gate = deferred();
    const first = limiter.run(() => gate.promise, open());
    const controller = new AbortController();
    const ran: string[] = [];
    const second = limiter.run(() => Promise.resolve(ran.push('second')), controller.signal);
    const third = limiter.run(() => Promise.resolve(ran.push('third')), open());
    controller.abort();
    expect(await second).toBeNull();
    gate.resolve();
    await Promise.all([first, third]);
    expect(ran).toEqual(['third']);
    expect(await limiter.run(() => Promise.resolve('free'), open())).toBe('free');
  });

  it('does not begin for who has aborted already', async () => {
    let ran = false;
    const task = (): Promise<void> => {
      ran = true;
      return Promise.resolve();
    };
    expect(await createLimiter(1).run(task, AbortSignal.abort())).toBeNull();
    expect(ran).toBe(false);
  });
});
