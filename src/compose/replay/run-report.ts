import type { CriterionFigures } from '../../console/answers';
import type { Alert, Incident } from '../../domain/alert';
import type { Accounting, SegmentEstimate } from '../../domain/estimate';
import { segmentLabel } from '../../domain/segment';
import type { FailoverStanding } from '../../domain/failover';
import type { GroupGap, RelianceRatios, RightBy, SegmentSessions } from '../../domain/session-outcome';
import type { MetricsTotals } from '../../outputs/prometheus';
import type { LabelAgreement } from '../labels/agreement';
import type { PairwiseReport } from './pairwise';

/** What `replay` and `demo --once` write to report.json; field names are part of the interface. */
export interface RunReport {
  readonly version: string;
  readonly config_hash: string;
  readonly seconds: number;
  readonly records: { readonly in: number } & Accounting['records'];
  /** Dead letters that a `dlq replay` has made something of; they stay `dead_lettered` in `records`. */
  readonly replays: Accounting['replays'];
  readonly criteria: Readonly<Record<string, CriterionReport>>;
  /** Escalated items by reason; an item whose groups all escalated counts once per group. */
  readonly escalations: Accounting['escalations'];
  readonly judge_calls: number;
  readonly judge_cost_usd: number;
  readonly estimates: readonly EstimateReport[];
  /** Episodes, oldest first, as they stood at the end. */
  readonly alerts: readonly AlertReport[];
  readonly incidents: readonly IncidentReport[];
  /** How users fared, by segment; closed sessions only. */
  readonly sessions: readonly SessionsReport[];
  /** Groups that judges score differently from others whose cases were as good, widest first. */
  readonly group_gaps: readonly GroupGapReport[];
  /** Times in which answers came by the failover route, the latest 100. */
  readonly failovers: readonly FailoverReport[];
  /** Null without human labels. */
  readonly agreement: LabelAgreement | null;
  /** Against an earlier replay of the same inputs; null without one. */
  readonly pairs: PairwiseReport | null;
}

export interface CriterionReport extends CriterionFigures {
  /** Judged over sampled and applicable; null when there was none. */
  readonly judged_ratio: number | null;
}

export interface EstimateReport {
  readonly segment: string;
  readonly criterion: string;
  readonly panel: string;
  readonly mean: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly cheap_mean: number | null;
  readonly escalated_mean: number | null;
  /** Closed sessions with a value: `mean` is theirs. */
  readonly sessions: number;
  readonly items: number;
  readonly escalated: number;
}

export interface SessionsReport {
  readonly segment: string;
  readonly endings: SegmentSessions['endings'];
  readonly turns: number;
  readonly bad_turns: number;
  /** Null where fewer sessions speak than the minimum group. */
  readonly recovery: RatioReport | null;
  readonly abandonment: RatioReport | null;
  readonly handoff: RatioReport | null;
  readonly return_within_7_days: RatioReport | null;
  readonly satisfaction: RatioReport | null;
  /** Of absences after a session without complaint, and after one with, the share that lasts `sessions.churnDays`. */
  readonly silent_churn: RatioReport | null;
  readonly complaint_churn: RatioReport | null;
  /** By the check named for it, and by people's labels. */
  readonly reliance: Readonly<Record<RightBy, RelianceReport>>;
}

export interface RelianceReport {
  readonly over_reliance: RatioReport | null;
  readonly under_reliance: RatioReport | null;
  readonly team_gain: RatioReport | null;
}

export interface FailoverReport {
  /** Event time, ISO 8601, UTC. */
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
  readonly answers: number;
  readonly peak_share: number;
}

export interface GroupGapReport {
  readonly segment: string;
  readonly criterion: string;
  readonly panel: string;
  readonly by: GroupGap['by'];
  readonly gap: RatioReport;
}

export interface RatioReport {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
}

export interface AlertReport {
  readonly id: string;
  readonly kind: string;
  readonly segment: string;
  readonly criterion: string;
  readonly severity: string;
  /** Severity that it would have had, had the mode of its segment allowed it; null where nothing is withheld. */
  readonly withheld: string | null;
  readonly state: string;
  readonly owner: string;
  /** Event time, ISO 8601, UTC. */
  readonly fired_at: string;
  readonly incident: string | null;
  readonly text: string;
}

export interface IncidentReport {
  readonly id: string;
  readonly kind: string;
  readonly scope: string;
  readonly severity: string;
  readonly state: string;
  readonly alerts: number;
}

export interface ReportInput {
  readonly version: string;
  readonly configHash: string;
  readonly seconds: number;
  readonly accounting: Accounting;
  readonly estimates: readonly SegmentEstimate[];
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  readonly sessions: readonly SegmentSessions[];
  readonly groupGaps: readonly GroupGap[];
  readonly failover: FailoverStanding;
  readonly totals: MetricsTotals;
  readonly agreement: LabelAgreement | null;
  readonly pairs: PairwiseReport | null;
}

export function buildReport(input: ReportInput): RunReport {
  const { accounting, estimates } = input;
  return {
    version: input.version,
    config_hash: input.configHash,
    seconds: Math.round(input.seconds * 1000) / 1000,
    records: { in: accounting.recordsIn, ...accounting.records },
    replays: accounting.replays,
    criteria: Object.fromEntries(
      Object.keys(accounting.criteria).map((name) => [name, criterionReport(name, accounting, estimates)]),
    ),
    escalations: accounting.escalations,
    judge_calls: input.totals.judgeCalls,
    judge_cost_usd: input.totals.judgeCostUsd,
    estimates: estimates.map(estimateReport),
    alerts: input.alerts.map(alertReport),
    incidents: input.incidents.map(incidentReport),
    sessions: input.sessions.map(sessionsReport),
    failovers: input.failover.episodes.map(({ from, to, answers, peak }) => ({
      from: new Date(from).toISOString(),
      to: to === null ? null : new Date(to).toISOString(),
      answers,
      peak_share: peak,
    })),
    group_gaps: input.groupGaps.map((one) => ({ ...one, segment: segmentLabel(one.segment) })),
    agreement: input.agreement,
    pairs: input.pairs,
  };
}

function criterionReport(name: string, accounting: Accounting, estimates: readonly SegmentEstimate[]): CriterionReport {
  const criterion = accounting.criteria[name];
  if (criterion === undefined) throw new Error(`no accounting of criterion ${name}`);
  const whole = estimates.filter(({ segment, criterion: of }) => of === name && segmentLabel(segment) === 'all');
  const items = sum(whole.map((estimate) => estimate.items));
  const judged = criterion.results.scored + criterion.results.unjudged;
  return {
    ...criterion.results,
    unjudged_reasons: { ...criterion.unjudged },
    pass: criterion.pass,
    fail: criterion.fail,
    judged_ratio: judged === 0 ? null : criterion.results.scored / judged,
    escalation_rate: items === 0 ? null : sum(whole.map((estimate) => estimate.escalated)) / items,
  };
}

function estimateReport(estimate: SegmentEstimate): EstimateReport {
  return {
    segment: segmentLabel(estimate.segment),
    criterion: estimate.criterion,
    panel: estimate.panel,
    mean: estimate.mean,
    lower: estimate.lower,
    upper: estimate.upper,
    cheap_mean: estimate.cheapMean,
    escalated_mean: estimate.escalatedMean,
    sessions: estimate.sessions ?? 0,
    items: estimate.items,
    escalated: estimate.escalated,
  };
}

function alertReport({ id, series, severity, withheld, state, owner, firedAt, incident, text }: Alert): AlertReport {
  return {
    id,
    kind: series.kind,
    segment: segmentLabel(series.segment),
    criterion: series.criterion,
    severity,
    withheld,
    state,
    owner,
    fired_at: new Date(firedAt).toISOString(),
    incident,
    text,
  };
}

function incidentReport({ id, kind, scope, severity, state, alerts }: Incident): IncidentReport {
  return { id, kind, scope: segmentLabel(scope), severity, state, alerts: alerts.length };
}

function sessionsReport({ segment, endings, turns, badTurns, ratios }: SegmentSessions): SessionsReport {
  return {
    segment: segmentLabel(segment),
    endings,
    turns,
    bad_turns: badTurns,
    recovery: ratios.recovery,
    abandonment: ratios.abandonment,
    handoff: ratios.handoff,
    return_within_7_days: ratios.return,
    satisfaction: ratios.satisfaction,
    silent_churn: ratios.quietChurn,
    complaint_churn: ratios.complaintChurn,
    reliance: { check: relianceReport(ratios.reliance.check), people: relianceReport(ratios.reliance.people) },
  };
}

function relianceReport({ overReliance, underReliance, teamGain }: RelianceRatios): RelianceReport {
  return { over_reliance: overReliance, under_reliance: underReliance, team_gain: teamGain };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
