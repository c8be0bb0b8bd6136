import { cheapConfidence, chooseOperatingPoint, fewestLabels, type OperatingPoint } from '../stats/operating-point';
import { combineScores, learnCombination, type LearnedCombination, type MemberScores } from './learned-combination';

/** One item of a uniform sample: what the cheap stage said, and what people (or the ensemble) say. */
export interface TuneItem {
  /** Of the cheap stage's judges and checks, in the order of `members`. */
  readonly scores: MemberScores;
  readonly label: 0 | 1;
}

export interface TuneOptions {
  readonly members: readonly string[];
  /** Share of kept items that may differ from the label, in (0, 1). */
  readonly alpha: number;
  /** Chance allowed that the tuned point breaks `alpha`. */
  readonly delta: number;
  /** Per item, in any one unit. */
  readonly cheapCost: number;
  readonly ensembleCost: number;
  /** Confident verdicts are escalated with this probability all the same. */
  readonly auditProbability: number;
  /** False = the first member's score is taken as it is, as routing by a band does. Default true. */
  readonly calibrate?: boolean;
  /** Most that an item may cost on average, in the unit of the costs; default no limit. */
  readonly costCeiling?: number;
  /** Share of the items that the cheap stage is calibrated on; the guarantee comes from the others. Default 1/3. */
  readonly fitShare?: number;
}

export type Tuning =
  | {
      readonly kind: 'tuned';
      /** Null when the score was taken as it is. */
      readonly calibration: LearnedCombination | null;
      /** Items with at least this confidence in their calibrated verdict are kept from escalation. */
      readonly tau: number;
      readonly chosen: OperatingPoint;
      /** All thresholds that were tried, strict to loose. */
      readonly frontier: readonly OperatingPoint[];
      readonly escalationRate: number;
      readonly costPerItem: number;
      /** Of the cost of asking cheap stage and ensemble about everything. */
      readonly saving: number;
    }
  | {
      readonly kind: 'refused';
      /** `no threshold holds`: with so many labels none can be shown to keep alpha; `too dear`: none of those that
       * hold is within the ceiling. */
      readonly reason: 'too few labels' | 'no threshold holds' | 'too dear';
      readonly have: number;
      /** Labels without an error among those kept that could pass at best, and a third more to calibrate on. */
      readonly want: number;
      readonly frontier: readonly OperatingPoint[];
    };

const FIT_SHARE = 1 / 3;
const MOST_THRESHOLDS = 50;
/** The first threshold keeps so many times the items that would pass without an error: a few errors must not end it. */
const ROOM = 3;

/**
 * Chooses what the cheap stage may decide alone so that, with probability 1 - delta, at most alpha of it differs from the
 * label. The items must be a uniform sample in an order that has nothing to do with them: the first part calibrates the
 * cheap stage and fixes which thresholds are tried in which order, the rest tests them, strict to loose, and stops at the
 * first that fails.
 * Source: Learn then Test, arXiv:2110.01052 (fixed-sequence testing); Trust or Escalate, arXiv:2407.18370.
 */
export function tuneOperatingPoint(items: readonly TuneItem[], options: TuneOptions): Tuning {
  const { alpha, delta, members, cheapCost, ensembleCost, auditProbability, fitShare = FIT_SHARE } = options;
  const fitted = Math.round(items.length * fitShare);
  const [fit, test] = [items.slice(0, fitted), items.slice(fitted)];
  const want = Math.ceil(fewestLabels(alpha, delta) / (1 - fitShare));
  const calibration = options.calibrate === false ? null : calibrate(members, fit);
  if (fit.length < FEWEST_TO_CALIBRATE || (calibration === null && options.calibrate !== false)) {
    return { kind: 'refused', reason: 'too few labels', have: items.length, want, frontier: [] };
  }
  const predicted = ({ scores }: TuneItem): number => predictedPass({ calibration }, scores);
  const taus = thresholds(fit.map(predicted), test.length, fewestLabels(alpha, delta));
  const { points, chosenTau } = chooseOperatingPoint(
    test.map(predicted),
    test.map(({ label }) => label),
    { taus, alpha, delta, cheapCost, ensembleCost },
  );
  const chosen = points.find(({ tau }) => tau === chosenTau);
  if (chosenTau === null || chosen === undefined) {
    return { kind: 'refused', reason: 'no threshold holds', have: items.length, want, frontier: points };
  }
  if (costOf(chosen, options) > (options.costCeiling ?? Infinity)) {
    return { kind: 'refused', reason: 'too dear', have: items.length, want, frontier: points };
  }
  const escalationRate = 1 - chosen.coverage * (1 - auditProbability);
  const costPerItem = costOf(chosen, options);
  return {
    kind: 'tuned',
    calibration,
    tau: chosenTau,
    chosen,
    frontier: points,
    escalationRate,
    costPerItem,
    // Of asking both about everything.
    saving: 1 - costPerItem / (cheapCost + ensembleCost),
  };
}

type Tuned = Extract<Tuning, { kind: 'tuned' }>;

/** Probability of a pass in the tuned cheap stage's view. */
export function predictedPass({ calibration }: Pick<Tuned, 'calibration'>, scores: MemberScores): number {
  return calibration === null ? (scores[0] ?? 0.5) : combineScores(calibration, scores);
}

/** True when the tuned cheap stage decides the item alone. */
export function isKept(tuned: Tuned, scores: MemberScores): boolean {
  return cheapConfidence(predictedPass(tuned, scores)) >= tuned.tau;
}

/** Bands are written and read with so many steps to one. */
const BAND_STEPS = 1e4;

/**
 * Cheap scores in [low, high] are escalated; only for a score that is taken as it is. A step inside tau, since a judge says
 * the same few scores again and again, and those at tau itself are to be kept.
 */
export function bandOf({ tau }: Pick<Tuned, 'tau'>): { readonly low: number; readonly high: number } {
  const inside = Math.min(BAND_STEPS / 2, Math.floor(((1 - tau) / 2) * BAND_STEPS + 1e-6) + 1);
  return { low: inside / BAND_STEPS, high: (BAND_STEPS - inside) / BAND_STEPS };
}

function costOf({ coverage }: OperatingPoint, { cheapCost, ensembleCost, auditProbability }: TuneOptions): number {
  return cheapCost + (1 - coverage * (1 - auditProbability)) * ensembleCost;
}

function calibrate(members: readonly string[], fit: readonly TuneItem[]): LearnedCombination | null {
  return learnCombination(
    members,
    fit.map(({ scores }) => scores),
    fit.map(({ label }) => label),
    { fewestLabels: FEWEST_TO_CALIBRATE },
  );
}

const FEWEST_TO_CALIBRATE = 30;

/**
 * Levels of confidence among the calibration items, strict to loose. Those that would keep fewer test items than can
 * pass at all are left out, or the first of them would end the sequence for want of items.
 */
function thresholds(predicted: readonly number[], testItems: number, fewestKept: number): number[] {
  const confidences = predicted.map(cheapConfidence).sort((a, b) => b - a);
  const needed = Math.min(
    confidences.length,
    Math.ceil((ROOM * fewestKept * confidences.length) / Math.max(1, testItems)),
  );
  const first = confidences[needed - 1];
  if (first === undefined) return [];
  const levels = [...new Set(confidences.filter((confidence) => confidence <= first))];
  const step = Math.max(1, Math.ceil(levels.length / MOST_THRESHOLDS));
  return levels.filter((_, i) => i % step === 0);
}
