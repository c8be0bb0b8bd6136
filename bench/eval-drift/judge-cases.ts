import { createRandom } from '../../src/stats/seeded-random';
import { type DriftFigure, mostCommon } from './figure';
import { createFoldStream, type FoldStream, kindsOf, redraw } from './fold-stream';
import type { JudgedAnswer } from './rows';

/** A judge that is another from one day to the next while the product stays as it is. */
export interface JudgeCase {
  readonly before: string;
  readonly after: string;
  /** Items of the golden set; null = as many as there are rows. */
  readonly items: number | null;
}

const BASELINE = 1000;
const WATCHED = 1000;

/**
 * Draws a golden set and a production stream from the same rows and lets the judge change; the provider's new version
 * string brings a golden run at once. All of it through the product's fold: what it raised, and what it blamed.
 */
export function judgeCase(
  answers: readonly JudgedAnswer[],
  change: JudgeCase,
  draws: number,
  seed: number,
): DriftFigure {
  const random = createRandom(seed);
  const read = verdictPairs(answers, change);
  const items = change.items ?? read.length;
  let fired = 0;
  let blamed = 0;
  const causes: string[] = [];
  const kinds = new Set<string>();
  for (let draw = 0; draw < draws; draw++) {
    const stream = createFoldStream({ reference: BASELINE });
    tellJudgeChange(stream, read, items, random);
    const raised = kindsOf(stream.finish().alerts);
    for (const kind of raised) kinds.add(kind);
    if (raised.has('judge_drift')) fired += 1;
    if (raised.has('score_regression')) blamed += 1;
    causes.push(raised.has('score_regression') ? 'product' : raised.has('judge_drift') ? 'judge' : 'nothing');
  }
  return {
    fired_share: fired / draws,
    alert_kinds: [...kinds].sort(),
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    score_regression_share: blamed / draws,
    items,
    draws,
  };
}

interface VerdictPair {
  readonly before: number;
  readonly after: number;
}

/** What both judges said of each answer that both could read. */
export function verdictPairs(
  answers: readonly JudgedAnswer[],
  change: Pick<JudgeCase, 'before' | 'after'>,
): readonly VerdictPair[] {
  return answers.flatMap((answer) => {
    const [before, after] = [answer.verdictOf(change.before), answer.verdictOf(change.after)];
    return before === null || after === null ? [] : [{ before, after }];
  });
}

/** A baseline under the one judge, a golden run at once when the other comes, and the same traffic under that. */
export function tellJudgeChange(
  stream: FoldStream,
  read: readonly VerdictPair[],
  items: number,
  random: () => number,
): void {
  const golden = redraw(read, items, random);
  const [sealed, now] = [golden.map(({ before }) => before), golden.map(({ after }) => after)];
  for (const { before } of redraw(read, BASELINE, random)) stream.session([{ score: before }]);
  stream.goldenRun('change', sealed, now);
  for (const { after } of redraw(read, WATCHED, random)) stream.session([{ score: after }]);
}
