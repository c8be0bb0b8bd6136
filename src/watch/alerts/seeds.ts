import { segmentLabel } from '../../domain/segment';
import type { SeededBaseline } from '../options-alerts';
import { bringUpToDate } from './pending';
import type { AlertsState, WatchedSeries } from './state';

/** Fewer values say too little to hold anything against them. */
const FEWEST = 300;
/** Values are rounded to hundredths, so that a seed stays a few lines long. */
const GRID = 100;

/**
 * What every series has learned, or has to learn from so far, as seeds for another configuration. Series of fewer than 300
 * values and those held to a target or another series are left out.
 */
export function seedsOf(state: AlertsState): SeededBaseline[] {
  return [...state.series.values()].flatMap((series): SeededBaseline[] => {
    const values = valuesOf(series);
    if (values.reduce((sum, [, count]) => sum + count, 0) < FEWEST) return [];
    const { kind, segment, criterion, panel } = series.id;
    return [{ kind, segment: segmentLabel(segment), criterion, panel, values: rounded(values) }];
  });
}

type Counted = readonly [value: number, count: number];

function valuesOf(series: WatchedSeries): Counted[] {
  bringUpToDate(series);
  const { reference, ticket, baseline } = series;
  if (reference !== null) return reference.values.map((value) => [value, 1]);
  if (ticket?.type !== 'learned' || baseline === null || baseline.source === 'borrowed') return [];
  const { thousandths, counts } = ticket.state.counts;
  return thousandths.map((at, i) => [at / 1000, counts[i]!]);
}

function rounded(values: readonly Counted[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const [value, count] of values) {
    const at = Math.round(value * GRID) / GRID;
    counts.set(at, (counts.get(at) ?? 0) + count);
  }
  return [...counts].sort(([a], [b]) => a - b);
}
