import type {
  EffectiveJudges,
  GoldenRunSummary,
  GoldenStanding,
  JudgeAgreement,
  MeanEstimate,
} from '../domain/golden-standing';
import type { CellMetric } from './cell-page';
import { CellTable } from './cells';
import { toLabelValue } from './label-guard';
import { METRIC_CATALOGUE } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';

/** What is known of the judges themselves. */
export interface GoldenFigures {
  readonly golden?: GoldenStanding;
  readonly agreement?: readonly JudgeAgreement[];
  readonly effectiveJudges?: readonly EffectiveJudges[];
}

export interface GoldenTables {
  readonly goldenScore: CellTable;
  readonly goldenDrift: CellTable;
  readonly goldenFreshDrift: CellTable;
  readonly goldenChanged: CellTable;
  readonly goldenNoise: CellTable;
  readonly goldenProbe: CellTable;
  readonly goldenLastRun: CellTable;
  readonly goldenCost: CellTable;
  readonly shadowOffset: CellTable;
  readonly shadowAgreement: CellTable;
  readonly controls: CellTable;
  readonly familyBias: CellTable;
  readonly effectiveJudges: CellTable;
  readonly humanKappa: CellTable;
  readonly humanKappaLower: CellTable;
  readonly humanKappaUpper: CellTable;
}

export function goldenTables(): GoldenTables {
  const table = (key: MetricKey): CellTable => new CellTable(METRIC_CATALOGUE[key].labels);
  return {
    goldenScore: table('golden_set_score'),
    goldenDrift: table('golden_set_drift'),
    goldenFreshDrift: table('golden_set_fresh_drift'),
    goldenChanged: table('golden_set_changed_ratio'),
    goldenNoise: table('golden_set_noise_ratio'),
    goldenProbe: table('golden_probe_shift'),
    goldenLastRun: table('golden_set_last_run_timestamp_seconds'),
    goldenCost: table('golden_month_cost_usd'),
    shadowOffset: table('shadow_judge_offset'),
    shadowAgreement: table('shadow_judge_agreement_ratio'),
    controls: table('control_items_total'),
    familyBias: table('judge_family_bias'),
    effectiveJudges: table('ensemble_effective_judges'),
    humanKappa: table('judge_human_kappa'),
    humanKappaLower: table('judge_human_kappa_lower'),
    humanKappaUpper: table('judge_human_kappa_upper'),
  };
}

export function goldenMetrics(tables: GoldenTables): readonly CellMetric[] {
  return [
    ['golden_set_score', tables.goldenScore],
    ['golden_set_drift', tables.goldenDrift],
    ['golden_set_fresh_drift', tables.goldenFreshDrift],
    ['golden_set_changed_ratio', tables.goldenChanged],
    ['golden_set_noise_ratio', tables.goldenNoise],
    ['golden_probe_shift', tables.goldenProbe],
    ['golden_set_last_run_timestamp_seconds', tables.goldenLastRun],
    ['golden_month_cost_usd', tables.goldenCost],
    ['shadow_judge_offset', tables.shadowOffset],
    ['shadow_judge_agreement_ratio', tables.shadowAgreement],
    ['control_items_total', tables.controls],
    ['judge_family_bias', tables.familyBias],
    ['ensemble_effective_judges', tables.effectiveJudges],
    ['judge_human_kappa', tables.humanKappa],
    ['judge_human_kappa_lower', tables.humanKappaLower],
    ['judge_human_kappa_upper', tables.humanKappaUpper],
  ];
}

/** Into empty tables. Only the latest run of each judge, criterion and way of showing speaks. */
export function fillGolden(
  tables: GoldenTables,
  { golden, agreement = [], effectiveJudges = [] }: GoldenFigures,
): void {
  for (const { criterion, effective } of effectiveJudges) {
    tables.effectiveJudges.at(toLabelValue(criterion)).value = effective;
  }
  for (const { judge, criterion, kappa, lower, upper } of agreement) {
    const labels = [toLabelValue(judge), toLabelValue(criterion)];
    set(tables.humanKappa, labels, kappa);
    set(tables.humanKappaLower, labels, lower);
    set(tables.humanKappaUpper, labels, upper);
  }
  if (golden === undefined) return;
  for (const { judge, beside, criterion, offset, agreement: same } of golden.shadows) {
    const labels = [toLabelValue(judge), toLabelValue(beside), toLabelValue(criterion)];
    set(tables.shadowOffset, labels, offset.mean);
    set(tables.shadowAgreement, labels, same);
  }
  for (const { kind, result, count } of golden.controls) tables.controls.at(kind, result).value = count;
  const latest = new Map<string, GoldenRunSummary>();
  for (const run of golden.runs) latest.set(`${run.judge}\n${run.criterion}\n${run.variant}`, run);
  const plain = [...latest.values()].filter(({ variant }) => variant === 'plain');
  for (const run of plain) fillRun(tables, run);
  for (const { judge, criterion, variant, drift } of latest.values()) {
    if (variant === 'plain') continue;
    set(tables.goldenProbe, [toLabelValue(judge), toLabelValue(criterion), variant], drift?.mean ?? null);
  }
  const stalest = Math.min(...plain.map(({ finishedAt }) => finishedAt));
  if (Number.isFinite(stalest)) tables.goldenLastRun.at().value = stalest / 1000;
  const months = Object.keys(golden.spentUsd).sort();
  set(tables.goldenCost, [], golden.spentUsd[months.at(-1) ?? ''] ?? null);
}

function fillRun(tables: GoldenTables, run: GoldenRunSummary): void {
  const labels = [toLabelValue(run.judge), toLabelValue(run.criterion)];
  set(tables.goldenScore, labels, run.mean);
  set(tables.goldenDrift, labels, run.drift?.mean ?? null);
  set(tables.goldenFreshDrift, labels, run.freshDrift?.mean ?? null);
  const { pairs, up, down } = run.changed;
  if (pairs > 0) {
    set(tables.goldenChanged, [...labels, 'up'], up / pairs);
    set(tables.goldenChanged, [...labels, 'down'], down / pairs);
  }
  if (run.noise.pairs > 0) set(tables.goldenNoise, labels, run.noise.differing / run.noise.pairs);
  for (const [family, bias] of familyBiases(run.byProducer)) {
    // Criteria share a line, so the largest bias speaks.
    const cell = tables.familyBias.at(toLabelValue(run.judge), toLabelValue(family));
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
