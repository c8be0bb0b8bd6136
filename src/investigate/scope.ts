import { dimensionOf, dimensionsOf, type TrafficCell } from '../store/traffic-cell';
import { declaredKey, errorOf, groupBy, levelOf, type Period } from './cells';
import type { Effect } from './effect';

/** The part of the traffic in which a change lies. */
export interface Scope {
  /** As metrics name segments: `all`, `product=support`, `locale+product=de+support`. */
  readonly label: string;
  readonly inside: Effect;
  readonly outside: Effect | null;
  /** How much better "changed here, not there" fits than "changed everywhere alike": a chi-square with one degree. */
  readonly gain: number;
}

interface Slice {
  readonly cell: TrafficCell;
  readonly change: number;
  readonly weight: number;
}

const LEAST_UNITS = 15;
/** Gain that makes a place worth naming, and what a second dimension must add. */
export const LEAST_GAIN = 12;
export const SECOND_DIMENSION = 6;

/**
 * The declared slice, or pair of dimensions, whose change differs most from the rest; the whole when no slice stands out.
 */
export function findScope(before: Period, after: Period): Scope {
  const slices = slicesOf(before, after);
  const whole = meanOf(slices);
  let best: Scope = { label: 'all', inside: whole, outside: null, gain: 0 };
  let bestValue = LEAST_GAIN;
  for (const { label, dimensions } of candidates(slices)) {
    const isInside = ({ cell }: Slice): boolean => labelOf(cell, dimensions) === label;
    const inside = slices.filter(isInside);
    const outside = slices.filter((slice) => !isInside(slice));
    if (inside.length === 0 || outside.length === 0) continue;
    const [a, b] = [meanOf(inside), meanOf(outside)];
    const gain = (a.change - b.change) ** 2 / (a.standardError ** 2 + b.standardError ** 2);
    // Only what changed more than the rest carries the change.
    if (Math.abs(a.change) <= Math.abs(b.change)) continue;
    const value = gain - (dimensions.length - 1) * SECOND_DIMENSION;
    if (value <= bestValue) continue;
    bestValue = value;
    best = { label, inside: a, outside: b, gain };
  }
  return best;
}

function slicesOf(before: Period, after: Period): Slice[] {
  const [a, b] = [groupBy(before.stats, declaredKey), groupBy(after.stats, declaredKey)];
  return [...b].flatMap(([key, stats]) => {
    const [x, y] = [levelOf(a.get(key) ?? []), levelOf(stats)];
    if (x === null || y === null || Math.min(x.n, y.n) < LEAST_UNITS) return [];
    return [{ cell: stats[0]!.cell, change: y.mean - x.mean, weight: 1 / (errorOf(x) ** 2 + errorOf(y) ** 2) }];
  });
}

/** Mean change, each slice weighted by what is known of it. */
function meanOf(slices: readonly Slice[]): Effect {
  const weight = slices.reduce((total, one) => total + one.weight, 0);
  if (weight === 0) return { change: 0, standardError: 0 };
  const change = slices.reduce((total, one) => total + one.weight * one.change, 0) / weight;
  return { change, standardError: Math.sqrt(1 / weight) };
}

function candidates(slices: readonly Slice[]): { readonly label: string; readonly dimensions: readonly string[] }[] {
  const declared = dimensionsOf(slices.map(({ cell }) => cell)).filter((name) =>
    slices.some(({ cell }) => Object.hasOwn(cell.segments, name)),
  );
  const sets = declared.flatMap((first, i) => [[first], ...declared.slice(i + 1).map((second) => [first, second])]);
  return sets.flatMap((dimensions) => {
    const labels = new Set(slices.map(({ cell }) => labelOf(cell, dimensions)));
    return [...labels].flatMap((label) => (label === null ? [] : [{ label, dimensions }]));
  });
}

function labelOf(cell: TrafficCell, dimensions: readonly string[]): string | null {
  const values = dimensions.map((name) => dimensionOf(cell, name));
  return values.includes(null) ? null : `${dimensions.join('+')}=${values.join('+')}`;
}
