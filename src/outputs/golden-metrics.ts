import type {
  EffectiveJudges,
  GoldenRunSummary,
  GoldenStanding,
  JudgeAgreement,
  MeanEstimate,
} from '../domain/golden-standing';
import type { CellTable, TablesOf } from './cells';
import { toLabelValue } from './label-guard';
import type { MetricKey } from './metric-catalogue';

/** What is known of the judges themselves. */
export interface GoldenFigures {
  readonly golden?: GoldenStanding;
  readonly agreement?: readonly JudgeAgreement[];
  readonly effectiveJudges?: readonly EffectiveJudges[];
}

export const GOLDEN_METRICS = [
  'golden_set_score',
  'golden_set_drift',
  'golden_set_fresh_drift',
  'golden_set_changed_ratio',
  'golden_set_noise_ratio',
  'golden_probe_shift',
  'golden_set_last_run_timestamp_seconds',
  'golden_month_cost_usd',
  'shadow_judge_offset',
  'shadow_judge_agreement_ratio',
  'control_items_total',
  'judge_family_bias',
  'ensemble_effective_judges',
  'judge_human_kappa',
  'judge_human_kappa_lower',
  'judge_human_kappa_upper',
] as const satisfies readonly MetricKey[];

export type GoldenTables = TablesOf<(typeof GOLDEN_METRICS)[number]>;

/** Into empty tables. Only the latest run of each judge, criterion and way of showing speaks. */
export function fillGolden(
  tables: GoldenTables,
  { golden, agreement = [], effectiveJudges = [] }: GoldenFigures,
): void {
  for (const { criterion, effective } of effectiveJudges) {
    tables.ensemble_effective_judges.at(toLabelValue(criterion)).value = effective;
  }
  for (const { judge, criterion, kappa, lower, upper } of agreement) {
    const labels = [toLabelValue(judge), toLabelValue(criterion)];
    set(tables.judge_human_kappa, labels, kappa);
    set(tables.judge_human_kappa_lower, labels, lower);
    set(tables.judge_human_kappa_upper, labels, upper);
  }
  if (golden === undefined) return;
  for (const { judge, beside, criterion, offset, agreement: same } of golden.shadows) {
    const labels = [toLabelValue(judge), toLabelValue(beside), toLabelValue(criterion)];
    set(tables.shadow_judge_offset, labels, offset.mean);
    set(tables.shadow_judge_agreement_ratio, labels, same);
  }
  for (const { kind, result, count } of golden.controls) tables.control_items_total.at(kind, result).value = count;
  const latest = new Map<string, GoldenRunSummary>();
  for (const run of golden.runs) latest.set(`${run.judge}\n${run.criterion}\n${run.variant}`, run);
  const plain = [...latest.values()].filter(({ variant }) => variant === 'plain');
  for (const run of plain) fillRun(tables, run);
  for (const { judge, criterion, variant, drift } of latest.values()) {
    if (variant === 'plain') continue;
    set(tables.golden_probe_shift, [toLabelValue(judge), toLabelValue(criterion), variant], drift?.mean ?? null);
  }
  const stalest = Math.min(...plain.map(({ finishedAt }) => finishedAt));
  if (Number.isFinite(stalest)) tables.golden_set_last_run_timestamp_seconds.at().value = stalest / 1000;
  const months = Object.keys(golden.spentUsd).sort();
  set(tables.golden_month_cost_usd, [], golden.spentUsd[months.at(-1) ?? ''] ?? null);
}

function fillRun(tables: GoldenTables, run: GoldenRunSummary): void {
  const labels = [toLabelValue(run.judge), toLabelValue(run.criterion)];
  set(tables.golden_set_score, labels, run.mean);
  set(tables.golden_set_drift, labels, run.drift?.mean ?? null);
  set(tables.golden_set_fresh_drift, labels, run.freshDrift?.mean ?? null);
  const { pairs, up, down } = run.changed;
  if (pairs > 0) {
    set(tables.golden_set_changed_ratio, [...labels, 'up'], up / pairs);
    set(tables.golden_set_changed_ratio, [...labels, 'down'], down / pairs);
  }
  if (run.noise.pairs > 0) set(tables.golden_set_noise_ratio, labels, run.noise.differing / run.noise.pairs);
  for (const [family, bias] of familyBiases(run.byProducer)) {
    // Criteria share a line, so the largest bias speaks.
    const cell = tables.judge_family_bias.at(toLabelValue(run.judge), toLabelValue(family));
    if (Math.abs(bias) > Math.abs(cell.value)) cell.value = bias;
  }
}

const FEWEST_OF_FAMILY = 30;

/** Mean error on a family's answers less that on all others. */
function familyBiases(byProducer: Readonly<Record<string, MeanEstimate>>): [string, number][] {
  const all = Object.entries(byProducer);
  return all.flatMap(([family, own]): [string, number][] => {
    const others = all.filter(([name]) => name !== family).map(([, estimate]) => estimate);
    const n = others.reduce((sum, one) => sum + one.n, 0);
    if (own.n < FEWEST_OF_FAMILY || n < FEWEST_OF_FAMILY) return [];
    return [[family, own.mean - others.reduce((sum, one) => sum + one.mean * one.n, 0) / n]];
  });
}

function set(table: CellTable, labels: readonly string[], value: number | null): void {
  if (value !== null && Number.isFinite(value)) table.at(...labels).value = value;
}
