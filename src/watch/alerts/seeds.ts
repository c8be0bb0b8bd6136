import { addPowers, emptyPowers, type PowerSums } from '../../detectors/power-sums';
import { segmentLabel } from '../../domain/segment';
import type { SeededBaseline } from '../options-alerts';
import { bringUpToDate } from './pending';
import type { AlertsState, WatchedSeries } from './state';

/** Fewer values say too little to hold anything against them. */
const FEWEST = 300;
/** Values are rounded to so many decimals. */
const DECIMALS = 4;

/**
 * What every series has learned, or has to learn from so far, as seeds for another configuration: of each two values and
 * how often, which have the mean, variance and skewness of what was learned. Series of fewer than 300 values and those held
 * to a target or another series are left out.
 */
export function seedsOf(state: AlertsState): SeededBaseline[] {
  return [...state.series.values()].flatMap((series): SeededBaseline[] => {
    const learned = learnedOf(series);
    if (learned === null || learned.sums[0]! < FEWEST) return [];
    const { kind, segment, criterion, panel } = series.id;
    return [{ kind, segment: segmentLabel(segment), criterion, panel, values: twoPoints(learned) }];
  });
}

interface Learned {
  readonly center: number;
  readonly sums: PowerSums;
}

function learnedOf(series: WatchedSeries): Learned | null {
  bringUpToDate(series);
  const { reference, ticket, baseline } = series;
  if (reference !== null) {
    const sums = emptyPowers();
    for (const value of reference.values) addPowers(sums, value);
    return { center: 0, sums };
  }
  if (ticket?.type !== 'learned' || baseline === null) return null;
  if (baseline.source === 'target' || baseline.source === 'borrowed') return null;
  return { center: baseline.learned.referenceMean, sums: ticket.state.sums };
}

/**
 * The two-point distribution of given mean, standard deviation s and skewness g: mean + s (g -/+ sqrt(g^2 + 4)) / 2, the
 * Gauss quadrature of the first three moments; passes and fails give themselves back.
 */
function twoPoints({ center, sums }: Learned): [value: number, count: number][] {
  const [n = 0, first = 0, second = 0, third = 0] = sums;
  const mean = first / n;
  const variance = second / n - mean * mean;
  if (variance < 1e-9) return [[rounded(center + mean), n]];
  const deviation = Math.sqrt(variance);
  const skewness = (third / n - 3 * mean * variance - mean ** 3) / deviation ** 3;
  const spread = Math.hypot(skewness, 2);
  const above = Math.round((n * (1 - skewness / spread)) / 2);
  const at = (sign: 1 | -1): number => rounded(center + mean + (deviation * (skewness + sign * spread)) / 2);
  return [[at(-1), n - above] as [number, number], [at(1), above] as [number, number]].filter(([, count]) => count > 0);
}

function rounded(value: number): number {
  // Adding 0 makes a plain 0 of a negative one.
  return Number(value.toFixed(DECIMALS)) + 0;
}
