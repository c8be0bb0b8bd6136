/**
 * A baseline learned from a reference window, kept as cells of candidate means with an e-value each of the reference
 * against the cell. Plain JSON, 45 to 200 cells; made once by `freezeBaseline`, never changed.
 */
export interface LearnedBaseline {
  readonly referenceMean: number;
  /** Variance of the reference, divided by n. */
  readonly referenceVariance: number;
  readonly referenceSize: number;
  /** Cell i spans [edges[i], edges[i + 1]]; ascending, inside [0, 1], one more than `evidence`. */
  readonly edges: readonly number[];
  /** E-value of the reference against each cell. */
  readonly evidence: readonly number[];
  /** E-value against everything below the first, above the last edge; null when that edge is 0, 1. */
  readonly belowEdges: number | null;
  readonly aboveEdges: number | null;
}

export interface FreezeOptions {
  /** Threshold A of the detectors to come: how far out the cells must reach. With weights in days, A over the usual weight. */
  readonly threshold: number;
  /** Range [a, b] of the values; default [0, 1]. The mean itself is taken to lie in [0, 1]. */
  readonly range?: readonly [lower: number, upper: number];
  /** Share of the evidence spent on the upper side, in (0, 1); default 0.1: a detector of drops needs the lower one. */
  readonly upperShare?: number;
  /** Smallest distance of the mean worth resolving, and the log evidence asked for it; default 0.05 and 4.5. */
  readonly resolution?: number;
  readonly logEvidence?: number;
}

/** Log evidence against a candidate stops here, so that it stays a finite number. */
const LOG_EVIDENCE_CAP = 600;
/** Cells stop after so many edges each way, whatever the evidence. */
const MOST_EDGES = 101;
/** Distance between edges, in units of 1 / (last bet times reference size): neighbouring cells differ by about e^0.25. */
const STEP = 0.25;
/** Bets on the reference are at most this share of the largest safe one. */
const BET_SHARE = 0.75;

/**
 * Learns a baseline from `reference`, at least one value inside the range, ideally 1,000 and more from one epoch.
 * Takes about 2 x cells x n logarithms. Throws on an empty reference.
 *
 * Why it keeps the false-alarm rate at 1/A on average over references: in the cell that holds the true mean mu the
 * evidence is at most K(mu) = share-weighted betting e-value of the reference against mu, and the detector at the
 * cell's lower edge is at most R(mu). So the statistic is at most K(mu) R(mu); given the reference the mean interval
 * between false alarms is at least A / K(mu), hence the mean rate at most E[K(mu)] / A <= 1 / A.
 *
 * Source: e-values by betting, Waudby-Smith & Ramdas, arXiv:2010.09686; e-detectors, Shin, Ramdas & Rinaldo,
 * arXiv:2203.03532.
 */
export function freezeBaseline(reference: readonly number[], options: FreezeOptions): LearnedBaseline {
  const n = reference.length;
  if (n === 0) throw new RangeError('a baseline needs at least one reference value');
  const upperShare = options.upperShare ?? 0.1;
  const bets = referenceBets(reference, options);
  const center = reference.reduce((total, x) => total + x, 0) / n;
  const step = STEP / (bets[n - 1]! * n);
  const against = (g: number): SidedEvidence => ({
    up: (1 - upperShare) * betOnReference(reference, bets, g, 1),
    down: upperShare * betOnReference(reference, bets, g, -1),
  });
  const lower = [{ edge: center, ...against(center) }];
  for (let last = lower[0]!; last.edge > 0 && last.up < options.threshold && lower.length < MOST_EDGES;) {
    const edge = Math.max(0, center - step * lower.length);
    last = { edge, ...against(edge) };
    lower.push(last);
  }
  const upper: (SidedEvidence & { edge: number })[] = [];
  for (let last = lower[0]!; last.edge < 1 && last.down < options.threshold && upper.length < MOST_EDGES;) {
    const edge = Math.min(1, center + step * (upper.length + 1));
    last = { edge, ...against(edge) };
    upper.push(last);
  }
  const all = [...lower.reverse(), ...upper];
  const first = all[0]!;
  const last = all[all.length - 1]!;
  return {
    referenceMean: center,
    referenceVariance: reference.reduce((total, x) => total + (x - center) ** 2, 0) / n,
    referenceSize: n,
    edges: all.map((point) => point.edge),
    evidence: all.slice(1).map((point, i) => point.up + all[i]!.down),
    belowEdges: first.edge > 0 ? first.up : null,
    aboveEdges: last.edge < 1 ? last.down : null,
  };
}

/** Evidence of the reference that its mean is above, below a candidate; each already multiplied by its share. */
interface SidedEvidence {
  readonly up: number;
  readonly down: number;
}

/**
 * Bet sizes on the reference, each from earlier values only:
 * min(0.75 / max(1 - a, b), d / (s2 + n d^2 / (2 N))) with d the resolution and N the log evidence.
 */
export function referenceBets(reference: readonly number[], options: FreezeOptions): number[] {
  const [a, b] = options.range ?? [0, 1];
  const resolution = options.resolution ?? 0.05;
  const room = (reference.length * resolution * resolution) / (2 * (options.logEvidence ?? 4.5));
  const largest = BET_SHARE / Math.max(1 - a, b);
  let total = 0;
  let squares = 0.25;
  return reference.map((x, i) => {
    const bet = Math.min(largest, resolution / (squares / (i + 1) + room));
    total += x;
    squares += (x - (0.5 + total) / (i + 2)) ** 2;
    return bet;
  });
}

/** Product of 1 + bet sign (x - g) over the reference, the logarithm capped. */
function betOnReference(reference: readonly number[], bets: readonly number[], g: number, sign: 1 | -1): number {
  let log = 0;
  for (let i = 0; i < reference.length; i++) log += Math.log1p(sign * bets[i]! * (reference[i]! - g));
  return Math.exp(Math.min(LOG_EVIDENCE_CAP, log));
}
