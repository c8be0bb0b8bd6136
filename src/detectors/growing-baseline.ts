import { DEFAULT_DROPS } from './e-detector';
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
  /** Drops that the components of the detector are tuned to, and so is the bet on the reference that each goes by. */
  readonly drops: readonly number[];
  /** Per drop, the log evidence asked of the reference against a mean so far off. */
  readonly logEvidence: readonly number[];
}

/** Evidence of everything counted so far against each candidate mean. Plain JSON; replaced, not changed. */
export interface CellEvidence {
  /** E-values against each cell, cell by cell, those of its components side by side. */
  readonly cells: readonly number[];
  /** E-value against every mean below the first edge, the mean over the components; null when that edge is 0. */
  readonly below: number | null;
}

export interface GrowingOptions {
  /** Threshold A of the detectors to come. With weights in days, A over the usual weight. */
  readonly threshold: number;
  /** Range [a, b] of the values; default [0, 1]. The mean itself is taken to lie in [0, 1]. */
  readonly range?: readonly [lower: number, upper: number];
  /** Share of the evidence spent on the upper side, in (0, 1); default 0.08. */
  readonly upperShare?: number;
  /** Default `DEFAULT_DROPS`. */
  readonly drops?: readonly number[];
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
const MIDDLE_REACH = 7;
/** Steps of the search for the smallest evidence in that one cell. */
const STEP_ABOVE = 0.5;
const MOST_EDGES = 200;
/** Log evidence stays between this and its negative, so that it is a finite number, and not 0. */
const LOG_CAP = 600;
/** Edges are spaced by the bet that goes with this drop. */
const SPACING_DROP = 0.05;
/** Evidence asked of the reference at the least. */
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
  const drops = options.drops ?? DEFAULT_DROPS;
  const firstVariance = pulledVariance(reference.slice(0, first));
  const wanted = (drop: number): number => evidenceWanted(options.threshold, drop, firstVariance);
  const fixed = {
    referenceMean: center,
    referenceVariance: reference.reduce((total, x) => total + (x - center) ** 2, 0) / n,
    firstVariance,
    largestBet: BET_SHARE / Math.max(1 - a, b),
    upperShare: options.upperShare ?? 0.08,
    drops,
    logEvidence: drops.map(wanted),
  };
  const size = n - first;
  const nat = 1 / (betFor(fixed, size, SPACING_DROP, wanted(SPACING_DROP)) * size);
  const edges = layEdges(Math.min(1, Math.max(0, center)), nat, fixed, counts, size, options.threshold);
  return { baseline: { ...fixed, edges }, counts, size };
}

/**
 * max(4.5, ln(A d^2 / (2 variance))): what a detector's delay after a drop d has to gather at the threshold A, so what a
 * candidate mean d off may ask of the reference. With 4.5 at the thresholds of large fleets (A of millions of items) half
 * of the drops of 10 points were not found within 120 days.
 */
function evidenceWanted(threshold: number, drop: number, variance: number): number {
  return Math.max(LEAST_EVIDENCE, Math.log((threshold * drop * drop) / (2 * variance)));
}

/**
 * E-values from `size` counted values; those of a component are all met with one bet that was fixed before them. Costs two
 * logarithms per edge, component and distinct score.
 *
 * Each component has a bet of its own. A detector of a drop d reaches the threshold after about T items with T bet = 2 N / d,
 * and so much is what a shift of the candidate mean by one moves its logarithm. With a bet on the reference that moves by as
 * much, no candidate is easier to alarm against than the true mean, and no evidence is spent on drops that are not the
 * component's own: with the bet of a drop of 5 points for all of them drops of 10 points took 3 to 8 % longer and drops of
 * 20 points 8 to 13 % (streams of other kinds and levels than those of the bench).
 */
export function evidenceOf(baseline: GrowingBaseline, counts: ScoreCounts, size: number): CellEvidence {
  const { edges, drops } = baseline;
  const components = drops.length;
  const cells = new Array<number>(edges.length * components).fill(0);
  for (let k = 0; k < components; k++) {
    const own = evidenceOfComponent(baseline, counts, size, betOf(baseline, size, k));
    for (let i = 0; i < own.length; i++) cells[i * components + k] = own[i]!;
  }
  return { cells, below: edges[0]! > 0 ? evidenceBelow(baseline, counts, size, edges[0]!) : null };
}

/** Per cell. */
function evidenceOfComponent(baseline: GrowingBaseline, counts: ScoreCounts, size: number, bet: number): number[] {
  const { edges, upperShare } = baseline;
  const up = edges.map((g) => (1 - upperShare) * capital(counts, bet, g, 1));
  const down = edges.map((g) => upperShare * capital(counts, bet, g, -1));
  const cells = edges.slice(1).map((_, i) => up[i + 1]! + down[i]!);
  cells.push(evidenceAbove(baseline, counts, size, bet));
  return cells;
}

/** Against every mean below g, the mean over the components. */
function evidenceBelow(baseline: Omit<GrowingBaseline, 'edges'>, counts: ScoreCounts, size: number, g: number): number {
  const total = baseline.drops.reduce((sum, _, k) => sum + capital(counts, betOf(baseline, size, k), g, 1), 0);
  return ((1 - baseline.upperShare) * total) / baseline.drops.length;
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

function betOf(baseline: Omit<GrowingBaseline, 'edges'>, size: number, component: number): number {
  return betFor(baseline, size, baseline.drops[component]!, baseline.logEvidence[component]!);
}

/** min(largest, d / (s2 + n d^2 / (2 N))): about 2 N / d over n, whatever the variance, once n is large. */
function betFor(
  { firstVariance, largestBet }: Pick<GrowingBaseline, 'firstVariance' | 'largestBet'>,
  size: number,
  drop: number,
  logEvidence: number,
): number {
  return Math.min(largestBet, drop / (firstVariance + (size * drop * drop) / (2 * logEvidence)));
}

/** Down until the reference alone tells the threshold, up to a few cells above the mean; `nat` apart makes a nat of evidence. */
function layEdges(
  center: number,
  nat: number,
  baseline: Omit<GrowingBaseline, 'edges'>,
  counts: ScoreCounts,
  size: number,
  threshold: number,
): number[] {
  const edges = [center];
  let width = FINE;
  for (let reach = width; edges[0]! > 0 && edges.length < MOST_EDGES; reach += width) {
    edges.unshift(Math.max(0, center - reach * nat));
    if (evidenceBelow(baseline, counts, size, edges[0]!) >= threshold) break;
    if (reach >= MIDDLE_REACH) width = Math.min(COARSE, width * GROWTH);
    else if (reach >= FINE_REACH) width = MIDDLE;
  }
  for (let reach = FINE; reach <= FINE_REACH && edges[edges.length - 1]! < 1; reach += FINE) {
    edges.push(Math.min(1, center + reach * nat));
  }
  return edges;
}

/** As it was while all components had the bet of one drop. */
type BaselineOfOneBet = Omit<GrowingBaseline, 'drops' | 'logEvidence'> & {
  readonly resolution: number;
  readonly logEvidence: number;
};

/** What was frozen while all components went by one bet goes on with one each: any bet fixed before the values is as good. */
export function upgradeBaseline(baseline: GrowingBaseline | BaselineOfOneBet): GrowingBaseline {
  if ('drops' in baseline) return baseline;
  const { resolution, logEvidence, ...rest } = baseline;
  const forDrop = (drop: number): number => Math.max(LEAST_EVIDENCE, logEvidence + 2 * Math.log(drop / resolution));
  return { ...rest, drops: DEFAULT_DROPS, logEvidence: DEFAULT_DROPS.map(forDrop) };
}

/** Variance pulled towards 1/4 by one pseudo-value; 1/4 without values. */
function pulledVariance(values: readonly number[]): number {
  const mean = (0.5 + values.reduce((total, x) => total + x, 0)) / (values.length + 1);
  return values.reduce((total, x) => total + (x - mean) ** 2, 0.25) / (values.length + 1);
}

function capital(counts: ScoreCounts, bet: number, g: number, sign: 1 | -1): number {
  return Math.exp(Math.max(-LOG_CAP, Math.min(LOG_CAP, logCapital(counts, bet, g, sign))));
}
