import { DEAD_LETTER_REASONS, ESCALATION_REASONS, RECORD_OUTCOMES } from '../domain/accounting';
import type { OutcomeCriterion, OutcomeItem } from '../domain/ledger-record';
import { segmentLabel } from '../domain/segment';
import type { SegmentKey } from '../domain/segment';
import type { Verdict } from '../domain/verdict';
import type { JudgeCallEvent } from '../judge/cascade-port';
import { CellTable } from './cells';
import type { Cell } from './cells';
import { createLabelGuard, toLabelValue } from './label-guard';
import { METRIC_CATALOGUE, OTHER } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';

/** Values per label other than segments; all come from our configuration, so this is a second lock. */
const LABEL_CAP = 200;

export const ALL_SEGMENTS: SegmentKey = { dimension: 'all', value: '' };

/** What this process counts itself, as plain cells; see `cells.ts`. */
export interface TrafficTables {
  readonly records: CellTable;
  readonly criteria: CellTable;
  readonly unjudged: CellTable;
  readonly escalations: CellTable;
  readonly checks: CellTable;
  readonly answers: CellTable;
  readonly injections: CellTable;
  readonly judgeRequests: CellTable;
  readonly judgeCost: CellTable;
  readonly judgeTokens: CellTable;
  readonly judgeOutliers: CellTable;
  readonly deadLetters: CellTable;
  readonly unknownConversations: CellTable;
  readonly redactions: CellTable;
  readonly overflow: CellTable;
}

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
  const tables = createTables();
  const guards = createGuards(tables.overflow);
  const segmentCells = createSegmentIndex(maxSegments, tables.overflow.at('segment'));
  for (const reason of DEAD_LETTER_REASONS) tables.deadLetters.at(reason);
  const unknown = tables.unknownConversations.at();
  if (!foldHere) {
    for (const outcome of RECORD_OUTCOMES) tables.records.at(outcome);
    for (const reason of ESCALATION_REASONS) tables.escalations.at(reason);
  }

  const countChecks = (cells: SegmentCells, item: OutcomeItem): void => {
    for (const { check, result } of item.checks) {
      childOf(cells.checks, check, result, () => tables.checks.at(guards.check(check), result, cells.label)).add(1);
    }
  };
  const countCriteria = (cells: SegmentCells, item: OutcomeItem): void => {
    for (const outcome of item.criteria) {
      const { criterion } = outcome;
      const result = resultOf(outcome);
      childOf(cells.criteria, criterion, result, () =>
        tables.criteria.at(guards.criterion(criterion), cells.label, result),
      ).add(1);
    }
  };
  const countWhole = (item: OutcomeItem): void => {
    for (const { criterion, unjudgedReason, escalated, escalationReason } of item.criteria) {
      if (unjudgedReason !== null) tables.unjudged.at(guards.criterion(criterion), unjudgedReason).add(1);
      if (escalated) tables.escalations.at(escalationReason ?? 'audit').add(1);
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
      if (!foldHere) tables.records.at(outcome).add(1);
      if (deadLetterReason !== null) tables.deadLetters.at(deadLetterReason).add(1);
    },
    countInjection: (detail) => {
      const classes = /^class=([a-z_,]+)/.exec(detail ?? '')?.[1] ?? '';
      for (const name of classes.split(',')) if (name !== '') tables.injections.at(guards.kind(name)).add(1);
    },
    countRedactions: (kind, count) => tables.redactions.at(guards.kind(kind)).add(count),
    countOutliers: ({ criteria }) => {
      for (const { combined } of criteria) {
        const judge = combined?.outlierJudge ?? null;
        if (judge !== null) tables.judgeOutliers.at(guards.judge(judge)).add(1);
      }
    },
    countCall: ({ judge, family, outcome, costUsd, inputTokens, outputTokens }) => {
      const name = guards.judge(judge);
      tables.judgeRequests.at(name, guards.family(family), outcome).add(1);
      tables.judgeCost.at(name).add(amount(costUsd));
      tables.judgeTokens.at(name, 'input').add(amount(inputTokens));
      tables.judgeTokens.at(name, 'output').add(amount(outputTokens));
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

function createTables(): TrafficTables {
  const table = (key: MetricKey): CellTable => new CellTable(METRIC_CATALOGUE[key].labels);
  return {
    records: table('records_total'),
    criteria: table('criterion_results_total'),
    unjudged: table('unjudged_total'),
    escalations: table('cascade_escalations_total'),
    checks: table('checks_total'),
    answers: table('answers_total'),
    injections: table('injection_suspected_total'),
    judgeRequests: table('judge_requests_total'),
    judgeCost: table('judge_cost_usd_total'),
    judgeTokens: table('judge_tokens_total'),
    judgeOutliers: table('judge_outlier_total'),
    deadLetters: table('dead_letters_total'),
    unknownConversations: table('conversations_unknown_total'),
    redactions: table('redactions_total'),
    overflow: table('label_overflow_total'),
  };
}

type GuardedLabel = 'check' | 'criterion' | 'judge' | 'family' | 'kind' | 'producer';

function createGuards(overflow: CellTable): Readonly<Record<GuardedLabel, (raw: string) => string>> {
  const guard = (label: GuardedLabel): ((raw: string) => string) => {
    const cell = overflow.at(label);
    return createLabelGuard(LABEL_CAP, () => cell.add(1));
  };
  return {
    check: guard('check'),
    criterion: guard('criterion'),
    judge: guard('judge'),
    family: guard('family'),
    kind: guard('kind'),
    producer: guard('producer'),
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
