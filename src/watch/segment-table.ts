import type { SegmentEstimate } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';
import { type SegmentKey, sameSegments, segmentLabel } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import type { SessionValue } from '../domain/session-outcome';
import type { SessionTurn } from '../sessions/turn';
import { valuesOf } from '../sessions/outcome';
import { evictOne, hasRoom, type SegmentLimits } from './segment-limits';
import {
  createCriterionSeries,
  type CriterionSeries,
  namedPanel,
  panelKey,
  type PanelSeries,
  recordCriterion,
  recordSession,
  type SeriesSlot,
  toEstimates,
} from './series';
import { OTHER_VALUE } from './segments';

/** All series by dimension, value and criterion. Memory is bounded by dimensions × `maxValues` × criteria × panels. */
export interface SegmentTable {
  limits: SegmentLimits;
  readonly dimensions: Map<string, Map<string, SegmentSeries>>;
  /** Items counted under `__other__`, by dimension, because the dimension had its share of values already. */
  readonly overflow: Map<string, number>;
  /** Values left out because their escalation probability was impossible. */
  rejected: number;
  /** The criteria and panels of the latest item. Items come alike, so what was looked up for one serves the next. */
  layout: ItemLayout;
}

/** The series of one segment by criterion. */
export interface SegmentSeries {
  /** Sampled items, and event time of the last. */
  records: number;
  lastAt: EpochMs;
  /** Sampled items a day, smoothed with a half-life of a week, as of the last review; `records` as of then. */
  volume: number;
  reviewedRecords: number;
  readonly criteria: Map<string, CriterionSeries>;
  /** Where the values of items of that layout go, in its order; found again, so no part of what is kept. */
  layout: ItemLayout;
  slots: readonly SeriesSlot[];
}

/** Of one item: `[['helpful', 'mini>large/mean'], …]`. Compared by identity. */
type ItemLayout = readonly (readonly [criterion: string, panel: string])[];

const NO_LAYOUT: ItemLayout = [];

export function createSegmentTable(limits: SegmentLimits): SegmentTable {
  return { limits, dimensions: new Map(), overflow: new Map(), rejected: 0, layout: NO_LAYOUT };
}

export function createSegmentSeries(
  criteria: readonly (readonly [string, CriterionSeries])[] = [],
  records = 0,
  lastAt: EpochMs = -Infinity,
  [volume, reviewedRecords]: readonly [number, number] = [0, 0],
): SegmentSeries {
  return { records, lastAt, volume, reviewedRecords, criteria: new Map(criteria), layout: NO_LAYOUT, slots: [] };
}

/** One sampled item's criteria, into each of its segments. */
export function recordItem(
  table: SegmentTable,
  segments: readonly SegmentKey[],
  criteria: readonly OutcomeCriterion[],
  time: ItemTime,
): void {
  if (!isLayout(table.layout, criteria)) table.layout = criteria.map((one) => [one.criterion, panelKey(one)] as const);
  for (const segment of segments) {
    const own = seriesOf(table, segment, time);
    own.records += 1;
    if (time.at > own.lastAt) own.lastAt = time.at;
    if (own.layout !== table.layout) layOut(own, table.layout);
    // Once per item: every item is in `all`.
    const isWhole = segment.dimension === 'all';
    for (let i = 0; i < criteria.length; i++) {
      if (!recordCriterion(own.slots[i]!, criteria[i]!) && isWhole) table.rejected += 1;
    }
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

function isLayout(layout: ItemLayout, criteria: readonly OutcomeCriterion[]): boolean {
  if (layout.length !== criteria.length) return false;
  for (let i = 0; i < layout.length; i++) {
    const known = layout[i]!;
    const one = criteria[i]!;
    if (known[0] !== one.criterion || known[1] !== panelKey(one)) return false;
  }
  return true;
}

function layOut(own: SegmentSeries, layout: ItemLayout): void {
  own.layout = layout;
  own.slots = layout.map(([criterion, panel]) => {
    let series = own.criteria.get(criterion);
    if (series === undefined) own.criteria.set(criterion, (series = createCriterionSeries()));
    return { series, panelKey: panel, panel: series.panels.get(panel) ?? null };
  });
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
    for (const segment of shared) recordValues(table, segment, whole, onValues);
    return;
  }
  for (const [segment, own] of turnsBySegment(turns)) recordValues(table, segment, valuesOf(own), onValues);
}

function recordValues(
  table: SegmentTable,
  segment: SegmentKey,
  values: readonly SessionValue[],
  onValues?: (segment: SegmentKey, values: readonly SessionValue[]) => void,
): void {
  const known = table.dimensions.get(segment.dimension);
  const tracked = known?.get(segment.value);
  const own = tracked ?? known?.get(OTHER_VALUE);
  if (own === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const panel = panelAt(own, i, value);
    if (panel !== null) {
      recordSession(panel, value);
      continue;
    }
    const criterion = own.criteria.get(value.criterion);
    if (criterion !== undefined) recordSession(namedPanel(criterion, value.panel), value);
  }
  if (tracked !== undefined) onValues?.(segment, values);
}

/** Where the layout has it, as it does for a session whose items were like the latest. */
function panelAt({ layout, slots }: SegmentSeries, i: number, { criterion, panel }: SessionValue): PanelSeries | null {
  const slot = slots[i];
  return slot !== undefined && slot.panelKey === panel && layout[i]?.[0] === criterion ? slot.panel : null;
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
    for (const [value, { criteria }] of values) {
      for (const [criterion, series] of criteria)
        estimates.push(...toEstimates({ dimension, value }, criterion, series));
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
  if (hasRoom(table.limits, dimension, value, values)) return create(values, value);
  const evicted = value === OTHER_VALUE ? null : evictOne(table.limits, dimension, values, now);
  if (evicted !== null) {
    onEvicted({ dimension, value: evicted });
    return create(values, value);
  }
  table.overflow.set(dimension, (table.overflow.get(dimension) ?? 0) + 1);
  return values.get(OTHER_VALUE) ?? create(values, OTHER_VALUE);
}

function create(values: Map<string, SegmentSeries>, value: string): SegmentSeries {
  const series = createSegmentSeries();
  values.set(value, series);
  return series;
}
