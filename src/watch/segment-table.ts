import type { SegmentEstimate } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { SessionValue } from '../domain/session-outcome';
import type { SessionTurn } from '../sessions/turn';
import { valuesOf } from '../sessions/outcome';
import { hasRoom, type SegmentLimits } from './segment-limits';
import { createCriterionSeries, type CriterionSeries, recordCriterion, recordSession, toEstimates } from './series';
import { OTHER_VALUE } from './segments';

/** All series by dimension, value and criterion. Memory is bounded by dimensions × `maxValues` × criteria × panels. */
export interface SegmentTable {
  limits: SegmentLimits;
  readonly dimensions: Map<string, Map<string, SegmentSeries>>;
  /** Items counted under `__other__`, by dimension, because the dimension had its share of values already. */
  readonly overflow: Map<string, number>;
  /** Values left out because their escalation probability was impossible. */
  rejected: number;
}

export type SegmentSeries = Map<string, CriterionSeries>;

export function createSegmentTable(limits: SegmentLimits): SegmentTable {
  return { limits, dimensions: new Map(), overflow: new Map(), rejected: 0 };
}

/** One sampled item's criteria, into each of its segments. */
export function recordItem(
  table: SegmentTable,
  segments: readonly SegmentKey[],
  criteria: readonly OutcomeCriterion[],
): void {
  for (const segment of segments) {
    const own = seriesOf(table, segment);
    for (const criterion of criteria) {
      let series = own.get(criterion.criterion);
      if (series === undefined) own.set(criterion.criterion, (series = createCriterionSeries()));
      // Once per item: every item is in `all`.
      if (!recordCriterion(series, criterion) && segment.dimension === 'all') table.rejected += 1;
    }
  }
}

/**
 * A closed session's values, one per segment, criterion and panel: the mean over the turns that were in the segment, so
 * that a session that changed model midway gives each model its own. `onValue` hears of those of tracked segments.
 */
export function recordSessionValues(
  table: SegmentTable,
  turns: readonly SessionTurn[],
  onValue?: (segment: SegmentKey, value: SessionValue) => void,
): void {
  for (const [segment, own] of turnsBySegment(turns)) {
    const series = findSeries(table, segment);
    if (series === undefined) continue;
    const isTracked = table.dimensions.get(segment.dimension)?.has(segment.value) ?? false;
    for (const value of valuesOf(own)) {
      const criterion = series.get(value.criterion);
      if (criterion !== undefined) recordSession(criterion, value);
      if (isTracked) onValue?.(segment, value);
    }
  }
}

function turnsBySegment(turns: readonly SessionTurn[]): (readonly [SegmentKey, readonly SessionTurn[]])[] {
  const groups = new Map<string, readonly [SegmentKey, SessionTurn[]]>();
  for (const turn of turns) {
    if (turn.values.length === 0) continue;
    for (const segment of turn.segments) {
      const key = `${segment.dimension}\u0000${segment.value}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [segment, [turn]]);
      else group[1].push(turn);
    }
  }
  return [...groups.values()];
}

/** The series its items went to when they came. */
function findSeries({ dimensions }: SegmentTable, { dimension, value }: SegmentKey): SegmentSeries | undefined {
  const values = dimensions.get(dimension);
  return values?.get(value) ?? values?.get(OTHER_VALUE);
}

export function estimatesOf({ dimensions }: SegmentTable): SegmentEstimate[] {
  const estimates: SegmentEstimate[] = [];
  for (const [dimension, values] of dimensions) {
    for (const [value, criteria] of values) {
      for (const [criterion, series] of criteria)
        estimates.push(...toEstimates({ dimension, value }, criterion, series));
    }
  }
  return estimates;
}

function seriesOf(table: SegmentTable, { dimension, value }: SegmentKey): SegmentSeries {
  let values = table.dimensions.get(dimension);
  if (values === undefined) {
    values = new Map<string, SegmentSeries>();
    table.dimensions.set(dimension, values);
  }
  const known = values.get(value);
  if (known !== undefined && value !== OTHER_VALUE) return known;
  if (hasRoom(table.limits, dimension, value, values)) return create(values, value);
  table.overflow.set(dimension, (table.overflow.get(dimension) ?? 0) + 1);
  return values.get(OTHER_VALUE) ?? create(values, OTHER_VALUE);
}

function create(values: Map<string, SegmentSeries>, value: string): SegmentSeries {
  const series: SegmentSeries = new Map();
  values.set(value, series);
  return series;
}
