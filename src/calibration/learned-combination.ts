import { cohenKappa, confusionMatrix } from '../stats/agreement';
import { logLoss } from '../stats/calibration-error';
import { shrunkenWeights } from '../stats/judge-weights';
import { fitLogistic, type LogisticFit, predictLogistic } from '../stats/logistic';

/** What each member said of one item, in [0, 1], null where it said nothing readable; in the order of the members. */
export type MemberScores = readonly (number | null)[];

/** Weights of judges and string checks, learned from labels. Plain JSON. */
export interface LearnedCombination {
  readonly members: readonly string[];
  readonly fit: LogisticFit;
  /** Verdict "pass" from this probability up. */
  readonly cut: number;
  readonly penalty: number;
  readonly labels: number;
  /** Per member: how often it sided with the combined verdict in cross-validation, and on how many items. */
  readonly sided: readonly { readonly share: number; readonly n: number }[];
}

export interface CombinationOptions {
  /** True for pairs: swapping the responses must flip the answer, so there is neither intercept nor cut to learn. */
  readonly isPaired?: boolean;
  readonly penalties?: readonly number[];
  /** A cut that is given is not learned. */
  readonly cut?: number;
  /** Fewer labels than this are refused; default 50. */
  readonly fewestLabels?: number;
}

const PENALTIES: readonly number[] = [0.5, 1, 2, 4, 8, 16, 32];
const FOLDS = 5;
const FEWEST_LABELS = 50;
const PSEUDO_ITEMS = 20;
/** The cut leaves 1/2 only for this much more kappa in cross-validation: a learned cut is noisy. */
const CUT_GAIN = 0.01;

/**
 * Learns weights by logistic regression on the members' votes, centred so that a missing one says nothing. The penalty
 * pulls towards weights by each member's own accuracy, and its strength is the one with the least log loss in cross-validation.
 * @returns null when there are too few labels, or only one kind of them.
 */
export function learnCombination(
  members: readonly string[],
  scores: readonly MemberScores[],
  labels: readonly number[],
  options: CombinationOptions = {},
): LearnedCombination | null {
  const isPaired = options.isPaired ?? false;
  if (labels.length < (options.fewestLabels ?? FEWEST_LABELS) || new Set(labels).size < 2) return null;
  const rows = scores.map(votes);
  const prior = independentSay(rows, labels, !isPaired);
  const fitOn = (indices: readonly number[], penalty: number): LogisticFit =>
    fitLogistic(
      indices.map((i) => rows[i]!),
      indices.map((i) => labels[i]!),
      { penalty, prior, hasIntercept: !isPaired },
    );
  const all = labels.map((_, i) => i);
  let best = { loss: Infinity, penalty: PENALTIES[0]!, outOfFold: [] as number[] };
  for (const penalty of options.penalties ?? PENALTIES) {
    const outOfFold = new Array<number>(labels.length).fill(0.5);
    for (let fold = 0; fold < FOLDS; fold++) {
      const fit = fitOn(
        all.filter((i) => i % FOLDS !== fold),
        penalty,
      );
      for (const i of all) if (i % FOLDS === fold) outOfFold[i] = predictLogistic(fit, rows[i]!);
    }
    const loss = logLoss(outOfFold, labels) ?? Infinity;
    if (loss < best.loss) best = { loss, penalty, outOfFold };
  }
  const fit = fitOn(all, best.penalty);
  const cut = options.cut ?? (isPaired ? 0.5 : chooseCut(best.outOfFold, labels));
  return {
    members,
    fit,
    cut,
    penalty: best.penalty,
    labels: labels.length,
    sided: sidedWith(scores, best.outOfFold, cut, members.length),
  };
}

/** Probability that people would pass the item. */
export function combineScores(combination: LearnedCombination, scores: MemberScores): number {
  return predictLogistic(combination.fit, votes(scores));
}

/** 1 from the cut up, else 0. */
export function combinedVerdict(combination: LearnedCombination, scores: MemberScores): 0 | 1 {
  return combineScores(combination, scores) >= combination.cut ? 1 : 0;
}

/** How often each member is on the side of the combined verdict. */
export function sidedWith(
  scores: readonly MemberScores[],
  combined: readonly number[],
  cut: number,
  members: number,
): { share: number; n: number }[] {
  return Array.from({ length: members }, (_, j) => {
    let n = 0;
    let same = 0;
    scores.forEach((row, i) => {
      const score = row[j] ?? null;
      if (score === null || score === 0.5) return;
      n += 1;
      if (score > 0.5 === combined[i]! >= cut) same += 1;
    });
    return { share: n === 0 ? 0.5 : same / n, n };
  });
}

/** Votes in [-1, 1]; a missing one is in the middle. */
function votes(scores: MemberScores): number[] {
  return scores.map((score) => (score === null ? 0 : 2 * score - 1));
}

/**
 * Weights as if members erred independently, in proportion to the log-odds of being right, all scaled by one regression.
 * Source: Nitzan & Paroush 1982 (shape), accuracies shrunk by 20 pseudo-items.
 */
function independentSay(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  hasIntercept: boolean,
): number[] {
  const members = rows[0]?.length ?? 0;
  const counts = new Array<number>(members).fill(0);
  const correct = new Array<number>(members).fill(0);
  rows.forEach((row, i) => {
    row.forEach((vote, j) => {
      if (vote === 0) return;
      counts[j]! += 1;
      if (vote > 0 === (labels[i] === 1)) correct[j]! += 1;
    });
  });
  const { weights: shape } = shrunkenWeights(correct, counts, PSEUDO_ITEMS);
  const sums = rows.map((row) => [row.reduce((total, vote, j) => total + shape[j]! * vote, 0)]);
  const { weights } = fitLogistic(sums, labels, { penalty: 1, hasIntercept });
  return shape.map((share) => share * weights[0]!);
}

/**
 * 1/2, or the cut at which as many are passed as people pass, where that agrees better with them: where labels are
 * uneven and judges weak, 1/2 passes nearly all or none.
 */
function chooseCut(predicted: readonly number[], labels: readonly number[]): number {
  const matched = cutAtPrevalence(predicted, labels);
  const kappaAt = (cut: number): number => {
    const verdicts = predicted.map((p) => (p >= cut ? 1 : 0));
    return cohenKappa(confusionMatrix(labels, verdicts, 2)).kappa ?? 0;
  };
  return kappaAt(matched) > kappaAt(0.5) + CUT_GAIN ? matched : 0.5;
}

/** Between the two neighbouring predictions. */
function cutAtPrevalence(predicted: readonly number[], labels: readonly number[]): number {
  const passes = labels.reduce((a, b) => a + b, 0);
  const sorted = [...predicted].sort((a, b) => b - a);
  const above = sorted[passes - 1] ?? 1;
  const below = sorted[passes] ?? 0;
  return (above + below) / 2;
}
