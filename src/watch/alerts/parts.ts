import { type EncodedAlerts, type EncodedWatched, encodeAlerts, encodeWatched } from './encode';
import type { AlertsState } from './state';

/** A slice of the state for a checkpoint: a few series, or last all the rest. */
export type AlertPart =
  readonly ['series', readonly EncodedWatched[]] | readonly ['rest', Omit<EncodedAlerts, 'series'>];

/** About 4 kB each once learned, up to 20 kB while learning. */
const SERIES_PER_PART = 16;

export function* alertParts(state: AlertsState): Generator<AlertPart> {
  let group: EncodedWatched[] = [];
  for (const entry of state.series) {
    group.push(encodeWatched(entry));
    if (group.length < SERIES_PER_PART) continue;
    yield ['series', group];
    group = [];
  }
  if (group.length > 0) yield ['series', group];
  const { series: _, ...rest } = encodeAlerts({ ...state, series: new Map() });
  yield ['rest', rest];
}

/** Puts the parts together again; null when there were none, as in a checkpoint of a version without alerts. */
export function createAlertParts(): { add(part: AlertPart): void; finish(): EncodedAlerts | null } {
  const series: EncodedWatched[] = [];
  let rest: Omit<EncodedAlerts, 'series'> | null = null;
  return {
    add(part) {
      if (part[0] === 'series') series.push(...part[1]);
      else rest = part[1];
    },
    finish: () => (rest === null ? null : { ...rest, series }),
  };
}
