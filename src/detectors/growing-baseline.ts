import { DEFAULT_DROPS } from './e-detector';
import { addPowers, emptyPowers, logCapitalAt, logCapitalOf, type PowerSums } from './power-sums';

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
/**
 * So much more is asked of the reference than a detector without tolerance needs: one with it takes longer, and a bet on the
 * reference that moves too little costs more than one that moves too much. Without it pages for drops of 10 points, at 30
 * sessions a day in 2,500 series, took 54 and 76 days instead of 37 and 45 (two seeds).
 */
const BEYOND = 1.25;
/** Evidence asked of the reference at the least. */
const LEAST_EVIDENCE = 4.5;

/** A frozen reference: the baseline, and the sums of its values to go on from. Throws without values. */
export function startGrowing(
  reference: readonly number[],
  options: GrowingOptions,
): { baseline: GrowingBaseline; sums: PowerSums } {
  const n = reference.length;
  if (n === 0) throw new RangeError('a baseline needs at least one reference value');
  const [a, b] = options.range ?? [0, 1];
  const first = Math.min(MOST_FIRST, Math.floor(n * FIRST_SHARE));
  const center = reference.reduce((total, x) => total + x, 0) / n;
  const sums = emptyPowers();
  for (let i = first; i < n; i++) addPowers(sums, reference[i]! - center);
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
  return { baseline: { ...fixed, edges: layEdges(nat, fixed, sums, options.threshold) }, sums };
}

/**
 * 1.25 max(4.5, ln(A d^2 / (2 variance))): what a detector's delay after a drop d has to gather at the threshold A, so what a
 * candidate mean d off may ask of the reference. With 4.5 at the thresholds of large fleets (A of millions of items) half
 * of the drops of 10 points were not found within 120 days.
 */
function evidenceWanted(threshold: number, drop: number, variance: number): number {
  return BEYOND * Math.max(LEAST_EVIDENCE, Math.log((threshold * drop * drop) / (2 * variance)));
}

/** Takes in a value, in place. */
export function addValue({ referenceMean }: Pick<GrowingBaseline, 'referenceMean'>, sums: PowerSums, x: number): void {
  addPowers(sums, x - referenceMean);
}

/**
 * E-values from the values summed; those of a component are all met with one bet that was fixed before them. Costs two
 * exponentials per edge and component.
 *
 * Each component has a bet of its own. A detector of a drop d reaches the threshold after about T items with T bet = 2 N / d,
 * and so much is what a shift of the candidate mean by one moves its logarithm. With a bet on the reference that moves by as
 * much, no candidate is easier to alarm against than the true mean, and no evidence is spent on drops that are not the
 * component's own: with the bet of a drop of 5 points for all of them drops of 10 points took 3 to 8 % longer and drops of
 * 20 points 8 to 13 % (streams of other kinds and levels than those of the bench).
 */
export function evidenceOf(baseline: GrowingBaseline, sums: PowerSums): CellEvidence {
  const { edges } = baseline;
  const components = betsOnReference(baseline, sums);
  const cells = new Array<number>(edges.length * components.length).fill(0);
  components.forEach((component, k) => {
    const own = evidenceOfComponent(baseline, component);
    for (let i = 0; i < own.length; i++) cells[i * components.length + k] = own[i]!;
  });
  return { cells, below: edges[0]! > 0 ? evidenceBelow(baseline, components, edges[0]!) : null };
}

/** What one component's bet on the values has come to: that the mean is above g, and that it is below. */
interface BetOnReference {
  readonly up: (g: number) => number;
  readonly down: (g: number) => number;
  /** Distance of means that makes a nat of evidence. */
  readonly nat: number;
}

function betsOnReference(baseline: Omit<GrowingBaseline, 'edges'>, sums: PowerSums): BetOnReference[] {
  const { referenceMean, largestBet, drops, logEvidence } = baseline;
  const size = sums[0]!;
  return drops.map((drop, k) => {
    const bet = betFor(baseline, size, drop, logEvidence[k]!);
    const capital = (sign: 1 | -1): ((g: number) => number) => {
      const log = logCapitalOf(sums, bet, BET_SHARE / largestBet, sign);
      return (g) => Math.exp(Math.max(-LOG_CAP, Math.min(LOG_CAP, logCapitalAt(log, referenceMean - g))));
    };
    return { up: capital(1), down: capital(-1), nat: 1 / (bet * size) };
  });
}

/** Per cell. */
function evidenceOfComponent({ edges, upperShare }: GrowingBaseline, component: BetOnReference): number[] {
  const { up, down } = component;
  const cells: number[] = [];
  for (let i = 1; i < edges.length; i++)
    cells.push((1 - upperShare) * up(edges[i]!) + upperShare * down(edges[i - 1]!));
  cells.push(evidenceAbove(edges[edges.length - 1]!, upperShare, component));
  return cells;
}

/** Against every mean below g, the mean over the components. */
function evidenceBelow(
  { upperShare }: Pick<GrowingBaseline, 'upperShare'>,
  components: readonly BetOnReference[],
  g: number,
): number {
  return ((1 - upperShare) * components.reduce((total, { up }) => total + up(g), 0)) / components.length;
}

/** Smallest e-value of any mean from the last edge up: coarse cells until the lower bet alone exceeds what was found. */
function evidenceAbove(last: number, upperShare: number, { up, down, nat }: BetOnReference): number {
  let smallest = Infinity;
  let g = last;
  for (let i = 0; i < MOST_EDGES; i++) {
    const above = upperShare * down(g);
    if (g >= 1 || above >= smallest) return Math.min(smallest, above);
    const next = Math.min(1, g + STEP_ABOVE * nat);
    smallest = Math.min(smallest, above + (1 - upperShare) * up(next));
    g = next;
  }
  return Math.min(smallest, upperShare * down(g));
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
function layEdges(nat: number, baseline: Omit<GrowingBaseline, 'edges'>, sums: PowerSums, threshold: number): number[] {
  const components = betsOnReference(baseline, sums);
  const center = Math.min(1, Math.max(0, baseline.referenceMean));
  const edges = [center];
  let width = FINE;
  for (let reach = width; edges[0]! > 0 && edges.length < MOST_EDGES; reach += width) {
    edges.unshift(Math.max(0, center - reach * nat));
    if (evidenceBelow(baseline, components, edges[0]!) >= threshold) break;
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
