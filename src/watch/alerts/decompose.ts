import { type SegmentKey, segmentLabel } from '../../domain/segment';
import { attributeMixShift } from '../../stats/mix-shift';
import { ALL_SEGMENTS, OTHER_VALUE } from '../segments';
import { momentsIn, type Period, type PeriodMoments } from './history';
import { bringUpToDate } from './pending';
import { seriesKey } from './series-key';
import type { AlertsState } from './state';

/** What of a change of a mean came from inside the segments of a dimension, and what from their shares of the traffic. */
export interface Decomposition {
  readonly dimension: string;
  /** Means over the cells; `after - before` = within + mix, without remainder. */
  readonly before: number;
  readonly after: number;
  readonly within: Part;
  readonly mix: Part;
  /** Furthest first. */
  readonly cells: readonly Cell[];
  /** The total moved one way and no cell did. */
  readonly simpson: boolean;
  /** Segments with too few values in a period, taken together as one cell. */
  readonly pooled: readonly string[];
}

/** Points of the mean with their standard error. */
export interface Part {
  readonly change: number;
  readonly standardError: number;
}

export interface Cell {
  readonly segment: SegmentKey;
  readonly before: CellPeriod;
  readonly after: CellPeriod;
  readonly within: Part;
  readonly mix: Part;
}

interface CellPeriod {
  /** Of all traffic, sampled or not. */
  readonly share: number;
  readonly mean: number | null;
  readonly n: number;
}

export interface DecompositionQuestion {
  readonly criterion: string;
  readonly panel: string;
  readonly dimension: string;
  readonly before: Period;
  readonly after: Period;
  /** All of the traffic may have moved to values that were not there before, and all of the change is mix then. */
  readonly mayBeReplaced?: boolean;
}

/** Fewer values than this say nothing of a cell by itself. */
const FEWEST = 30;
const MOST_CELLS = 500;

/**
 * Splits the change of a criterion's mean between two periods over the segments of one dimension (a cross as
 * `product+locale` gives the finest cells). Pure, over the fold's state. Null when no cell has values in both periods (see
 * `mayBeReplaced`), or the criterion is not watched there. Source: Shapley value of shares and means; see `attributeMixShift`.
 */
export function decompose(state: AlertsState, question: DecompositionQuestion): Decomposition | null {
  const { dimension } = question;
  const raw = rawCells(state, question);
  const isLarge = ({ before, after }: RawCell): boolean => Math.max(before.n, after.n) >= FEWEST;
  const small = raw.filter((cell) => !isLarge(cell));
  const large = raw.filter(isLarge).map((cell) => (question.mayBeReplaced === true ? withoutRemnants(cell) : cell));
  const cells = small.length === 0 ? large : [...large, joined(dimension, small)];
  if (!isComparable(cells, question)) return null;
  const known = cells.filter(({ before, after }) => before.mean !== null || after.mean !== null);
  const shift = attributeMixShift(
    { weights: known.map(({ before }) => before.traffic), means: known.map(({ before }) => [before.mean]) },
    { weights: known.map(({ after }) => after.traffic), means: known.map(({ after }) => [after.mean]) },
    [1],
  );
  const shares = [sharesOf(known.map(({ before }) => before)), sharesOf(known.map(({ after }) => after))] as const;
  const level = known.map(
    ({ before, after }) => ((before.mean ?? after.mean ?? 0) + (after.mean ?? before.mean ?? 0)) / 2,
  );
  const withinErrors = known.map(({ before, after }, i) => {
    const weight = ((shares[0][i] ?? 0) + (shares[1][i] ?? 0)) / 2;
    return weight * Math.hypot(errorOf(before), errorOf(after));
  });
  const mixErrors = known.map((_, i) => mixError(known, shares, level, i));
  const result = known.map((cell, i) => ({
    segment: cell.segment,
    before: { share: shares[0][i] ?? 0, mean: cell.before.mean, n: cell.before.n },
    after: { share: shares[1][i] ?? 0, mean: cell.after.mean, n: cell.after.n },
    within: { change: shift.withinBySegment[i] ?? 0, standardError: withinErrors[i] ?? 0 },
    mix: { change: shift.mixBySegment[i] ?? 0, standardError: mixErrors[i] ?? 0 },
  }));
  return {
    dimension,
    before: shift.total0,
    after: shift.total1,
    within: { change: shift.withinTotal, standardError: Math.hypot(...withinErrors) },
    mix: { change: shift.mixTotal, standardError: totalMixError(known, shares, level) },
    cells: result.sort((a, b) => sizeOf(b) - sizeOf(a)),
    simpson: shift.simpson,
    pooled: small.map(({ segment }) => segmentLabel(segment)),
  };
}

function isComparable(cells: readonly RawCell[], { mayBeReplaced = false }: DecompositionQuestion): boolean {
  if (!mayBeReplaced) return cells.some(({ before, after }) => before.mean !== null && after.mean !== null);
  return cells.some(({ before }) => before.mean !== null) && cells.some(({ after }) => after.mean !== null);
}

/** The few values of a period in which nearly all went elsewhere tell nothing of a change. */
function withoutRemnants({ segment, before, after }: RawCell): RawCell {
  const known = (period: RawPeriod): RawPeriod =>
    period.n < FEWEST ? { ...period, mean: null, variance: null } : period;
  return { segment, before: known(before), after: known(after) };
}

/** Dimensions of which at least two values are watched for the criterion, crosses included. */
export function dimensionsOf(state: AlertsState, criterion: string, panel: string): string[] {
  const values = new Map<string, number>();
  for (const { id, isLight } of state.series.values()) {
    if (isLight || id.kind !== 'score_regression' || id.criterion !== criterion || id.panel !== panel) continue;
    values.set(id.segment.dimension, (values.get(id.segment.dimension) ?? 0) + 1);
  }
  return [...values]
    .filter(([dimension, count]) => dimension !== ALL_SEGMENTS.dimension && count >= 2)
    .map(([name]) => name);
}

interface RawCell {
  readonly segment: SegmentKey;
  readonly before: RawPeriod;
  readonly after: RawPeriod;
}

interface RawPeriod extends PeriodMoments {
  readonly traffic: number;
}

function rawCells(
  state: AlertsState,
  { criterion, panel, dimension, before, after }: DecompositionQuestion,
): RawCell[] {
  const cells: RawCell[] = [];
  for (const label of state.mix.keys()) {
    if (!label.startsWith(`${dimension}=`)) continue;
    const segment = { dimension, value: label.slice(dimension.length + 1) };
    const series = state.series.get(seriesKey({ kind: 'score_regression', segment, criterion, panel }));
    if (series !== undefined) bringUpToDate(series);
    const history = series?.history ?? [];
    const traffic = state.mix.get(label) ?? [];
    const at = (period: Period): RawPeriod => ({
      ...momentsIn(history, period),
      traffic: momentsIn(traffic, period).n,
    });
    const cell = { segment, before: at(before), after: at(after) };
    if (cell.before.traffic + cell.after.traffic > 0) cells.push(cell);
    if (cells.length >= MOST_CELLS) break;
  }
  return cells;
}

function joined(dimension: string, cells: readonly RawCell[]): RawCell {
  const join = (periods: readonly RawPeriod[]): RawPeriod => {
    const n = periods.reduce((sum, one) => sum + one.n, 0);
    const sum = periods.reduce((total, one) => total + one.n * (one.mean ?? 0), 0);
    const squares = periods.reduce((total, one) => total + one.n * (one.variance ?? 0), 0);
    const traffic = periods.reduce((total, one) => total + one.traffic, 0);
    return { n, mean: n === 0 ? null : sum / n, variance: n < 2 ? null : squares / n, traffic };
  };
  return {
    segment: { dimension, value: OTHER_VALUE },
    before: join(cells.map(({ before }) => before)),
    after: join(cells.map(({ after }) => after)),
  };
}

function sharesOf(periods: readonly RawPeriod[]): number[] {
  const total = periods.reduce((sum, { traffic }) => sum + traffic, 0);
  return periods.map(({ traffic }) => (total === 0 ? 0 : traffic / total));
}

function errorOf({ n, variance }: RawPeriod): number {
  return n === 0 || variance === null ? 0 : Math.sqrt(variance / n);
}

/** Delta method for (w1 - w0)(level - total) of one cell, shares multinomial. */
function mixError(
  cells: readonly RawCell[],
  shares: readonly [readonly number[], readonly number[]],
  level: readonly number[],
  i: number,
): number {
  const middle = shares[0].reduce((sum, w, k) => sum + ((w + (shares[1][k] ?? 0)) / 2) * (level[k] ?? 0), 0);
  const contrast = (level[i] ?? 0) - middle;
  return Math.abs(contrast) * Math.sqrt(sumOver(cells, shares, (w, n) => (w[i]! * (1 - w[i]!)) / n));
}

/** Variance of (w1 - w0) . level: over both periods (level' diag(w) level - (w . level)^2) / N. */
function totalMixError(
  cells: readonly RawCell[],
  shares: readonly [readonly number[], readonly number[]],
  level: readonly number[],
): number {
  const variance = sumOver(cells, shares, (w, n) => {
    const mean = w.reduce((sum, share, k) => sum + share * level[k]!, 0);
    const squares = w.reduce((sum, share, k) => sum + share * level[k]! ** 2, 0);
    return Math.max(0, squares - mean * mean) / n;
  });
  return Math.sqrt(variance);
}

function sumOver(
  cells: readonly RawCell[],
  shares: readonly [readonly number[], readonly number[]],
  of: (shares: readonly number[], n: number) => number,
): number {
  const totals = [
    cells.reduce((sum, { before }) => sum + before.traffic, 0),
    cells.reduce((sum, { after }) => sum + after.traffic, 0),
  ] as const;
  return (totals[0] === 0 ? 0 : of(shares[0], totals[0])) + (totals[1] === 0 ? 0 : of(shares[1], totals[1]));
}

function sizeOf({ within, mix }: Cell): number {
  return Math.abs(within.change) + Math.abs(mix.change);
}
