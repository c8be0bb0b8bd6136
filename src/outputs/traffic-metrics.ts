import { DEAD_LETTER_REASONS, ESCALATION_REASONS, RECORD_OUTCOMES } from '../domain/accounting';
import type { OutcomeCriterion, OutcomeItem } from '../domain/ledger-record';
import { segmentLabel } from '../domain/segment';
import type { SegmentKey } from '../domain/segment';
import type { Verdict } from '../domain/verdict';
import type { JudgeCallEvent } from '../judge/cascade-port';
import { type Cell, type CellTable, createTables, type TablesOf } from './cells';
import { createLabelGuard, toLabelValue } from './label-guard';
import { OTHER } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';

/** Values per label other than segments; all come from our configuration, so this is a second lock. */
const LABEL_CAP = 200;
/** Traffic names models, and each has two histograms by two routes. */
const PRODUCER_CAP = 50;

export const ALL_SEGMENTS: SegmentKey = { dimension: 'all', value: '' };

/** What this process counts itself, as plain cells; see `cells.ts`. */
const TRAFFIC_METRICS = [
  'records_total',
  'criterion_results_total',
  'unjudged_total',
  'cascade_escalations_total',
  'checks_total',
  'answers_total',
  'injection_suspected_total',
  'judge_requests_total',
  'judge_cost_usd_total',
  'judge_tokens_total',
  'judge_outlier_total',
  'pairs_total',
  'pair_readings_total',
  'dead_letters_total',
  'conversations_unknown_total',
  'redactions_total',
  'label_overflow_total',
] as const satisfies readonly MetricKey[];

type TrafficTables = TablesOf<(typeof TRAFFIC_METRICS)[number]>;

export interface TrafficMetrics {
  readonly tables: TrafficTables;
  /** Counts checks per segment, and criteria per segment unless the fold gives the figure. Hot path. */
  countItem(item: OutcomeItem): void;
  countRecord(outcome: string, deadLetterReason: string | null): void;
  countRedactions(kind: string, count: number): void;
  /** Judges that stood alone within an ensemble. */
  countOutliers(verdict: Verdict): void;
  /** By the detail of a failed `injection` check, e.g. `class=override,plea field=answer`. */
  countInjection(detail: string | null): void;
  countCall(event: JudgeCallEvent): void;
  countPairs(by: 'criterion' | 'judge', name: string, result: string, pairs: number): void;
  /** A sanitised, capped value of a label. */
  guard(label: 'criterion' | 'judge' | 'producer', raw: string): string;
}

interface SegmentCells {
  readonly label: string;
  /** `check/result` of a nested map: no string is built per record. */
  readonly checks: Map<string, Map<string, Cell>>;
  readonly criteria: Map<string, Map<string, Cell>>;
}

interface TrafficOptions {
  readonly maxSegments: number;
  readonly segmentsOf: (item: OutcomeItem) => readonly SegmentKey[];
  /** The fold exports exact figures for the whole stream, so they are not counted here. */
  readonly foldHere: boolean;
}

export function createTrafficMetrics({ maxSegments, segmentsOf, foldHere }: TrafficOptions): TrafficMetrics {
  const tables = createTables(TRAFFIC_METRICS);
  const guards = createGuards(tables.label_overflow_total);
  const segmentCells = createSegmentIndex(maxSegments, tables.label_overflow_total.at('segment'));
  for (const reason of DEAD_LETTER_REASONS) tables.dead_letters_total.at(reason);
  const unknown = tables.conversations_unknown_total.at();
  if (!foldHere) {
    for (const outcome of RECORD_OUTCOMES) tables.records_total.at(outcome);
    for (const reason of ESCALATION_REASONS) tables.cascade_escalations_total.at(reason);
  }

  const countChecks = (cells: SegmentCells, item: OutcomeItem): void => {
    for (const { check, result } of item.checks) {
      childOf(cells.checks, check, result, () => tables.checks_total.at(guards.check(check), result, cells.label)).add(
        1,
      );
    }
  };
  const countCriteria = (cells: SegmentCells, item: OutcomeItem): void => {
    for (const outcome of item.criteria) {
      const { criterion } = outcome;
      const result = resultOf(outcome);
      childOf(cells.criteria, criterion, result, () =>
        tables.criterion_results_total.at(guards.criterion(criterion), cells.label, result),
      ).add(1);
    }
  };
  const countWhole = (item: OutcomeItem): void => {
    for (const { criterion, unjudgedReason, escalated, escalationReason } of item.criteria) {
      if (unjudgedReason !== null) tables.unjudged_total.at(guards.criterion(criterion), unjudgedReason).add(1);
      if (escalated) tables.cascade_escalations_total.at(escalationReason ?? 'audit').add(1);
    }
  };

  return {
    tables,
    guard: (label, raw) => guards[label](raw),
    countItem: (item) => {
      if (!item.conversationKnown) unknown.add(1);
      if (!foldHere) countWhole(item);
      for (const segment of segmentsOf(item)) {
        const cells = segmentCells(segment);
        countChecks(cells, item);
        if (!foldHere || segment.dimension !== 'all') countCriteria(cells, item);
      }
    },
    countRecord: (outcome, deadLetterReason) => {
      if (!foldHere) tables.records_total.at(outcome).add(1);
      if (deadLetterReason !== null) tables.dead_letters_total.at(deadLetterReason).add(1);
    },
    countInjection: (detail) => {
      const classes = /^class=([a-z_,]+)/.exec(detail ?? '')?.[1] ?? '';
      for (const name of classes.split(','))
        if (name !== '') tables.injection_suspected_total.at(guards.kind(name)).add(1);
    },
    countRedactions: (kind, count) => tables.redactions_total.at(guards.kind(kind)).add(count),
    countOutliers: ({ criteria }) => {
      for (const { combined } of criteria) {
        const judge = combined?.outlierJudge ?? null;
        if (judge !== null) tables.judge_outlier_total.at(guards.judge(judge)).add(1);
      }
    },
    countPairs: (by, name, result, pairs) => {
      const table = by === 'judge' ? tables.pair_readings_total : tables.pairs_total;
      table.at(guards[by](name), result).add(pairs);
    },
    countCall: ({ judge, family, outcome, costUsd, inputTokens, outputTokens }) => {
      const name = guards.judge(judge);
      tables.judge_requests_total.at(name, guards.family(family), outcome).add(1);
      tables.judge_cost_usd_total.at(name).add(amount(costUsd));
      tables.judge_tokens_total.at(name, 'input').add(amount(inputTokens));
      tables.judge_tokens_total.at(name, 'output').add(amount(outputTokens));
    },
  };
}

/** A counter must not go down or become NaN because a provider reported nonsense. */
function amount(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}

function resultOf({ result, pass }: OutcomeCriterion): string {
  return result === 'scored' ? (pass === true ? 'pass' : 'fail') : result;
}

function childOf(index: Map<string, Map<string, Cell>>, outer: string, inner: string, create: () => Cell): Cell {
  const children = index.get(outer);
  const known = children?.get(inner);
  if (known !== undefined) return known;
  const cell = create();
  if (children !== undefined) children.set(inner, cell);
  else if (index.size < LABEL_CAP) index.set(outer, new Map([[inner, cell]]));
  return cell;
}

type GuardedLabel = 'check' | 'criterion' | 'judge' | 'family' | 'kind' | 'producer';

function createGuards(overflow: CellTable): Readonly<Record<GuardedLabel, (raw: string) => string>> {
  const guard = (label: GuardedLabel, cap = LABEL_CAP): ((raw: string) => string) => {
    const cell = overflow.at(label);
    return createLabelGuard(cap, () => cell.add(1));
  };
  return {
    check: guard('check'),
    criterion: guard('criterion'),
    judge: guard('judge'),
    family: guard('family'),
    kind: guard('kind'),
    producer: guard('producer', PRODUCER_CAP),
  };
}

/** The first `maxSegments` segments get cells of their own; the rest share those of `__other__`. */
function createSegmentIndex(maxSegments: number, overflow: Cell): (segment: SegmentKey) => SegmentCells {
  const create = (label: string): SegmentCells => ({ label, checks: new Map(), criteria: new Map() });
  const all = create('all');
  const other = create(OTHER);
  const byDimension = new Map<string, Map<string, SegmentCells>>();
  let admitted = 0;
  return (segment) => {
    if (segment.dimension === 'all') return all;
    const values = byDimension.get(segment.dimension);
    const known = values?.get(segment.value);
    if (known !== undefined) return known;
    if (admitted >= maxSegments || segment.value.length > 4096) {
      overflow.add(1);
      return other;
    }
    admitted += 1;
    const cells = create(toLabelValue(segmentLabel(segment)));
    if (values === undefined) byDimension.set(segment.dimension, new Map([[segment.value, cells]]));
    else values.set(segment.value, cells);
    return cells;
  };
}
