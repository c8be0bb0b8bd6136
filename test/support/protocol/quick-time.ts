import type { VirtualTime } from '../../unit/pipeline/virtual-time';
import { BUILT_AT } from '../builders/interaction';

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Virtual time that settles in few turns of the loop. What has not happened by then happens in the next turn, which is
 * one more order of events among those a simulation is after.
 */
export function createQuickTime(turns = 6): VirtualTime {
  let now = 0;
  const waiting = new Set<Waiting>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const nextDue = (until: number): Waiting | null => {
    let next: Waiting | null = null;
    for (const timer of waiting) if (timer.at <= until && (next === null || timer.at < next.at)) next = timer;
    return next;
  };
  return {
    clock: { now: () => BUILT_AT + 60_000 + now, monotonicMs: () => now },
    timers: {
      after(ms, run) {
        const timer = { at: now + ms, run };
        waiting.add(timer);
        return () => void waiting.delete(timer);
      },
    },
    settle,
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = nextDue(until); timer !== null; timer = nextDue(until)) {
        waiting.delete(timer);
        now = timer.at;
        timer.run();
        await settle();
      }
      now = until;
    },
    pending: () => waiting.size,
  };
}
