import { type EncodedAlerts, encodeAlerts, encodeWatched } from './encode';
import type { AlertsState } from './state';

/** Lists that grow with the number of series: written a few entries at a time. About so many entries make a piece. */
const LISTS = { series: 16, stubs: 16, mix: 64, pairs: 64 } as const;
type ListName = keyof typeof LISTS;
type Rest = Omit<EncodedAlerts, ListName>;

/** A slice of the state for a checkpoint: a few entries of a list, or last all the rest. */
export type AlertPart =
  { readonly [K in ListName]: readonly [K, NonNullable<EncodedAlerts[K]>] }[ListName] | readonly ['rest', Rest];

export function* alertParts(state: AlertsState): Generator<AlertPart> {
  // A series is about 4 kB once learned, so it is encoded when its slice is due.
  for (const group of groupsOf(state.series, LISTS.series)) yield ['series', group.map(encodeWatched)];
  for (const group of groupsOf(state.stubs, LISTS.stubs)) yield ['stubs', group.map(encodeWatched)];
  for (const group of groupsOf(state.mix, LISTS.mix)) yield ['mix', group];
  for (const group of groupsOf(state.pairs, LISTS.pairs)) yield ['pairs', group];
  const bare = encodeAlerts({ ...state, series: new Map(), stubs: new Map() });
  const { series: _series, stubs: _stubs, mix: _mix, pairs: _pairs, ...rest } = bare;
  yield ['rest', rest];
}

/** Puts the parts together again; null when there were none, as in a checkpoint of a version without alerts. */
export function createAlertParts(): { add(part: AlertPart): void; finish(): EncodedAlerts | null } {
  const series: EncodedAlerts['series'][number][] = [];
  const stubs: EncodedAlerts['series'][number][] = [];
  const mix: EncodedAlerts['mix'][number][] = [];
  const pairs: EncodedAlerts['pairs'][number][] = [];
  let rest: Rest | null = null;
  return {
    add(part) {
      switch (part[0]) {
        case 'series':
          series.push(...part[1]);
          return;
        case 'stubs':
          stubs.push(...part[1]);
          return;
        case 'mix':
          mix.push(...part[1]);
          return;
        case 'pairs':
          pairs.push(...part[1]);
          return;
        case 'rest':
          rest = part[1];
      }
    },
    finish: () => (rest === null ? null : { ...rest, series, stubs, mix, pairs }),
  };
}

function* groupsOf<K, V>(entries: ReadonlyMap<K, V>, size: number): Generator<(readonly [K, V])[]> {
  let group: (readonly [K, V])[] = [];
  for (const entry of entries) {
    group.push(entry);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
