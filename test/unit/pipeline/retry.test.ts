import { MonitorError } from '../../../src/domain/error';
import { createPersistence, ENDED, isRetriable, pauseMs } from '../../../src/pipeline/retry';
import { silentLogger } from '../../../src/platform/logger';
import { createVirtualTime } from '../../support/virtual-time';

describe('whether to try again', () => {
  it.each([
    [new MonitorError('KAFKA_UNREACHABLE', ''), true],
    [new MonitorError('KAFKA_DENIED', ''), false],
    [Object.assign(new Error(), { retriable: false }), false],
    [new Error('socket hang up'), true],
    [new TypeError('x is not a function'), false],
    ['a string', true],
    [null, true],
  ])('%p: %p', (failure, expected) => {
    expect(isRetriable(failure)).toBe(expected);
  });

  it('pauses longer each time, up to a limit', () => {
    expect([0, 1, 2, 3, 60].map((failures) => pauseMs(failures, 100, 500))).toEqual([100, 200, 400, 500, 500]);
  });
});

describe('persistence', () => {
  function setup() {
    const time = createVirtualTime();
    const ended = new AbortController();
    const persistence = createPersistence({
      firstMs: 100,
      maxMs: 1000,
      timers: time.timers,
      logger: silentLogger,
      ended: ended.signal,
    });
    return { time, ended, persistence };
  }

  it('says what is failing until it works', async () => {
    const { time, persistence } = setup();
    let down = true;
    const work = () => (down ? Promise.reject(new MonitorError('KAFKA_UNREACHABLE', '')) : Promise.resolve());
    const done = persistence.persist('ledger', work);
    await time.advance(1000);
    expect(persistence.trouble()).toBe('ledger: KAFKA_UNREACHABLE');
    down = false;
    await time.advance(1000);
    await done;
    expect(persistence.trouble()).toBe('');
  });

  it('stops waiting when the pipeline ends, also for work that never settles', async () => {
    const { time, ended, persistence } = setup();
    const hanging = persistence.persist('ledger', () => new Promise(() => {}));
    const pausing = persistence.persist('ledger', () => Promise.reject(new Error('down')));
    await time.settle();
    ended.abort();
    await expect(hanging).rejects.toBe(ENDED);
    await expect(pausing).rejects.toBe(ENDED);
    expect(time.pending()).toBe(0);
  });

  it('treats a port that throws like one that rejects', async () => {
    const { persistence } = setup();
    const thrown = new TypeError('bug');
    await expect(
      persistence.persist('ledger', () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
  });
});
