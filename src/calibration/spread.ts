import { allocateEscalations } from '../stats/escalation-allocation';
import { applyCalibrationMap, type CalibrationMap, shrinkToSegment } from '../stats/isotonic';
import { quantiles } from '../stats/quantile';

/** What the cheap stage said of one criterion of an item, and the ensemble where it was asked. */
export interface SpreadReading {
  readonly criterion: string;
  /** In [0, 1]. */
  readonly cheap: number;
  /** Null where the item was not escalated. */
  readonly ensemble: number | null;
  /** 1 over the probability with which it was escalated. */
  readonly weight: number;
}

/** One call group of one item: its criteria are escalated together. */
export interface SpreadItem {
  readonly readings: readonly SpreadReading[];
  /** What it is escalated with in any case: the audit floor, or 1 where there is a sure reason. */
  readonly least: number;
}

/** Steps of the cheap score, rising, the last up to 1, and the probability of each before floors. */
export interface SpreadRule {
  readonly criterion: string;
  readonly upTo: readonly number[];
  readonly probability: readonly number[];
}

export type SpreadPlan =
  | {
      readonly kind: 'planned';
      readonly rules: readonly SpreadRule[];
      /** Of items like these that would be escalated; at most what was asked for. */
      readonly share: number;
      /** By criterion, the width of an interval as part of what the same share makes when it is spent evenly. */
      readonly width: Readonly<Record<string, number>>;
    }
  /** `too little`: floors and sure reasons alone come to `least`; `too few escalated`: of `have`, to learn from. */
  | { readonly kind: 'refused'; readonly reason: 'too little'; readonly least: number }
  | { readonly kind: 'refused'; readonly reason: 'too few escalated'; readonly have: number; readonly want: number };

const BINS = 10;
const FEWEST_ESCALATED = 100;
/** Rules are written and read with so many steps to one. */
const STEPS = 1e4;

/**
 * Spends a share of escalations where the ensemble is likeliest to differ from the cheap score: with probabilities in
 * proportion to the root mean square of "ensemble minus cheap" at scores like it, within [least, 1]. Estimates stay unbiased
 * whatever these are worth, since each probability is known before its draw.
 * Source: STATISTICS 1.5; Zrnic & Candes, arXiv:2403.03208.
 */
export function planSpread(items: readonly SpreadItem[], share: number): SpreadPlan {
  const least = items.reduce((sum, item) => sum + item.least, 0) / Math.max(1, items.length);
  if (least >= share) return { kind: 'refused', reason: 'too little', least };
  const byCriterion = new Map<string, SpreadReading[]>();
  for (const reading of items.flatMap(({ readings }) => readings)) {
    const own = byCriterion.get(reading.criterion);
    if (own === undefined) byCriterion.set(reading.criterion, [reading]);
    else own.push(reading);
  }
  const spreads = new Map<string, CalibrationMap>();
  for (const [criterion, readings] of byCriterion) {
    const escalated = readings.filter(({ ensemble }) => ensemble !== null);
    if (escalated.length < FEWEST_ESCALATED) {
      return { kind: 'refused', reason: 'too few escalated', have: escalated.length, want: FEWEST_ESCALATED };
    }
    spreads.set(criterion, spreadOf(readings, escalated));
  }
  const sds = items.map(({ readings }) =>
    Math.max(
      0,
      ...readings.map(({ criterion, cheap }) => Math.sqrt(applyCalibrationMap(spreads.get(criterion)!, cheap))),
    ),
  );
  const spend = (wanted: readonly number[]): ReturnType<typeof allocateEscalations> =>
    allocateEscalations(
      wanted,
      items.map(() => 1),
      share * items.length,
      items.map((item) => item.least),
    );
  const { multiplier, pi, cost } = spend(sds);
  const even = spend(items.map(() => 1)).pi;
  return {
    kind: 'planned',
    rules: [...spreads].map(([criterion, { upTo, value }]) => ({
      criterion,
      upTo,
      // Down, so that what is written costs no more than what was planned.
      probability: value.map((square) => Math.floor(Math.min(1, multiplier * Math.sqrt(square)) * STEPS) / STEPS),
    })),
    share: cost / items.length,
    width: Object.fromEntries(
      [...spreads.keys()].map((name) => [
        name,
        Math.sqrt(varianceUnder(items, pi, name) / varianceUnder(items, even, name)),
      ]),
    ),
  };
}

/** Up, so that a score that is an end itself stays in its step. */
function roundedUp(end: number): number {
  return Math.min(1, Math.ceil(end * STEPS - 1e-6) / STEPS);
}

/** Mean square of "ensemble minus cheap" by steps of the cheap score, each drawn to the mean of all as if by 20 items. */
function spreadOf(readings: readonly SpreadReading[], escalated: readonly SpreadReading[]): CalibrationMap {
  const edges = quantiles(
    readings.map(({ cheap }) => cheap),
    Array.from({ length: BINS - 1 }, (_, i) => (i + 1) / BINS),
  );
  const upTo = [...new Set([...edges.map(roundedUp), 1])];
  const squares = escalated.map(({ cheap, ensemble }) => (ensemble! - cheap) ** 2);
  const weights = escalated.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const overall = squares.reduce((sum, square, i) => sum + weights[i]! * square, 0) / total;
  const flat = { upTo, value: upTo.map(() => overall), weight: upTo.map(() => 0) };
  return shrinkToSegment(
    flat,
    escalated.map(({ cheap }) => cheap),
    squares,
    weights,
  );
}

/** Of one estimator value: that of the ensemble's scores, and what not asking about everything adds. */
function varianceUnder(items: readonly SpreadItem[], pi: readonly number[], criterion: string): number {
  let [total, sum, squares, added] = [0, 0, 0, 0];
  items.forEach(({ readings }, i) => {
    for (const { criterion: name, cheap, ensemble, weight } of readings) {
      if (name !== criterion || ensemble === null) continue;
      total += weight;
      sum += weight * ensemble;
      squares += weight * ensemble ** 2;
      added += weight * (1 / pi[i]! - 1) * (ensemble - cheap) ** 2;
    }
  });
  return (squares + added) / total - (sum / total) ** 2;
}
