import { createLanes } from '../../../src/source/lanes';

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe('key-ordered lanes', () => {
  it('run one key in order and different keys side by side', async () => {
    const lanes = createLanes({ concurrency: 2 });
    const first = gate();
    const log: string[] = [];
    const a1 = lanes.run('a', async () => {
      await first.opened;
      log.push('a1');
    });
    const a2 = lanes.run('a', () => void log.push('a2'));
    await lanes.run('b', () => void log.push('b1'));
    expect(log).toEqual(['b1']);
    first.open();
    await Promise.all([a1, a2]);
    expect(log).toEqual(['b1', 'a1', 'a2']);
  });

  it('never run more than the concurrency, and take what was given first', async () => {
    const lanes = createLanes({ concurrency: 1 });
    const log: string[] = [];
    const given = ['a1', 'b1', 'a2', 'c1', 'b2', 'a3'];
    await Promise.all(given.map((name) => lanes.run(name.charAt(0), async () => log.push(name))));
    expect(log).toEqual(given);
  });

  it('pass on results and failures, and go on after a failure', async () => {
    const lanes = createLanes({ concurrency: 1 });
    const failing = lanes.run('a', () => Promise.reject(new Error('boom')));
    const throwing = lanes.run('a', () => {
      throw new Error('bang');
    });
    await expect(lanes.run('a', () => 3)).resolves.toBe(3);
    await expect(failing).rejects.toThrow('boom');
    await expect(throwing).rejects.toThrow('bang');
  });

  it('do not report a failure that nobody looks at as an unhandled rejection', async () => {
    const seen: unknown[] = [];
    const listener = (reason: unknown): void => void seen.push(reason);
    process.on('unhandledRejection', listener);
    const lanes = createLanes({ concurrency: 1 });
    void lanes.run('a', () => Promise.reject(new Error('nobody looks')));
    void lanes.run('a', () => 1, AbortSignal.abort());
    await lanes.idle();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(seen).toEqual([]);
  });

  it('reject what waits at once when its signal aborts, and never run it', async () => {
    const lanes = createLanes({ concurrency: 1 });
    const blocked = gate();
    const controller = new AbortController();
    const running = lanes.run('a', () => blocked.opened);
    const ran: string[] = [];
    const waiting = lanes.run('a', () => void ran.push('aborted'), controller.signal);
    const other = lanes.run('b', () => void ran.push('other'));
    controller.abort(new Error('partition lost'));
    await expect(waiting).rejects.toThrow('partition lost');
    expect(lanes.waiting()).toBe(1);
    blocked.open();
    await Promise.all([running, other]);
    expect(ran).toEqual(['other']);
    expect(lanes.keys()).toBe(0);
  });

  it('leave a running task to watch the signal itself', async () => {
    const lanes = createLanes({ concurrency: 1 });
    const blocked = gate();
    const controller = new AbortController();
    const running = lanes.run('a', () => blocked.opened.then(() => 'done'), controller.signal);
    controller.abort();
    blocked.open();
    await expect(running).resolves.toBe('done');
  });

  it('forget a key as soon as it has nothing to do', async () => {
    const lanes = createLanes({ concurrency: 4 });
    for (let key = 0; key < 100; key++) void lanes.run(String(key), () => Promise.resolve());
    expect(lanes.keys()).toBe(100);
    expect(lanes.running()).toBe(4);
    await lanes.idle();
    expect([lanes.keys(), lanes.running(), lanes.waiting()]).toEqual([0, 0, 0]);
  });

  it('share one signal among many tasks without a warning', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listener);
    const lanes = createLanes({ concurrency: 1 });
    const { signal } = new AbortController();
    for (let task = 0; task < 50; task++) void lanes.run('a', () => Promise.resolve(), signal);
    await lanes.idle();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listener);
    expect(warnings).toEqual([]);
  });

  it('refuse a concurrency of nothing', () => {
    expect(() => createLanes({ concurrency: 0 })).toThrow('at least 1');
  });
});
