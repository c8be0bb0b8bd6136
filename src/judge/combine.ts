import { UNJUDGED_REASONS, type UnjudgedReason } from '../domain/accounting';
import type { CheckResult } from '../domain/check';
import type { Combined, JudgeAnswer } from '../domain/verdict';
import { saidByMembers, type Weighting } from '../policy/weighting';
import { predictLogistic } from '../stats/logistic';
import type { CascadeOptions, CriterionOptions } from './options';

export type EnsembleResult =
  | { readonly kind: 'scored'; readonly combined: Combined }
  | { readonly kind: 'not_applicable' }
  | { readonly kind: 'unjudged'; readonly reason: UnjudgedReason };

/**
 * What the members' answers to one criterion come to. Below the quorum of answers there is no score: the reason is
 * then `deadline` when that cut a member off, else the members' most common one. "Not applicable" is an answer, and wins
 * when at least half of the answers say so.
 */
export function combineAnswers(
  criterion: CriterionOptions,
  answers: readonly JudgeAnswer[],
  options: Pick<CascadeOptions, 'method' | 'quorum'>,
  independent: boolean,
  weighted: WeightedAnswers | null = null,
): EnsembleResult {
  const scored = answers.flatMap(({ judge, score }) => (score === null ? [] : [{ judge, score }]));
  const absent = answers.filter((answer) => answer.outcome === 'not_applicable').length;
  const answered = scored.length + absent;
  if (answered === 0 || answered < options.quorum) return { kind: 'unjudged', reason: commonReason(answers) };
  if (absent >= scored.length) return { kind: 'not_applicable' };
  const scores = scored.map(({ score }) => score);
  return {
    kind: 'scored',
    combined: {
      score:
        weighted === null ? combineScores(scores, options.method, criterion.passAt) : weightScores(weighted, answers),
      method: weighted !== null ? 'weighted' : scores.length === 1 ? 'single' : options.method,
      disagreement: spread(scores),
      outlierJudge: outlier(scored, criterion.passAt),
      quorum: answered,
      degraded: answered < answers.length,
      independent,
    },
  };
}

/** Learned weights in force, and what the cheap stage and the checks said: they may have a weight too. */
export interface WeightedAnswers {
  readonly weighting: Weighting;
  readonly cheap: readonly JudgeAnswer[];
  readonly checks: readonly CheckResult[];
}

/** Probability of a pass; a judge that said nothing readable has no say, nor has a check that does not apply. */
export function weightScores({ weighting, cheap, checks }: WeightedAnswers, ensemble: readonly JudgeAnswer[]): number {
  const { members, weights, intercept } = weighting;
  const said = saidByMembers([...cheap, ...ensemble], checks);
  const votes = members.map((name) => {
    const score = said.get(name) ?? null;
    return score === null ? 0 : 2 * score - 1;
  });
  return predictLogistic({ intercept, weights }, votes);
}

/**
 * `mean`; `median` (of an even number: the mean of the middle two); `majority`: 1 or 0 by the verdicts, a tie decided by
 * the mean. `scores` is not empty; the result lies in [0, 1].
 */
export function combineScores(scores: readonly number[], method: CascadeOptions['method'], passAt: number): number {
  switch (method) {
    case 'mean':
      return mean(scores);
    case 'median': {
      const sorted = [...scores].sort((a, b) => a - b);
      const middle = (sorted.length - 1) / 2;
      return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
    }
    case 'majority': {
      const lead = 2 * scores.filter((score) => score >= passAt).length - scores.length;
      return lead > 0 || (lead === 0 && mean(scores) >= passAt) ? 1 : 0;
    }
  }
}

/** Never outside the scores' own range, which rounding of the sum could leave by one unit in the last place. */
export function mean(scores: readonly number[]): number {
  const value = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return Math.min(Math.max(value, Math.min(...scores)), Math.max(...scores));
}

/** Population standard deviation times 2: 0 = unanimous, 1 = evenly split between 0 and 1. */
function spread(scores: readonly number[]): number {
  const centre = mean(scores);
  return 2 * Math.sqrt(scores.reduce((sum, score) => sum + (score - centre) ** 2, 0) / scores.length);
}

/** The judge whose verdict no other member of at least three shares. */
function outlier(scored: readonly { judge: string; score: number }[], passAt: number): string | null {
  if (scored.length < 3) return null;
  const passes = scored.filter(({ score }) => score >= passAt);
  const fails = scored.filter(({ score }) => score < passAt);
  if (passes.length === 1) return passes[0]?.judge ?? null;
  return fails.length === 1 ? (fails[0]?.judge ?? null) : null;
}

function commonReason(answers: readonly JudgeAnswer[]): UnjudgedReason {
  const counts = new Map<UnjudgedReason, number>();
  for (const { outcome } of answers) {
    if (outcome !== 'scored' && outcome !== 'not_applicable') counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  if (counts.has('deadline')) return 'deadline';
  // Ties go by the order of the closed list, so that a replay names the same reason.
  const [first] = UNJUDGED_REASONS.filter((reason) => counts.has(reason)).sort(
    (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0),
  );
  return first ?? 'error';
}
