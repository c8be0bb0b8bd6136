import { binomialCdf } from './binomial';
import { requireSameLength } from './moments';

/** How the operating point is chosen. */
export interface OperatingPointOptions {
  /** Confidence thresholds from strict to loose, fixed before looking at the labels. */
  readonly taus: readonly number[];
  /** Disagreement allowed among kept items, in (0, 1). */
  readonly alpha: number;
  /** Chance allowed that the chosen threshold breaks `alpha`. */
  readonly delta: number;
  /** Cost of the cheap judge and of the ensemble per item, any one unit. */
  readonly cheapCost: number;
  readonly ensembleCost: number;
}

/** One threshold tried. */
export interface OperatingPoint {
  readonly tau: number;
  /** Items with confidence of at least tau, which would not be escalated, and how many of them the label contradicts. */
  readonly kept: number;
  readonly disagreements: number;
  /** P-value for "more than alpha of kept items disagree"; 1 when none is kept. */
  readonly p: number;
  readonly coverage: number;
  readonly costPerItem: number;
  /** True when this and all stricter thresholds passed. */
  readonly passed: boolean;
}

/** All thresholds, and the loosest that passed (null when not even the first did). */
export interface OperatingPointChoice {
  readonly points: readonly OperatingPoint[];
  readonly chosenTau: number | null;
}

/** Confidence of a cheap score in [0, 1]: distance from the middle, 2 |f - 1/2|, in [0, 1]. */
export function cheapConfidence(score: number): number {
  return 2 * Math.abs(score - 0.5);
}

/**
 * Chooses the loosest confidence threshold at which, with probability 1 - delta, at most alpha of the items kept from
 * escalation disagree with the reference. Labels (0 or 1) must come from a uniform audit.
 * Source: Jung, Brahman & Choi, arXiv:2407.18370 (Trust or Escalate); fixed-sequence testing, arXiv:2110.01052.
 */
export function chooseOperatingPoint(
  scores: readonly number[],
  labels: readonly number[],
  options: OperatingPointOptions,
): OperatingPointChoice {
  requireSameLength(scores, labels);
  let open = true;
  let chosenTau: number | null = null;
  const points = options.taus.map((tau): OperatingPoint => {
    const { kept, disagreements } = countKept(scores, labels, tau);
    const p = kept === 0 ? 1 : binomialCdf(disagreements, kept, options.alpha);
    open &&= p <= options.delta;
    if (open) chosenTau = tau;
    const coverage = scores.length === 0 ? 0 : kept / scores.length;
    const costPerItem = options.cheapCost + (1 - coverage) * options.ensembleCost;
    return { tau, kept, disagreements, p, coverage, costPerItem, passed: open };
  });
  return { points, chosenTau };
}

/** Kept items without a single disagreement that are needed before any threshold can pass: ln delta / ln(1 - alpha). */
export function fewestLabels(alpha: number, delta: number): number {
  return Math.ceil(Math.log(delta) / Math.log1p(-alpha));
}

function countKept(
  scores: readonly number[],
  labels: readonly number[],
  tau: number,
): { kept: number; disagreements: number } {
  let kept = 0;
  let disagreements = 0;
  scores.forEach((score, i) => {
    if (cheapConfidence(score) < tau) return;
    kept += 1;
    if (score >= 0.5 !== (labels[i] === 1)) disagreements += 1;
  });
  return { kept, disagreements };
}
