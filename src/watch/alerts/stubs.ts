import type { SegmentKey } from '../../domain/segment';
import { dropOldest } from '../drop-oldest';
import { purposeOf } from './admission';
import type { AlertsState, WatchedSeries } from './state';

/** About 2 kB each; the ones left longest ago go first. */
const MOST_STUBS = 500;

/** Ends the series of a segment, but for those that fire, and keeps what a value that comes back is held against. */
export function leaveStubs(state: AlertsState, { dimension, value }: SegmentKey): void {
  for (const [key, series] of state.series) {
    const { segment } = series.id;
    if (segment.value !== value || segment.dimension !== dimension || series.open !== null) continue;
    leaveStub(state, key, series);
  }
}

export function leaveStub(state: AlertsState, key: string, series: WatchedSeries): void {
  state.series.delete(key);
  state.pairs.delete(key);
  // What is held against another series learns nothing of its own.
  if (series.baseline === null || series.isLight || purposeOf(series.id.kind) === 'comparisons') return;
  state.stubs.delete(key);
  state.stubs.set(key, stubOf(series));
  dropOldest(state.stubs, MOST_STUBS);
}

/** The level and the ticket's evidence about it; what watches and what tells are gone. */
function stubOf(series: WatchedSeries): WatchedSeries {
  return { ...series, reference: null, page: null, objective: null, window: null, history: null, heldSince: null };
}
