import type { EpochMs } from '../domain/time';
import type { SimulatedRecord } from './traffic';

/** A conversation goes on for at most this long, so no later one begins before what lies further ahead. */
const LONGEST_CONVERSATION_MS = 240_000;

/** Hands simulated records out when their event time has come; conversations overlap, as they do in life. */
export interface PacedTraffic {
  /** In event-time order. */
  due(now: EpochMs): readonly SimulatedRecord[];
  isOver(): boolean;
}

export function paceTraffic(records: Iterator<SimulatedRecord>): PacedTraffic {
  let waiting: SimulatedRecord[] = [];
  let isExhausted = false;
  return {
    due(now) {
      while (!isExhausted && (waiting.at(-1)?.at ?? 0) <= now + LONGEST_CONVERSATION_MS) {
        const next = records.next();
        if (next.done === true) isExhausted = true;
        else waiting.push(next.value);
      }
      const ripe = waiting.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      waiting = waiting.filter(({ at }) => at > now);
      return ripe;
    },
    isOver: () => isExhausted && waiting.length === 0,
  };
}
