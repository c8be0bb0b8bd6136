import type { EpochMs } from '../domain/time';
import type { FoldState } from './state';

/**
 * Moves the event watermark, forward only. Live: to the least event time of the partitions that are not idle; while all
 * are idle it goes at the pace of the clock, so that the last sessions of the day close. `clockBefore` is the fold's clock
 * before this marker. With `awaited` partitions: to the least event time of all, once so many have been heard of.
 */
export function advanceEventTime(state: FoldState, clockBefore: EpochMs | null, awaited: number | null): void {
  let least: EpochMs | null = null;
  let isIdle = true;
  for (const { watermark, eventTime, idle } of state.partitions.values()) {
    // Records without a marker yet: nothing is known of their partition.
    if (watermark === null || (idle && awaited === null)) continue;
    isIdle = false;
    if (eventTime === null) return;
    if (least === null || eventTime < least) least = eventTime;
  }
  if (awaited !== null && state.partitions.size < awaited) return;
  if (isIdle) {
    if (state.eventWatermark === null || state.clock === null || clockBefore === null) return;
    least = state.eventWatermark + (state.clock - clockBefore);
  }
  if (least !== null && (state.eventWatermark === null || least > state.eventWatermark)) state.eventWatermark = least;
}

/** Of a stream that has ended: nothing comes after it. */
export function lastEventTime({ partitions, eventWatermark }: FoldState): EpochMs {
  let last = eventWatermark ?? -Infinity;
  for (const { eventTime } of partitions.values()) if (eventTime !== null && eventTime > last) last = eventTime;
  return last;
}
