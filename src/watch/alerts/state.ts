import type { Alert, AlertSeverity, ChangeInterval, Incident, LevelEstimate, SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { ChangeWindow } from './change-window';
import type { Baseline, Tier } from './tier';

/** What the alert engine knows: part of the fold's state, changed by nothing else. */
export interface AlertsState {
  /** Of the parameters it stands under; others start it afresh. */
  paramsHash: string;
  /** The fold's clock at the present marker. */
  clock: EpochMs | null;
  readonly series: Map<string, WatchedSeries>;
  /** Episodes so far by series, kept when the series start afresh, so that no id comes twice. */
  readonly episodes: Map<string, number>;
  /** Values of series beyond the cap, and values outside the possible range. */
  left: number;
  rejected: number;
  /** Largest event time of any interaction. */
  eventTime: EpochMs | null;
  traffic: Traffic;
  /** Event time at which a value of a producer's dimension was first seen, e.g. `release=2026.11.2`. */
  readonly firstSeen: Map<string, EpochMs>;
  /** The latest version of each alert, oldest first; firing ones always, of the others the latest few. */
  readonly alerts: Map<string, Alert>;
  readonly incidents: Map<string, Incident>;
}

/** The stream as a whole, by the fold's clock. */
export interface Traffic {
  lastClock: EpochMs | null;
  /** Id of the open `traffic_absent`. */
  absent: string | null;
}

/**
 * One series under watch. It learns until its reference is full, then two detectors run on it, one per budget; with a
 * target or a seeded baseline they run from the first value on. Owned by the fold, changed in place.
 */
export interface WatchedSeries {
  readonly id: SeriesId;
  /** Largest and smallest possible value. */
  readonly range: readonly [lower: number, upper: number];
  /** Values seen, and event time of the first and last. */
  n: number;
  firstAt: EpochMs | null;
  lastAt: EpochMs | null;
  /** The fold's clock at the last value. */
  lastClock: EpochMs | null;
  /** Values to learn from; null once learned. */
  reference: number[] | null;
  baseline: Baseline | null;
  /** Null for kinds that never page. */
  page: Tier | null;
  ticket: Tier | null;
  window: ChangeWindow | null;
  open: OpenEpisode | null;
  /** Event time at which the last episode was resolved. */
  resolvedAt: EpochMs | null;
}

/** An alert that fires; plain JSON. */
export interface OpenEpisode {
  readonly id: string;
  readonly episode: number;
  severity: AlertSeverity;
  readonly firedAt: EpochMs;
  readonly before: LevelEstimate | null;
  readonly after: LevelEstimate | null;
  readonly began: ChangeInterval | null;
  readonly recovery: Recovery;
  noData: boolean;
}

/** Evidence that the level is back, and the values since it began to be; plain JSON. */
export interface Recovery {
  /** Half-way between the level before and after. */
  readonly middle: number;
  readonly bet: number;
  evidence: number;
  start: EpochMs;
  n: number;
  sum: number;
}
