import type { Clock } from '../../src/platform/clock';
import type { Timers } from '../../src/pipeline/timers';
import { BUILT_AT } from './builders/interaction';

export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Lets everything that can happen without time passing happen. */
  settle(): Promise<void>;
  /** Passes time, timer by timer, settling after each. */
  advance(ms: number): Promise<void>;
  /** Timers that wait. */
  pending(): number;
}

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Time that passes when told to. `turns` of the loop are waited for what happens without time passing; what has not
 * happened by then happens in the next turn, which is one more order of events among those that a simulation is after.
 */
export function createVirtualTime(turns = 25): VirtualTime {
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
