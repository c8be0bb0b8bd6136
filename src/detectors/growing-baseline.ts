import { countScore, emptyCounts, logCapital, type ScoreCounts } from './score-counts';

/** What is fixed about a baseline that goes on learning. Plain JSON. */
export interface GrowingBaseline {
  readonly referenceMean: number;
  /** Variance of the reference, divided by n. */
  readonly referenceVariance: number;
  /** Cell i spans [edges[i], edges[i + 1]], the last one everything from its edge up. Ascending, inside [0, 1]. */
  readonly edges: readonly number[];
  /** Variance of the first values of the reference, which only serve to set the bets. */
  readonly firstVariance: number;
  /** No bet on the reference exceeds this. */
  readonly largestBet: number;
  readonly upperShare: number;
  readonly resolution: number;
  readonly logEvidence: number;
}

/** Evidence of everything counted so far against each candidate mean. Plain JSON; replaced, not changed. */
export interface CellEvidence {
  /** E-value against each cell. */
  readonly cells: readonly number[];
  /** E-value against every mean below the first edge; null when that edge is 0. */
  readonly below: number | null;
}

export interface GrowingOptions {
  /** Threshold A of the detectors to come. With weights in days, A over the usual weight. */
  readonly threshold: number;
  /** Range [a, b] of the values; default [0, 1]. The mean itself is taken to lie in [0, 1]. */
  readonly range?: readonly [lower: number, upper: number];
  /** Share of the evidence spent on the upper side, in (0, 1); default 0.05. */
  readonly upperShare?: number;
  /**
   * Smallest distance of the mean worth resolving, and the log evidence asked for it; default 0.05 = d and
   * max(4.5, ln(A d^2 / (2 variance))), which is what the whole delay has to gather at the threshold A. With 4.5 at the
   * thresholds of large fleets (A of millions of items) half of the drops of 10 points were not found within 120 days.
   */
  readonly resolution?: number;
  readonly logEvidence?: number;
}

/** Bets on the reference are at most this share of the largest safe one. */
const BET_SHARE = 0.75;
/** Values that only set the bets: one in twenty of the reference, at most a hundred. */
const FIRST_SHARE = 0.05;
const MOST_FIRST = 100;
/**
 * Width of cells in nats of evidence. A cell's evidence is that of its weaker end, so wide cells never raise the rate of
 * false alarms, but where the minimum is found each costs the delay up to its width: near the mean for large drops, some
 * nats below it where the reference is short for the drop. With cells of 0.125 throughout (70 to 80 of them) delays are
 * 1 to 6 % shorter, with half as many as here 10 to 60 % longer.
 */
const FINE = 0.25;
const MIDDLE = 0.4;
const GROWTH = 1.2;
const COARSE = 2;
/** Fine cells reach this many nats below and above the mean; the rest above is one cell. */
const FINE_REACH = 2;
/** From here on down cells grow. */
const MIDDLE_REACH = 8;
/** Steps of the search for the smallest evidence in that one cell. */
const STEP_ABOVE = 0.5;
const MOST_EDGES = 200;
const LOG_CAP = 600;
const LEAST_EVIDENCE = 4.5;

/** A frozen reference: the baseline, and its counts to go on from. Throws without values. */
export function startGrowing(
  reference: readonly number[],
  options: GrowingOptions,
): { baseline: GrowingBaseline; counts: ScoreCounts; size: number } {
  const n = reference.length;
  if (n === 0) throw new RangeError('a baseline needs at least one reference value');
  const [a, b] = options.range ?? [0, 1];
  const first = Math.min(MOST_FIRST, Math.floor(n * FIRST_SHARE));
  const counts = emptyCounts();
  for (let i = first; i < n; i++) countScore(counts, reference[i]!);
  const center = reference.reduce((total, x) => total + x, 0) / n;
  const resolution = options.resolution ?? 0.05;
  const firstVariance = pulledVariance(reference.slice(0, first));
  const evidence = Math.log((options.threshold * resolution * resolution) / (2 * firstVariance));
  const fixed = {
    referenceMean: center,
    referenceVariance: reference.reduce((total, x) => total + (x - center) ** 2, 0) / n,
    firstVariance,
    largestBet: BET_SHARE / Math.max(1 - a, b),
    upperShare: options.upperShare ?? 0.05,
    resolution,
    logEvidence: options.logEvidence ?? Math.max(LEAST_EVIDENCE, evidence),
  };
  const size = n - first;
  const edges = layEdges(Math.min(1, Math.max(0, center)), fixed, counts, size, options.threshold);
  return { baseline: { ...fixed, edges }, counts, size };
}

/**
 * E-values from `size` counted values, all met with one bet that was fixed before them. Costs two logarithms per edge
 * and distinct score.
 */
export function evidenceOf(baseline: GrowingBaseline, counts: ScoreCounts, size: number): CellEvidence {
  const bet = betFor(baseline, size);
  const { edges, upperShare } = baseline;
  const up = edges.map((g) => (1 - upperShare) * capital(counts, bet, g, 1));
  const down = edges.map((g) => upperShare * capital(counts, bet, g, -1));
  const cells = edges.slice(1).map((_, i) => up[i + 1]! + down[i]!);
  cells.push(evidenceAbove(baseline, counts, size, bet));
  return { cells, below: edges[0]! > 0 ? up[0]! : null };
}

/** Smallest e-value of any mean from the last edge up: coarse cells until the lower bet alone exceeds what was found. */
function evidenceAbove(baseline: GrowingBaseline, counts: ScoreCounts, size: number, bet: number): number {
  let smallest = Infinity;
  let g = baseline.edges[baseline.edges.length - 1]!;
  const step = STEP_ABOVE / (bet * size);
  for (let i = 0; i < MOST_EDGES; i++) {
    const down = baseline.upperShare * capital(counts, bet, g, -1);
    if (g >= 1 || down >= smallest) return Math.min(smallest, down);
    const next = Math.min(1, g + step);
    smallest = Math.min(smallest, down + (1 - baseline.upperShare) * capital(counts, bet, next, 1));
    g = next;
  }
  return Math.min(smallest, baseline.upperShare * capital(counts, bet, g, -1));
}

/** min(largest, d / (s2 + n d^2 / (2 N))): about 2 N / d over n, whatever the variance, once n is large. */
function betFor(baseline: Omit<GrowingBaseline, 'edges'>, size: number): number {
  const { resolution, logEvidence, firstVariance, largestBet } = baseline;
  return Math.min(largestBet, resolution / (firstVariance + (size * resolution * resolution) / (2 * logEvidence)));
}

function layEdges(
  center: number,
  baseline: Omit<GrowingBaseline, 'edges'>,
  counts: ScoreCounts,
  size: number,
  threshold: number,
): number[] {
  const bet = betFor(baseline, size);
  const nat = 1 / (bet * size);
  const edges = [center];
  let width = FINE;
  for (let reach = width; edges[0]! > 0 && edges.length < MOST_EDGES; reach += width) {
    edges.unshift(Math.max(0, center - reach * nat));
    if ((1 - baseline.upperShare) * capital(counts, bet, edges[0]!, 1) >= threshold) break;
    if (reach >= MIDDLE_REACH) width = Math.min(COARSE, width * GROWTH);
    else if (reach >= FINE_REACH) width = MIDDLE;
  }
  for (let reach = FINE; reach <= FINE_REACH && edges[edges.length - 1]! < 1; reach += FINE) {
    edges.push(Math.min(1, center + reach * nat));
  }
  return edges;
}

/** Variance pulled towards 1/4 by one pseudo-value; 1/4 without values. */
function pulledVariance(values: readonly number[]): number {
  const mean = (0.5 + values.reduce((total, x) => total + x, 0)) / (values.length + 1);
  return values.reduce((total, x) => total + (x - mean) ** 2, 0.25) / (values.length + 1);
}

function capital(counts: ScoreCounts, bet: number, g: number, sign: 1 | -1): number {
  return Math.exp(Math.min(LOG_CAP, logCapital(counts, bet, g, sign)));
}
