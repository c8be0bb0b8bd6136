import type { JudgeAnswer } from '../domain/verdict';
import type { CriterionOptions } from './options';

export const PAIR_RESULTS = ['first', 'second', 'tie', 'inconsistent', 'unjudged'] as const;
/**
 * Which of two answers is better. `inconsistent`: another one in the other order, or a winner in one order alone; it
 * counts as a tie, as whatever decided was not the answers. `unjudged`: not read in both orders.
 */
export type PairResult = (typeof PAIR_RESULTS)[number];

/**
 * The criterion as a question about two answers: is the text named `answer` better than the one named `other_answer`?
 * Asked in both orders, since judges favour a place whatever stands there (arXiv:2306.05685).
 */
export function pairCriterion({ scale: _, ...criterion }: CriterionOptions): CriterionOptions {
  return {
    ...criterion,
    kind: 'binary',
    passAt: 0.5,
    examples: [],
    rubric: `Two answers to the same request are shown, answer and other_answer; which is shown as which says nothing about them. Pass if answer meets what follows better than other_answer does, fail if other_answer meets it better, not_applicable if neither does. ${criterion.rubric}`,
  };
}

/** @param forward to (first, second); @param reversed to (second, first). */
export function readOrders(forward: JudgeAnswer | undefined, reversed: JudgeAnswer | undefined): PairResult {
  const [there, back] = [choiceOf(forward), choiceOf(reversed)];
  if (there === null || back === null) return 'unjudged';
  if (there === 'neither' && back === 'neither') return 'tie';
  if (there === 'own' && back === 'other') return 'first';
  return there === 'other' && back === 'own' ? 'second' : 'inconsistent';
}

/** The panel's result: most votes, where ties and inconsistent readings are none for either. */
export function poolPair(results: readonly PairResult[], quorum: number): PairResult {
  const judged = results.filter((result) => result !== 'unjudged');
  if (judged.length < Math.min(quorum, results.length) || judged.length === 0) return 'unjudged';
  const votes = (wanted: PairResult): number => judged.filter((result) => result === wanted).length;
  const lead = votes('first') - votes('second');
  if (lead !== 0) return lead > 0 ? 'first' : 'second';
  return votes('inconsistent') > 0 ? 'inconsistent' : 'tie';
}

/** `own`: the text named `answer`; null = no reading. */
export function choiceOf(answer: JudgeAnswer | undefined): 'own' | 'other' | 'neither' | null {
  if (answer?.outcome === 'not_applicable') return 'neither';
  if (answer?.outcome !== 'scored' || answer.score === null) return null;
  return answer.score === 0.5 ? 'neither' : answer.score > 0.5 ? 'own' : 'other';
}
