import { createBreaker } from '../../../src/judge/client/breaker';
import { createEndpoint } from '../../../src/judge/client/endpoint';
import { createRate } from '../../../src/judge/client/rate';

function clock(): { now: number; read: () => number } {
  const state = { now: 1000, read: () => state.now };
  return state;
}

describe('breaker (F16)', () => {
  it('opens when half of the last twenty calls failed, and not before there are twenty', () => {
    const { read } = clock();
    const breaker = createBreaker(read);
    for (let i = 0; i < 19; i++) breaker.report(false);
    expect(breaker.state()).toBe('closed');
    breaker.report(true);
    expect(breaker.state()).toBe('open');
  });

  it('stays closed below half', () => {
    const breaker = createBreaker(clock().read);
    for (let i = 0; i < 100; i++) breaker.report(i % 5 < 3);
    expect(breaker.state()).toBe('closed');
  });

  it('lets one call try after a wait, doubles the wait when it fails, closes when it succeeds', () => {
    const time = clock();
    const breaker = createBreaker(time.read);
    for (let i = 0; i < 20; i++) breaker.report(false);
    expect(breaker.state()).toBe('open');
    time.now += 1000;
    expect([breaker.state(), breaker.state()]).toEqual(['probe', 'open']);
    breaker.report(false);
    time.now += 1500;
    expect(breaker.state()).toBe('open');
    time.now += 500;
    expect(breaker.state()).toBe('probe');
    breaker.report(true);
    expect(breaker.state()).toBe('closed');
  });

  it('tries again after a probe that nobody reported', () => {
    const time = clock();
    const breaker = createBreaker(time.read);
    for (let i = 0; i < 20; i++) breaker.report(false);
    time.now += 1000;
    expect(breaker.state()).toBe('probe');
    time.now += 30_000;
    expect(breaker.state()).toBe('probe');
  });
});

describe('rate (F15)', () => {
  it('uses a quota fully and is not refused by a provider that the first burst reaches late', () => {
    const time = clock();
    const quota = 50;
    const rate = createRate({ requestsPerMinute: quota * 60 }, time.read);
    const provider = { level: quota, at: time.now, accepted: 0, refused: 0 };
    // Nothing arrives before the connections are open.
    const openAt = time.now + 250;
    const arrivals: number[] = [];
    for (const endAt = time.now + 10_000; time.now < endAt; time.now++) {
      while (rate.take(1) === 0) arrivals.push(Math.max(openAt, time.now + 5));
    }
    for (const arrivedAt of arrivals) {
      provider.level = Math.min(quota, provider.level + ((arrivedAt - provider.at) * quota) / 1000);
      provider.at = arrivedAt;
      if (provider.level < 1) provider.refused++;
      else [provider.level, provider.accepted] = [provider.level - 1, provider.accepted + 1];
    }
    expect(provider.refused).toBe(0);
    expect(provider.accepted).toBeGreaterThanOrEqual(0.95 * quota * 10);
  });

  function callsWithin(
    seconds: number,
    rate: ReturnType<typeof createRate>,
    time: { now: number },
    tokens = 10,
  ): number {
    const end = time.now + seconds * 1000;
    let calls = 0;
    while (time.now < end) {
      const wait = rate.take(tokens);
      if (wait === 0) calls++;
      else time.now += wait;
    }
    return calls;
  }

  it('gives a minute its quota, with no more than half a second’s worth at once', () => {
    const time = clock();
    const rate = createRate({ requestsPerMinute: 3000 }, time.read);
    expect(callsWithin(60, rate, time)).toBeGreaterThanOrEqual(0.95 * 3000);
    const again = createRate({ requestsPerMinute: 3000 }, time.read);
    let burst = 0;
    while (again.take(1) === 0) burst++;
    expect(burst).toBeLessThanOrEqual(51);
  });

  it('counts tokens as well, and lets a call pass that is larger than the bucket', () => {
    const time = clock();
    const rate = createRate({ tokensPerMinute: 60_000 }, time.read);
    expect(callsWithin(60, rate, time, 100)).toBeLessThanOrEqual(611);
    const large = createRate({ tokensPerMinute: 60 }, time.read);
    expect(large.take(500)).toBe(0);
    expect(large.take(1)).toBeGreaterThan(400_000);
  });

  it('slows down once for many 429s together, and comes back', () => {
    const time = clock();
    const rate = createRate({ requestsPerMinute: 600 }, time.read);
    callsWithin(5, rate, time);
    for (let i = 0; i < 50; i++) rate.onLimited();
    const slow = callsWithin(60, rate, time);
    expect(slow).toBeGreaterThan(0.75 * 600);
    expect(slow).toBeLessThan(0.85 * 600);
    for (let i = 0; i < 300; i++) rate.onSuccess();
    expect(callsWithin(60, rate, time)).toBeGreaterThan(0.95 * 600);
  });
});

describe('endpoint', () => {
  it('admits in order and lets an aborted waiter go', async () => {
    const endpoint = createEndpoint({ requestsPerMinute: 60 * 20 }, () => performance.now());
    const never = new AbortController().signal;
    for (let i = 0; i < 20; i++) expect(await endpoint.admit(1, never)).toBe('go');
    const controller = new AbortController();
    const order: string[] = [];
    const first = endpoint.admit(1, controller.signal).then((result) => order.push(`first ${result}`));
    const second = endpoint.admit(1, never).then((result) => order.push(`second ${result}`));
    controller.abort();
    await Promise.all([first, second]);
    expect(order).toEqual(['first aborted', 'second go']);
  });

  it('is open after failures, not after being told to slow down', async () => {
    const never = new AbortController().signal;
    const endpoint = createEndpoint({}, () => 0);
    for (let i = 0; i < 40; i++) endpoint.report('limited');
    expect(await endpoint.admit(1, never)).toBe('go');
    for (let i = 0; i < 20; i++) endpoint.report('down');
    expect(await endpoint.admit(1, never)).toBe('open');
  });
});
