import { combineScores, learnCombination, type LearnedCombination, type MemberScores } from './learned-combination';
import { decidePromotion, type Promotion } from './promotion';

/** One labelled item on which every judge of the panel was asked. In an order that has nothing to do with the items. */
export interface WeighedItem {
  /** In the order of the members; null where one said nothing readable. */
  readonly scores: MemberScores;
  readonly label: 0 | 1;
  /** What is published now passes the item. */
  readonly current: 0 | 1;
  readonly ageDays: number;
}

export interface WeightProposal {
  /** Null where the labels did not do to learn from. */
  readonly combination: LearnedCombination | null;
  readonly promotion: Promotion;
}

/** Labels that one half needs. */
const FEWEST_LABELS = 100;

/**
 * Learns weights from every other item and holds them against what is published now on the others, which they have not
 * seen. Labels older than `oldestDays` count for nothing.
 */
export function proposeWeights(
  members: readonly string[],
  items: readonly WeighedItem[],
  options: { readonly fewestLabels?: number; readonly oldestDays?: number } = {},
): WeightProposal {
  const { fewestLabels = FEWEST_LABELS, oldestDays = 90 } = options;
  const recent = items.filter(({ ageDays }) => ageDays <= oldestDays);
  const refused = (reason: 'too few labels' | 'labels too old', have: number): WeightProposal => {
    return { combination: null, promotion: { kind: 'refused', reason, have, want: 2 * fewestLabels } };
  };
  if (items.length < 2 * fewestLabels) return refused('too few labels', items.length);
  if (recent.length < 2 * fewestLabels) return refused('labels too old', recent.length);
  const fit = recent.filter((_, i) => i % 2 === 0);
  const test = recent.filter((_, i) => i % 2 === 1);
  const combination = learnCombination(
    members,
    fit.map(({ scores }) => scores),
    fit.map(({ label }) => label),
    { cut: 0.5 },
  );
  // All people said the same: nothing to learn.
  if (combination === null) return refused('too few labels', 0);
  const promotion = decidePromotion(
    test.map(({ scores, label, current, ageDays }) => {
      return { label, current, candidate: combineScores(combination, scores) >= 0.5 ? 1 : 0, ageDays };
    }),
    { fewestLabels: test.length, oldestDays },
  );
  return { combination, promotion };
}
