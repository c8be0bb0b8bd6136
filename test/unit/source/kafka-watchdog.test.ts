import type { HeldPartition } from '../../../src/source/kafka-partitions';
import { startWatchdog } from '../../../src/source/kafka-watchdog';

function held(): HeldPartition {
  const at = { topic: 't', partition: 0 };
  return {
    at,
    next: 5n,
    fetchFrom: 5n,
    deliveredEnd: 5n,
    committed: null,
    isPlaced: true,
    isPausedByCaller: false,
    movedAtMs: 0,
  };
}

describe('the watchdog of a source', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const watch = (partition: HeldPartition, high: () => Promise<bigint | undefined>, moving = () => [partition]) => {
    const stalls: string[] = [];
    const stop = startWatchdog({
      stallMs: 1_000,
      monotonicMs: () => performance.now(),
      moving,
      highOf: high,
      onStall: ({ at }, waiting, quietMs) => stalls.push(`${at.topic}/${at.partition} ${waiting} ${quietMs >= 1_000}`),
    });
    return { stalls, stop };
  };
  const startedNow = (): HeldPartition => Object.assign(held(), { movedAtMs: performance.now() });

  it('reports a partition that has records and does not move', async () => {
    const { stalls, stop } = watch(startedNow(), () => Promise.resolve(9n));
    await jest.advanceTimersByTimeAsync(990);
    expect(stalls).toEqual([]);
    await jest.advanceTimersByTimeAsync(10);
    expect(stalls).toEqual(['t/0 4 true']);
    stop();
  });

  it('is content when there is nothing to read, and asks again only after another while', async () => {
    const high = jest.fn(() => Promise.resolve(5n));
    const { stalls, stop } = watch(startedNow(), high);
    await jest.advanceTimersByTimeAsync(1_900);
    expect(stalls).toEqual([]);
    expect(high).toHaveBeenCalledTimes(1);
    stop();
  });

  it('says nothing while the brokers do not answer, or when it moved meanwhile', async () => {
    const silent = watch(startedNow(), () => Promise.reject(new Error('down')));
    const partition = startedNow();
    const moved = watch(partition, () => {
      partition.next = 9n;
      return Promise.resolve(9n);
    });
    await jest.advanceTimersByTimeAsync(1_250);
    expect([...silent.stalls, ...moved.stalls]).toEqual([]);
    silent.stop();
    moved.stop();
  });

  it('leaves out what is not supposed to move', async () => {
    const { stalls, stop } = watch(
      startedNow(),
      () => Promise.resolve(9n),
      () => [],
    );
    await jest.advanceTimersByTimeAsync(3_000);
    expect(stalls).toEqual([]);
    stop();
  });
});
