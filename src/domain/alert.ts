import { type SegmentKey, segmentLabel } from './segment';
import type { EpochMs } from './time';

/** What alerts are about. */
export const ALERT_KINDS = [
  'score_regression',
  'recovery_regression',
  'check_regression',
  'judge_drift',
  'rater_drift',
  'judge_user_divergence',
  'engagement_regression',
  'judge_human_disagreement',
  'judge_family_bias',
  'judges_converged',
  'judge_invalid_output',
  'judge_unavailable',
  'refusal_shift',
  'unsupported_claim_rise',
  'unsupported_action_rise',
  'failover_quality',
  'prompt_injection_rise',
  'control_item_missed',
  'golden_set_stale',
  'judged_ratio_low',
  'judge_budget_limited',
  'dead_letters_rise',
  'offset_gap',
  'traffic_mix_shift',
  'quality_dip_after_release',
  'traffic_absent',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** How an alert reaches people: at once, in working hours, or only where one looks. */
export const ALERT_SEVERITIES = ['page', 'ticket', 'info'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/**
 * `learning` no baseline yet; `idle` watched and quiet, or without traffic for long; `pending` nearly there; `firing`;
 * `resolved` it fired, and the level came back; `no_data` it fires and nothing has come for a while.
 */
export const ALERT_STATES = ['learning', 'idle', 'pending', 'firing', 'resolved', 'no_data'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** One watched series: what is measured, where, by whom. */
export interface SeriesId {
  readonly kind: AlertKind;
  readonly segment: SegmentKey;
  /** Name of the criterion or check; empty where there is none. */
  readonly criterion: string;
  /** The panel that made the values; empty where none did. */
  readonly panel: string;
}

/** Behind a criterion: the cheap stage is sure of fewer items than it was tuned to be, or of more. */
export const KEPT_LESS = ':kept_less';
export const KEPT_MORE = ':kept_more';

/** For people and command lines: `score_regression|product=support|helpful|mini>large/mean`. */
export function seriesName({ kind, segment, criterion, panel }: SeriesId): string {
  return [kind, segmentLabel(segment), criterion, panel].join('|');
}

/** A mean with its pointwise 95 % interval. */
export interface LevelEstimate {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly items: number;
}

/** When a change began, in event time: the likeliest moment and the earliest and latest plausible ones. */
export interface ChangeInterval {
  readonly at: EpochMs;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** One episode of one series as it stands; a later version of the same id replaces an earlier one. */
export interface Alert {
  /** 16 hex digits, from kind, series and number of the episode: the same on every replay. */
  readonly id: string;
  /** Counts up with each episode of the series, from 1, or from above 1 where thousands of series have had alerts. */
  readonly episode: number;
  readonly state: 'firing' | 'resolved' | 'no_data';
  readonly severity: AlertSeverity;
  /** What it would have been, had the mode of its segment allowed it; null where nothing is withheld. */
  readonly withheld: AlertSeverity | null;
  readonly series: SeriesId;
  readonly owner: string;
  /** Event time; for `traffic_absent` the fold's clock. */
  readonly firedAt: EpochMs;
  readonly resolvedAt: EpochMs | null;
  /** Level before the change; null where a target stands in its place, or nothing is measured. */
  readonly before: LevelEstimate | null;
  /** Level since the change began. Selected after an alarm, so it overstates the change a little. */
  readonly after: LevelEstimate | null;
  readonly began: ChangeInterval | null;
  /** Other series that changed with it, furthest first. */
  readonly alongside: readonly SeriesChange[];
  /** Segments first seen about when the change began, e.g. `release=2026.11.2`. */
  readonly newSince: readonly string[];
  /** The incident it belongs to. */
  readonly incident: string | null;
  /** All of it in words. */
  readonly text: string;
}

export interface SeriesChange {
  readonly segment: SegmentKey;
  readonly criterion: string;
  /** Mean before minus mean after. */
  readonly drop: number;
}

/** Series that changed together: one page for all of them. */
export interface Incident {
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  /** Kind and severity of its gravest member. */
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** The segment that its members have in common, as narrow as possible. */
  readonly scope: SegmentKey;
  readonly openedAt: EpochMs;
  readonly began: ChangeInterval | null;
  /** Ids of its alerts, in the order in which they fired. */
  readonly alerts: readonly string[];
}

/** Where one series stands, for gauges. */
export type BaselineSource = 'learned' | 'seeded' | 'borrowed' | 'target';

export interface SeriesStanding {
  readonly series: SeriesId;
  /** `full` learns a baseline; `light` is held to an objective or a seeded baseline and learns nothing. */
  readonly tier: 'full' | 'light';
  readonly state: AlertState;
  /** Of the open or last episode; else what the next one would start with. */
  readonly severity: AlertSeverity;
  readonly owner: string;
  /** Values seen over values needed, up to 1, while learning. */
  readonly learned: number;
  /** Event time at which learning ends at the pace so far; null once it has, and while the pace is unknown. */
  readonly readyAt: EpochMs | null;
  /** What it is held against; `values` it rests on, 0 for a target. Null while it learns. */
  readonly baseline: { readonly source: BaselineSource; readonly mean: number; readonly values: number } | null;
  /** Baseline minus the mean of the last day, event time; null below 20 values, and where no history is kept. */
  readonly recentDrop: number | null;
  /** log10 of the statistic over log10 of its threshold, the larger of the budgets; 1 = alerts. Null while learning. */
  readonly thresholdRatio: number | null;
  /** Drop that would probably be seen within so many days; null where it is not known. */
  readonly detectableDrop: Readonly<Record<'1d' | '7d' | '30d', number | null>> | null;
}
