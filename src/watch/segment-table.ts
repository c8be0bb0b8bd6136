import type { SegmentEstimate } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';
import { type SegmentKey, sameSegments, segmentLabel } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import type { SessionValue } from '../domain/session-outcome';
import type { SessionTurn } from '../sessions/turn';
import { valuesOf } from '../sessions/outcome';
import { evictOne, hasRoom, type SegmentLimits } from './segment-limits';
import {
  addItem,
  type Additions,
  addSession,
  createAdditions,
  createSegmentSeries,
  readItem,
  readSession,
  type SegmentSeries,
  seriesIn,
} from './series-rows';
import { toEstimates } from './series';
import { emptyShape, type SeriesLayout, type SeriesShape } from './series-shape';
import { OTHER_VALUE } from './segments';

/** All series by dimension, value and criterion. Memory is bounded by dimensions × `maxValues` × criteria × panels. */
export interface SegmentTable {
  limits: SegmentLimits;
  readonly dimensions: Map<string, Map<string, SegmentSeries>>;
  /** Items counted under `__other__`, by dimension, because the dimension had its share of values already. */
  readonly overflow: Map<string, number>;
  /** Values left out because their escalation probability was impossible. */
  rejected: number;
  /** Of a segment without series, and through it of all others. */
  readonly emptyShape: SeriesShape;
  /** Found again from what comes, so no part of what is kept. */
  readonly layouts: SeriesLayout[];
  readonly additions: Additions;
}

export function createSegmentTable(limits: SegmentLimits): SegmentTable {
  return {
    limits,
    dimensions: new Map(),
    overflow: new Map(),
    rejected: 0,
    emptyShape: emptyShape(),
    layouts: [],
    additions: createAdditions(),
  };
}

/** One sampled item's criteria, into each of its segments. */
export function recordItem(
  table: SegmentTable,
  segments: readonly SegmentKey[],
  criteria: readonly OutcomeCriterion[],
  time: ItemTime,
): void {
  const { additions } = table;
  table.rejected += readItem(additions, criteria, table.layouts);
  for (const segment of segments) {
    const own = seriesOf(table, segment, time);
    own.records += 1;
    if (time.at > own.lastAt) own.lastAt = time.at;
    addItem(own, additions);
  }
}

/** When an item was, and what time it is; event times. */
export interface ItemTime {
  readonly at: EpochMs;
  /** Up to where all is complete; -Infinity before anything can be said. */
  readonly now: EpochMs;
  /** Told of a segment that lost its place to a new one. */
  readonly onEvicted: (segment: SegmentKey) => void;
}

/**
 * A closed session's values, one per segment, criterion and panel: the mean over the turns that were in the segment, so
 * that a session that changed model midway gives each model its own. `onValues` hears of those of tracked segments.
 * `whole`: the values over all turns.
 */
export function recordSessionValues(
  table: SegmentTable,
  turns: readonly SessionTurn[],
  whole: readonly SessionValue[],
  onValues?: (segment: SegmentKey, values: readonly SessionValue[]) => void,
): void {
  const shared = sharedSegments(turns);
  if (shared !== null) {
    readSession(table.additions, whole, table.layouts);
    for (const segment of shared) recordValues(table, segment, whole, onValues);
    return;
  }
  for (const [segment, own] of turnsBySegment(turns)) {
    const values = valuesOf(own);
    readSession(table.additions, values, table.layouts);
    recordValues(table, segment, values, onValues);
  }
}

/** The values that `additions` were read from. */
function recordValues(
  { dimensions, additions }: SegmentTable,
  segment: SegmentKey,
  values: readonly SessionValue[],
  onValues?: (segment: SegmentKey, values: readonly SessionValue[]) => void,
): void {
  const known = dimensions.get(segment.dimension);
  const tracked = known?.get(segment.value);
  const own = tracked ?? known?.get(OTHER_VALUE);
  if (own === undefined) return;
  addSession(own, additions);
  if (tracked !== undefined) onValues?.(segment, values);
}

/** The segments of all turns with values, where they are the same: nearly always. */
function sharedSegments(turns: readonly SessionTurn[]): readonly SegmentKey[] | null {
  let shared: readonly SegmentKey[] | null = null;
  for (const { values, segments } of turns) {
    if (values.length === 0) continue;
    if (shared === null) shared = segments;
    else if (!sameSegments(shared, segments)) return null;
  }
  return shared;
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

const HALF_LIFE_DAYS = 7;

/** Brings the volumes up to date, `days` after the last time, in place, and returns them by label; pinned segments come first. */
export function reviewVolumes({ dimensions, limits }: SegmentTable, days: number): Map<string, number> {
  const kept = 0.5 ** (days / HALF_LIFE_DAYS);
  const volumes = new Map<string, number>();
  for (const [dimension, values] of dimensions) {
    const pinned = limits.pinned.get(dimension);
    for (const [value, own] of values) {
      own.volume = kept * own.volume + (1 - kept) * ((own.records - own.reviewedRecords) / days);
      own.reviewedRecords = own.records;
      const isFirst = dimension === 'all' || pinned?.has(value) === true;
      volumes.set(segmentLabel({ dimension, value }), isFirst ? Infinity : own.volume);
    }
  }
  return volumes;
}

export function estimatesOf({ dimensions }: SegmentTable): SegmentEstimate[] {
  const estimates: SegmentEstimate[] = [];
  for (const [dimension, values] of dimensions) {
    for (const [value, own] of values) {
      for (const [criterion, series] of seriesIn(own)) {
        estimates.push(...toEstimates({ dimension, value }, criterion, series));
      }
    }
  }
  return estimates;
}

/** The series its items go to. */
function seriesOf(table: SegmentTable, { dimension, value }: SegmentKey, { now, onEvicted }: ItemTime): SegmentSeries {
  let values = table.dimensions.get(dimension);
  if (values === undefined) {
    values = new Map<string, SegmentSeries>();
    table.dimensions.set(dimension, values);
  }
  const known = values.get(value);
  if (known !== undefined && value !== OTHER_VALUE) return known;
  if (hasRoom(table.limits, dimension, value, values)) return create(table, values, value);
  const evicted = value === OTHER_VALUE ? null : evictOne(table.limits, dimension, values, now);
  if (evicted !== null) {
    onEvicted({ dimension, value: evicted });
    return create(table, values, value);
  }
  table.overflow.set(dimension, (table.overflow.get(dimension) ?? 0) + 1);
  return values.get(OTHER_VALUE) ?? create(table, values, OTHER_VALUE);
}

function create({ emptyShape: empty }: SegmentTable, values: Map<string, SegmentSeries>, value: string): SegmentSeries {
  const series = createSegmentSeries(empty);
  values.set(value, series);
  return series;
}
