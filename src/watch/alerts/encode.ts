import type { Alert, Incident } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import type { AlertsState, Traffic, WatchedSeries } from './state';
import { decodeTier, type EncodedTier, encodeTier } from './tier';
import { tierSetups } from './watched';

/** Plain JSON; without what is made again from baseline and parameters. */
export interface EncodedAlerts {
  readonly paramsHash: string;
  readonly clock: EpochMs | null;
  readonly series: readonly EncodedWatched[];
  readonly episodes: readonly (readonly [string, number])[];
  readonly left: number;
  readonly rejected: number;
  readonly eventTime: EpochMs | null;
  readonly traffic: Traffic;
  readonly firstSeen: readonly (readonly [string, EpochMs])[];
  readonly alerts: readonly (readonly [string, Alert])[];
  readonly incidents: readonly (readonly [string, Incident])[];
}

export type EncodedWatched = readonly [
  key: string,
  Omit<WatchedSeries, 'page' | 'ticket'> & { readonly page: EncodedTier | null; readonly ticket: EncodedTier | null },
];

/** Shares the parts that are plain already. */
export function encodeAlerts(state: AlertsState): EncodedAlerts {
  return {
    ...state,
    traffic: { ...state.traffic },
    series: [...state.series].map(encodeWatched),
    episodes: [...state.episodes],
    firstSeen: [...state.firstSeen],
    alerts: [...state.alerts],
    incidents: [...state.incidents],
  };
}

export function encodeWatched([key, series]: readonly [string, WatchedSeries]): EncodedWatched {
  const page = series.page === null ? null : encodeTier(series.page);
  return [key, { ...series, page, ticket: series.ticket === null ? null : encodeTier(series.ticket) }];
}

/** Takes ownership of what it is given. `params` are those the state was made under. */
export function decodeAlerts(encoded: EncodedAlerts, params: AlertParams): AlertsState {
  return {
    ...encoded,
    traffic: { ...encoded.traffic },
    series: new Map(encoded.series.map(([key, series]) => [key, decodeWatched(series, params)])),
    episodes: new Map(encoded.episodes),
    firstSeen: new Map(encoded.firstSeen),
    alerts: new Map(encoded.alerts),
    incidents: new Map(encoded.incidents),
  };
}

function decodeWatched(series: EncodedWatched[1], params: AlertParams): WatchedSeries {
  const { page, ticket, baseline } = series;
  if (baseline === null) return { ...series, page: null, ticket: null };
  const setups = tierSetups(series, baseline, params);
  return {
    ...series,
    page: page === null || setups.page === null ? null : decodeTier(page, setups.page),
    ticket: ticket === null ? null : decodeTier(ticket, setups.ticket),
  };
}
