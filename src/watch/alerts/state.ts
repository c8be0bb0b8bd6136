import type {
  Alert,
  AlertKind,
  AlertSeverity,
  ChangeInterval,
  Incident,
  LevelEstimate,
  SeriesId,
} from '../../domain/alert';
import type { ValueBatch } from '../../detectors/value-batch';
import type { Witness } from '../../detectors/witness';
import type { EpochMs } from '../../domain/time';
import type { ConcordanceState } from '../../stats/concordance';
import type { ChangeWindow } from './change-window';
import type { FirstSeen } from './first-seen';
import type { GoldenMemory } from './golden-memory';
import type { History } from './history';
import type { ReferenceWindow } from './reference';
import type { Baseline, Tier } from './tier';

/** What the alert engine knows: part of the fold's state, changed by nothing else. */
export interface AlertsState {
  /** Of the parameters it stands under; others start it afresh. */
  paramsHash: string;
  /** The fold's clock at the present marker. */
  clock: EpochMs | null;
  readonly series: Map<string, WatchedSeries>;
  /** What is left of the series of segments that lost their places: enough to be held against, for tickets. */
  readonly stubs: Map<string, WatchedSeries>;
  /**
   * By purpose, the labels of the segments whose series may be on the full tier; a purpose whose part of the cap was never
   * wanting has no entry, and takes what comes first.
   */
  readonly seats: Map<string, readonly string[]>;
  /** By purpose, labels of segments with series that found no place since the last review. */
  readonly waiting: Map<string, Set<string>>;
  /** Day of event time of the last review; null before the first. */
  reviewedDay: number | null;
  /** Number of the last episode by series, the latest last; kept when the series start afresh, so that no id comes twice. */
  readonly episodes: Map<string, number>;
  /** Largest number of the series that `episodes` has forgotten: one without a number begins above it. */
  episodeFloor: number;
  /** Values of series beyond the cap, and values outside the possible range. */
  left: number;
  rejected: number;
  /** Largest event time of any interaction. */
  eventTime: EpochMs | null;
  traffic: Traffic;
  /** When the latest values of a producer's dimensions were first seen. */
  readonly firstSeen: FirstSeen;
  /** Conversations begun, by label of segment: the mix of all traffic, sampled or not. */
  readonly mix: Map<string, History>;
  /** Values of each declared dimension whose share is watched. */
  readonly shares: Map<string, readonly string[]>;
  /** Scores that wait for one of the other kind, by series of judges and users agreeing. */
  readonly pairs: Map<string, ConcordanceState>;
  /** What re-runs on frozen sets, and people who label them again, have shown. */
  readonly golden: GoldenMemory;
  /** Alerts that no detector decides, by series. */
  readonly conditions: Map<string, Condition>;
  /** The latest version of each alert, oldest first; firing ones always, of the others the latest few. */
  readonly alerts: Map<string, Alert>;
  /** Oldest first; firing ones always, of the others the latest few. */
  readonly incidents: Map<string, Incident>;
  /** The fold's clock when it was last told anew what they have in common. */
  incidentsAt: EpochMs | null;
  /** What people decided, newest last, with what it was about. */
  readonly decisions: Decision[];
}

/** An alert that holds because something is so, not because a detector says so; plain JSON. */
export interface Condition {
  readonly alertId: string;
  /** The fold's clock when it was last seen to hold. */
  seenAt: EpochMs;
}

/** A baseline accepted or reset by a person. Plain JSON. */
export interface Decision {
  readonly action: string;
  readonly series: string;
  readonly reason: string;
  readonly author: string;
  readonly at: EpochMs;
}

/** The stream as a whole, by the fold's clock. */
export interface Traffic {
  lastClock: EpochMs | null;
}

/**
 * One series under watch. On the full tier it learns until its reference is full, then two detectors run on it, one per budget; with a
 * target or a seeded baseline they run from the first value on. On the light tier it learns nothing and keeps no past: one
 * detector, of the budget of pages, holds it to its objective or its seeded baseline. Owned by the fold, changed in place.
 */
export interface WatchedSeries {
  readonly id: SeriesId;
  readonly isLight: boolean;
  /** Smallest and largest value that can come, and the same once corrected. */
  readonly bounds: readonly [lower: number, upper: number];
  range: readonly [lower: number, upper: number];
  /** Taken off every value: how much more generous the judges are shown to have become. 0 = the values as they are. */
  correction: number;
  /** Values seen, and event time of the first and last; of the first as if no silence had lasted more than a day. */
  n: number;
  firstAt: EpochMs | null;
  /** -Infinity before the first, as for the clock: a number that stays a number is written without making a new one. */
  lastAt: EpochMs;
  /** The fold's clock at the last value. */
  lastClock: EpochMs;
  /** Values to learn from; null once learned. */
  reference: ReferenceWindow | null;
  baseline: Baseline | null;
  /** Null for kinds that never page. */
  page: Tier | null;
  ticket: Tier | null;
  /** Held against the criterion's objective, or what the light tier holds it to; null without one. */
  objective: Tier | null;
  window: ChangeWindow | null;
  /** Values that learned tiers, window and history have yet to take in; see `bringUpToDate`. Never part of what is kept. */
  pending: Pending | null;
  /** By hour and day, for what is decomposed; null for the others. */
  readonly history: History | null;
  /** Event time at which a baseline was first learned from live traffic; null before, and for seeded ones and targets. */
  learnedAt: EpochMs | null;
  open: OpenEpisode | null;
  /** The clock since when a page waits for the judges to be asked about the golden set. */
  heldSince: EpochMs | null;
  /** Event time at which the last episode was resolved. */
  resolvedAt: EpochMs | null;
}

/**
 * Values that a series has yet to take in, oldest first: all cells of a learned detector, the window and the past take them
 * in together, which costs a fifth of one by one. A witness says of each value at once whether it may be the one that alarms.
 */
export interface Pending {
  readonly batch: ValueBatch;
  n: number;
  /** Of the series' learned tiers; null where it has none, and while nothing waits. */
  witness: Witness | null;
}

/** An alert that fires; plain JSON. */
export interface OpenEpisode {
  readonly id: string;
  readonly episode: number;
  /** What is told: the series' own kind, or `traffic_mix_shift` where the mix explains the drop. */
  readonly kind: AlertKind;
  severity: AlertSeverity;
  readonly firedAt: EpochMs;
  readonly before: LevelEstimate | null;
  readonly after: LevelEstimate | null;
  readonly began: ChangeInterval | null;
  /** What was found out before it left, in sentences. */
  readonly findings: readonly string[];
  readonly recovery: Recovery;
  noData: boolean;
}

/** Evidence that the level is back, and the values since it began to be; plain JSON. */
export interface Recovery {
  /** Half-way between the level while it was down and the one before. */
  readonly middle: number;
  readonly bet: number;
  evidence: number;
  start: EpochMs;
  n: number;
  sum: number;
}
