import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import { upgradeBaseline } from '../../detectors/growing-baseline';
import { upgradeWindow } from './change-window';
import { decodeFirstSeen, type EncodedFirstSeen, encodeFirstSeen } from './first-seen';
import type { JudgeStanding, RaterStanding } from './golden-memory';
import { bringUpToDate } from './pending';
import type { AlertsState, WatchedSeries } from './state';
import { type Baseline, decodeTier, type EncodedTier, encodeTier } from './tier';
import { objectiveSetup, tierSetups } from './watched';

/** Plain JSON, maps as arrays of entries; without what is made again from baseline and parameters. */
export type EncodedAlerts = {
  readonly [
    K in Exclude<
      keyof AlertsState,
      'series' | 'stubs' | 'golden' | 'seats' | 'waiting' | 'reviewedDay' | 'firstSeen' | 'episodeFloor'
    >
  ]: AlertsState[K] extends Map<infer Key, infer Value> ? readonly (readonly [Key, Value])[] : AlertsState[K];
} & {
  readonly series: readonly EncodedWatched[];
  /** Absent in states of before. */
  readonly stubs?: readonly EncodedWatched[];
  readonly golden: EncodedGoldenMemory;
  /** Absent in states of before there were tiers. */
  readonly seats?: readonly (readonly [string, readonly string[]])[];
  readonly waiting?: readonly (readonly [string, readonly string[]])[];
  readonly reviewedDay?: number | null;
  readonly firstSeen: EncodedFirstSeen;
  /** Absent in states of before any number was forgotten. */
  readonly episodeFloor?: number;
};

interface EncodedGoldenMemory {
  readonly judges: readonly (readonly [string, JudgeStanding])[];
  readonly humans: readonly (readonly [string, number])[];
  readonly raters: readonly (readonly [string, RaterStanding])[];
  readonly lastRunAt: EpochMs | null;
}

export type EncodedWatched = readonly [
  key: string,
  Omit<WatchedSeries, 'page' | 'ticket' | 'objective' | 'pending' | 'isLight' | 'lastAt' | 'lastClock'> & {
    /** Null before the first value. */
    readonly lastAt: EpochMs | null;
    readonly lastClock: EpochMs | null;
    /** Absent in states of before there were tiers. */
    readonly isLight?: boolean;
  } & Record<'page' | 'ticket' | 'objective', EncodedTier | null>,
];

/** Shares the parts that are plain already. */
export function encodeAlerts(state: AlertsState): EncodedAlerts {
  return {
    ...state,
    traffic: { ...state.traffic },
    series: [...state.series].map(encodeWatched),
    stubs: [...state.stubs].map(encodeWatched),
    seats: [...state.seats],
    waiting: [...state.waiting].map(([purpose, labels]) => [purpose, [...labels]] as const),
    reviewedDay: state.reviewedDay,
    episodes: [...state.episodes],
    firstSeen: encodeFirstSeen(state.firstSeen),
    mix: [...state.mix],
    shares: [...state.shares],
    pairs: [...state.pairs],
    golden: {
      judges: [...state.golden.judges],
      humans: [...state.golden.humans],
      raters: [...state.golden.raters].map(([criterion, standing]) => [criterion, { ...standing }] as const),
      lastRunAt: state.golden.lastRunAt,
    },
    conditions: [...state.conditions].map(([key, condition]) => [key, { ...condition }] as const),
    alerts: [...state.alerts],
    incidents: [...state.incidents],
    decisions: [...state.decisions],
  };
}

export function encodeWatched([key, series]: readonly [string, WatchedSeries]): EncodedWatched {
  bringUpToDate(series);
  const { page, ticket, objective, pending: _, lastAt, lastClock, ...plain } = series;
  const finite = (at: EpochMs): EpochMs | null => (Number.isFinite(at) ? at : null);
  const encoded = (tier: WatchedSeries['page']): EncodedTier | null => (tier === null ? null : encodeTier(tier));
  return [
    key,
    {
      ...plain,
      lastAt: finite(lastAt),
      lastClock: finite(lastClock),
      page: encoded(page),
      ticket: encoded(ticket),
      objective: encoded(objective),
    },
  ];
}

/** Takes ownership of what it is given. `params` are those the state was made under. */
export function decodeAlerts(encoded: EncodedAlerts, params: AlertParams): AlertsState {
  return {
    ...encoded,
    traffic: { ...encoded.traffic },
    series: decodeSeries(encoded.series, params),
    stubs: decodeSeries(encoded.stubs ?? [], params),
    seats: new Map(encoded.seats ?? []),
    waiting: new Map((encoded.waiting ?? []).map(([purpose, labels]) => [purpose, new Set(labels)])),
    reviewedDay: encoded.reviewedDay ?? null,
    episodes: new Map(encoded.episodes),
    episodeFloor: encoded.episodeFloor ?? 0,
    firstSeen: decodeFirstSeen(encoded.firstSeen),
    mix: new Map(encoded.mix),
    shares: new Map(encoded.shares),
    pairs: new Map(encoded.pairs),
    golden: {
      judges: new Map(encoded.golden.judges),
      humans: new Map(encoded.golden.humans),
      raters: new Map(encoded.golden.raters),
      lastRunAt: encoded.golden.lastRunAt,
    },
    conditions: new Map(encoded.conditions),
    alerts: new Map(encoded.alerts),
    incidents: new Map(encoded.incidents),
    // Absent in states of older versions.
    incidentsAt: encoded.incidentsAt ?? null,
    decisions: [...encoded.decisions],
  };
}

function decodeSeries(encoded: readonly EncodedWatched[], params: AlertParams): Map<string, WatchedSeries> {
  return new Map(encoded.map(([key, series]) => [key, decodeWatched(series, params)]));
}

function decodeWatched(series: EncodedWatched[1], params: AlertParams): WatchedSeries {
  const { page, ticket, objective, id, isLight = false } = series;
  const baseline = series.baseline === null ? null : upgraded(series.baseline);
  const wanted = isLight && baseline?.source === 'target' ? baseline.target : params.objectives[id.criterion];
  const decoded = {
    ...series,
    isLight,
    baseline,
    lastAt: series.lastAt ?? -Infinity,
    lastClock: series.lastClock ?? -Infinity,
    // Version 0.1.0 did not keep it: what it had learned is not observed again.
    learnedAt: series.learnedAt ?? null,
    pending: null,
    window: series.window === null ? null : upgradeWindow(series.window),
    objective:
      objective === null || wanted === undefined
        ? null
        : decodeTier(objective, objectiveSetup({ range: series.range, isLight }, wanted, params), true),
  };
  if (baseline === null) return { ...decoded, page: null, ticket: null };
  const setups = tierSetups(series, baseline, params);
  return {
    ...decoded,
    page: page === null || setups.page === null ? null : decodeTier(page, setups.page, false),
    ticket: ticket === null ? null : decodeTier(ticket, setups.ticket, true),
  };
}

function upgraded(baseline: Baseline): Baseline {
  return baseline.source === 'target' ? baseline : { ...baseline, learned: upgradeBaseline(baseline.learned) };
}
