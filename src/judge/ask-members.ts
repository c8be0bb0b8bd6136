import type { JudgeAnswer } from '../domain/verdict';
import type { Answers } from './ask';
import { type EnsembleResult, combineAnswers } from './combine';
import type { Judge } from './judge';
import type { CascadeOptions, CriterionOptions } from './options';

type CombineOptions = Pick<CascadeOptions, 'method' | 'quorum'>;

/**
 * Asks an ensemble's members in the panel's order until those left cannot change any criterion's verdict: at first as
 * many at once as can decide, then one at a time. Answers in the panel's order; members that were not needed are absent.
 * The verdict is the one that all members together would give, for less; what is lost is the members' spread.
 */
export async function askUntilDecided(
  panel: readonly Judge[],
  criteria: readonly CriterionOptions[],
  options: CombineOptions,
  ask: (judge: Judge) => Promise<Answers>,
): Promise<Answers[]> {
  const enough = Math.min(panel.length, Math.max(options.quorum, Math.floor(panel.length / 2) + 1));
  const replies = await Promise.all(panel.slice(0, enough).map(ask));
  for (const judge of panel.slice(enough)) {
    const left = panel.length - replies.length;
    const isSettled = (criterion: CriterionOptions): boolean =>
      isDecided(
        criterion,
        replies.flatMap((reply) => reply.get(criterion.name) ?? []),
        left,
        options,
      );
    if (criteria.every(isSettled)) break;
    replies.push(await ask(judge));
  }
  return replies;
}

/**
 * True when `left` more answers, whatever they are, give the same result. It is enough to try all of them alike: each
 * of pass, fail, not applicable and missing moves the result one way.
 */
export function isDecided(
  criterion: CriterionOptions,
  answers: readonly JudgeAnswer[],
  left: number,
  options: CombineOptions,
): boolean {
  const [known] = answers;
  if (known === undefined) return left === 0;
  const ends = OUTCOMES.map((outcome) => {
    const more = Array.from({ length: left }, () => ({ ...known, ...outcome }));
    return resultKey(combineAnswers(criterion, [...answers, ...more], options, true));
  });
  return new Set(ends).size === 1;
}

const OUTCOMES = [
  { outcome: 'scored', score: 1 },
  { outcome: 'scored', score: 0 },
  { outcome: 'not_applicable', score: null },
  { outcome: 'timeout', score: null },
] as const;

function resultKey(result: EnsembleResult): string {
  return result.kind === 'scored' ? `${result.combined.score}` : result.kind;
}
