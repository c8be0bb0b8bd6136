import { CRITERION_RESULTS } from '../domain/accounting';
import type { Accounting, SegmentEstimate } from '../domain/estimate';
import { segmentLabel } from '../domain/segment';
import type { Ratio, SegmentSessions } from '../domain/session-outcome';
import { BUDGET_MODES, type BudgetMode } from '../policy/policy';
import type { AlertFigures } from './alert-metrics';
import { CellTable } from './cells';
import { fillGolden, type GoldenFigures, type GoldenTables, goldenTables } from './golden-metrics';
import { toLabelValue } from './label-guard';
import { METRIC_CATALOGUE } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';

/** What the role that owns the ledger knows exactly. */
export interface WatchSnapshot extends AlertFigures, GoldenFigures {
  readonly accounting: Accounting;
  readonly estimates: readonly SegmentEstimate[];
  readonly sessions?: readonly SegmentSessions[];
  /** Conversations with an open session, and records that did not simply join one, by kind. */
  readonly openSessions?: number;
  readonly sessionRecords?: Readonly<Record<string, number>>;
  readonly policy?: PolicyFigures;
}

/** What the owner of the policy says of the budget. */
export interface PolicyFigures {
  readonly mode: BudgetMode;
  readonly remaining: readonly { readonly scope: string; readonly period: 'day' | 'month'; readonly ratio: number }[];
}

export interface FoldTables extends GoldenTables {
  readonly records: CellTable;
  readonly replays: CellTable;
  readonly criteria: CellTable;
  readonly unjudged: CellTable;
  readonly escalations: CellTable;
  readonly estimate: CellTable;
  readonly lower: CellTable;
  readonly upper: CellTable;
  readonly cheapMean: CellTable;
  readonly escalatedMean: CellTable;
  readonly judgedRatio: CellTable;
  readonly sessionOutcomes: CellTable;
  readonly recovery: CellTable;
  readonly recoveryLower: CellTable;
  readonly recoveryUpper: CellTable;
  readonly abandonment: CellTable;
  readonly abandonmentLower: CellTable;
  readonly abandonmentUpper: CellTable;
  readonly handoff: CellTable;
  readonly handoffLower: CellTable;
  readonly handoffUpper: CellTable;
  readonly returns: CellTable;
  readonly returnsLower: CellTable;
  readonly returnsUpper: CellTable;
  readonly overReliance: CellTable;
  readonly overRelianceLower: CellTable;
  readonly overRelianceUpper: CellTable;
  readonly underReliance: CellTable;
  readonly underRelianceLower: CellTable;
  readonly underRelianceUpper: CellTable;
  readonly teamGain: CellTable;
  readonly teamGainLower: CellTable;
  readonly teamGainUpper: CellTable;
  readonly sessionsOpen: CellTable;
  readonly sessionRecords: CellTable;
  readonly budgetRemaining: CellTable;
  readonly degradation: CellTable;
}

export function createFoldTables(): FoldTables {
  const table = (key: MetricKey): CellTable => new CellTable(METRIC_CATALOGUE[key].labels);
  return {
    records: table('records_total'),
    replays: table('dead_letters_replayed_total'),
    criteria: table('criterion_results_total'),
    unjudged: table('unjudged_total'),
    escalations: table('cascade_escalations_total'),
    estimate: table('quality_estimate'),
    lower: table('quality_lower'),
    upper: table('quality_upper'),
    cheapMean: table('quality_cheap_mean'),
    escalatedMean: table('quality_escalated_mean'),
    judgedRatio: table('judged_ratio'),
    sessionOutcomes: table('session_outcomes_total'),
    recovery: table('recovery_ratio'),
    recoveryLower: table('recovery_ratio_lower'),
    recoveryUpper: table('recovery_ratio_upper'),
    abandonment: table('abandonment_ratio'),
    abandonmentLower: table('abandonment_ratio_lower'),
    abandonmentUpper: table('abandonment_ratio_upper'),
    handoff: table('handoff_ratio'),
    handoffLower: table('handoff_ratio_lower'),
    handoffUpper: table('handoff_ratio_upper'),
    returns: table('return_ratio'),
    returnsLower: table('return_ratio_lower'),
    returnsUpper: table('return_ratio_upper'),
    overReliance: table('over_reliance_ratio'),
    overRelianceLower: table('over_reliance_ratio_lower'),
    overRelianceUpper: table('over_reliance_ratio_upper'),
    underReliance: table('under_reliance_ratio'),
    underRelianceLower: table('under_reliance_ratio_lower'),
    underRelianceUpper: table('under_reliance_ratio_upper'),
    teamGain: table('team_gain_ratio'),
    teamGainLower: table('team_gain_ratio_lower'),
    teamGainUpper: table('team_gain_ratio_upper'),
    sessionsOpen: table('sessions_open'),
    sessionRecords: table('session_records_total'),
    budgetRemaining: table('judge_budget_remaining_ratio'),
    degradation: table('degradation_mode'),
    ...goldenTables(),
  };
}

/** After the ledger has gone to another owner, its figures are no longer ours to tell. */
export function clearFold(tables: FoldTables): void {
  for (const table of Object.values(tables) as CellTable[]) table.clear();
}

/** Replaces every figure; returns the number of estimates left out because of the cap. */
export function fillFold(tables: FoldTables, snapshot: WatchSnapshot, maxSegments: number): number {
  clearFold(tables);
  fillAccounting(tables, snapshot.accounting);
  if (snapshot.policy !== undefined) fillPolicy(tables, snapshot.policy);
  fillGolden(tables, snapshot);
  const series = largestPanels(snapshot.estimates);
  const kept = keptSegments(series, maxSegments);
  let left = 0;
  for (const one of series) {
    const segment = segmentLabel(one.segment);
    if (!kept.has(segment)) {
      left += 1;
      continue;
    }
    const labels = [toLabelValue(segment), toLabelValue(one.criterion)] as const;
    setIfKnown(tables.estimate, labels, one.mean);
    setIfKnown(tables.lower, labels, one.lower);
    setIfKnown(tables.upper, labels, one.upper);
    setIfKnown(tables.cheapMean, labels, one.cheapMean);
    setIfKnown(tables.escalatedMean, labels, one.escalatedMean);
    setIfKnown(tables.judgedRatio, labels, one.judgedRatio);
  }
  return left + fillSessions(tables, snapshot, maxSegments);
}

function fillPolicy(tables: FoldTables, { mode, remaining }: PolicyFigures): void {
  for (const one of BUDGET_MODES) tables.degradation.at(one).value = one === mode ? 1 : 0;
  for (const { scope, period, ratio } of remaining) tables.budgetRemaining.at(scope, period).value = ratio;
}

/** The segments whose users fare worst, as for scores; returns the number left out. */
function fillSessions(tables: FoldTables, snapshot: WatchSnapshot, maxSegments: number): number {
  const { sessions = [], openSessions, sessionRecords = {} } = snapshot;
  if (openSessions !== undefined) tables.sessionsOpen.at().value = openSessions;
  for (const [kind, count] of Object.entries(sessionRecords)) tables.sessionRecords.at(kind).value = count;
  const kept = [...sessions].sort(worstFirst).slice(0, maxSegments + 1);
  for (const { segment, endings, ratios } of kept) {
    const label = toLabelValue(segmentLabel(segment));
    for (const [outcome, count] of Object.entries(endings)) tables.sessionOutcomes.at(label, outcome).value = count;
    setRatio(tables.recovery, tables.recoveryLower, tables.recoveryUpper, label, ratios.recovery);
    setRatio(tables.abandonment, tables.abandonmentLower, tables.abandonmentUpper, label, ratios.abandonment);
    setRatio(tables.handoff, tables.handoffLower, tables.handoffUpper, label, ratios.handoff);
    setRatio(tables.returns, tables.returnsLower, tables.returnsUpper, label, ratios.return);
    setRatio(tables.overReliance, tables.overRelianceLower, tables.overRelianceUpper, label, ratios.overReliance);
    setRatio(tables.underReliance, tables.underRelianceLower, tables.underRelianceUpper, label, ratios.underReliance);
    setRatio(tables.teamGain, tables.teamGainLower, tables.teamGainUpper, label, ratios.teamGain);
  }
  return sessions.length - kept.length;
}

/** The whole stream first, then by abandonment; where nothing is published, last. */
function worstFirst(a: SegmentSessions, b: SegmentSessions): number {
  return worstness(b) - worstness(a) || (segmentLabel(a.segment) < segmentLabel(b.segment) ? -1 : 1);
}

function worstness({ segment, ratios }: SegmentSessions): number {
  return segment.dimension === 'all' ? 2 : (ratios.abandonment?.value ?? -1);
}

function setRatio(value: CellTable, lower: CellTable, upper: CellTable, label: string, ratio: Ratio | null): void {
  if (ratio === null) return;
  value.at(label).value = ratio.value;
  lower.at(label).value = ratio.lower;
  upper.at(label).value = ratio.upper;
}

function fillAccounting(tables: FoldTables, accounting: Accounting): void {
  for (const [outcome, count] of Object.entries(accounting.records)) tables.records.at(outcome).value = count;
  for (const [outcome, count] of Object.entries(accounting.replays)) tables.replays.at(outcome).value = count;
  for (const [reason, count] of Object.entries(accounting.escalations)) tables.escalations.at(reason).value = count;
  for (const [name, { results, unjudged, pass, fail }] of Object.entries(accounting.criteria)) {
    const criterion = toLabelValue(name);
    tables.criteria.at(criterion, 'all', 'pass').value = pass;
    tables.criteria.at(criterion, 'all', 'fail').value = fail;
    for (const result of CRITERION_RESULTS) {
      if (result !== 'scored') tables.criteria.at(criterion, 'all', result).value = results[result];
    }
    for (const [reason, count] of Object.entries(unjudged)) tables.unjudged.at(criterion, reason).value = count;
  }
}

/** Panels are different instruments and must not be pooled, so one of them speaks: the one with most items. */
function largestPanels(estimates: readonly SegmentEstimate[]): SegmentEstimate[] {
  const best = new Map<string, SegmentEstimate>();
  for (const estimate of estimates) {
    const key = `${segmentLabel(estimate.segment)}\u0000${estimate.criterion}`;
    const other = best.get(key);
    if (other === undefined || largerPanel(estimate, other)) best.set(key, estimate);
  }
  return [...best.values()];
}

function largerPanel(a: SegmentEstimate, b: SegmentEstimate): boolean {
  return a.items > b.items || (a.items === b.items && a.panel < b.panel);
}

/** The whole stream always; beyond that the worst segments, since those are what one looks for. */
function keptSegments(series: readonly SegmentEstimate[], maxSegments: number): ReadonlySet<string> {
  const worst = new Map<string, number>();
  for (const { segment, mean } of series) {
    const label = segmentLabel(segment);
    worst.set(label, Math.min(worst.get(label) ?? Infinity, mean ?? Infinity));
  }
  worst.delete('all');
  const ranked = [...worst].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x - y));
  return new Set(['all', ...ranked.slice(0, maxSegments).map(([label]) => label)]);
}

/** Missing is not zero: a figure that is not known has no line. */
function setIfKnown(table: CellTable, labels: readonly string[], value: number | null): void {
  if (value !== null && Number.isFinite(value)) table.at(...labels).value = value;
}
