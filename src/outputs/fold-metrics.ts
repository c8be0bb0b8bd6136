import { CRITERION_RESULTS } from '../domain/accounting';
import type { Accounting, SegmentEstimate } from '../domain/estimate';
import type { FailoverStanding } from '../domain/failover';
import { segmentLabel } from '../domain/segment';
import { BUDGET_MODES, type BudgetMode } from '../policy/policy';
import type { AlertFigures } from './alert-metrics';
import { type CellTable, clearTables, createTables, type TablesOf } from './cells';
import { fillGolden, GOLDEN_METRICS, type GoldenFigures } from './golden-metrics';
import { toLabelValue } from './label-guard';
import type { MetricKey } from './metric-catalogue';
import { fillSessions, SESSION_METRICS, type SessionFigures } from './session-metrics';

/** What the role that owns the ledger knows exactly. */
export interface WatchSnapshot extends AlertFigures, GoldenFigures, SessionFigures {
  readonly accounting: Accounting;
  readonly estimates: readonly SegmentEstimate[];
  readonly policy?: PolicyFigures;
  readonly failover?: FailoverStanding;
}

/** What the owner of the policy says of the budget. */
export interface PolicyFigures {
  readonly mode: BudgetMode;
  readonly remaining: readonly { readonly scope: string; readonly period: 'day' | 'month'; readonly ratio: number }[];
}

const FOLD_METRICS = [
  'records_total',
  'dead_letters_replayed_total',
  'criterion_results_total',
  'unjudged_total',
  'cascade_escalations_total',
  'quality_estimate',
  'quality_lower',
  'quality_upper',
  'quality_cheap_mean',
  'quality_escalated_mean',
  'judged_ratio',
  ...SESSION_METRICS,
  'failover_active',
  'failover_share_ratio',
  'failover_episodes_total',
  'judge_budget_remaining_ratio',
  'degradation_mode',
  ...GOLDEN_METRICS,
] as const satisfies readonly MetricKey[];

export type FoldTables = TablesOf<(typeof FOLD_METRICS)[number]>;

export function createFoldTables(): FoldTables {
  return createTables(FOLD_METRICS);
}

/** Replaces every figure; returns the number of estimates left out because of the cap. */
export function fillFold(tables: FoldTables, snapshot: WatchSnapshot, maxSegments: number): number {
  clearTables(tables);
  fillAccounting(tables, snapshot.accounting);
  if (snapshot.failover !== undefined) fillFailover(tables, snapshot.failover);
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
    setIfKnown(tables.quality_estimate, labels, one.mean);
    setIfKnown(tables.quality_lower, labels, one.lower);
    setIfKnown(tables.quality_upper, labels, one.upper);
    setIfKnown(tables.quality_cheap_mean, labels, one.cheapMean);
    setIfKnown(tables.quality_escalated_mean, labels, one.escalatedMean);
    setIfKnown(tables.judged_ratio, labels, one.judgedRatio);
  }
  return left + fillSessions(tables, snapshot, maxSegments);
}

function fillFailover(tables: FoldTables, { isActive, share, begun }: FailoverStanding): void {
  tables.failover_active.at().value = isActive ? 1 : 0;
  setIfKnown(tables.failover_share_ratio, [], share);
  tables.failover_episodes_total.at().value = begun;
}

function fillPolicy(tables: FoldTables, { mode, remaining }: PolicyFigures): void {
  for (const one of BUDGET_MODES) tables.degradation_mode.at(one).value = one === mode ? 1 : 0;
  for (const { scope, period, ratio } of remaining) tables.judge_budget_remaining_ratio.at(scope, period).value = ratio;
}

function fillAccounting(tables: FoldTables, accounting: Accounting): void {
  for (const [outcome, count] of Object.entries(accounting.records)) tables.records_total.at(outcome).value = count;
  for (const [outcome, count] of Object.entries(accounting.replays))
    tables.dead_letters_replayed_total.at(outcome).value = count;
  for (const [reason, count] of Object.entries(accounting.escalations))
    tables.cascade_escalations_total.at(reason).value = count;
  for (const [name, { results, unjudged, pass, fail }] of Object.entries(accounting.criteria)) {
    const criterion = toLabelValue(name);
    tables.criterion_results_total.at(criterion, 'all', 'pass').value = pass;
    tables.criterion_results_total.at(criterion, 'all', 'fail').value = fail;
    for (const result of CRITERION_RESULTS) {
      if (result !== 'scored') tables.criterion_results_total.at(criterion, 'all', result).value = results[result];
    }
    for (const [reason, count] of Object.entries(unjudged)) tables.unjudged_total.at(criterion, reason).value = count;
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
