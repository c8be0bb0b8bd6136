import {
  type FullyAskedItem,
  type StoppingRule,
  learnStoppingRule,
  standingAfter,
} from '../../src/stats/stopping-rule';
import { createRandom } from '../../src/stats/seeded-random';
import type { CascadeItem, CascadeSet, Question, Units } from './item';
import { type Prepared, vote } from './replay-cascade';

/** One way to run the cascade over a set. */
export interface Run {
  readonly verdicts: readonly (number | null)[];
  readonly escalated: readonly boolean[];
  readonly costs: readonly Units[];
}

export interface StoppingPlan {
  /** Most that the run may cost per item. */
  readonly budget: Units;
  /** Share of items on which all members are asked whatever the rule says. */
  readonly audit: number;
  readonly seed: number;
}

const FOLDS = 10;
/** How often the budget is held against what the run really cost; labels are not looked at. */
const CORRECTIONS = 4;

/**
 * The product's stopping rule, cross-fitted: each tenth of the items is run by a rule learned from the ensemble’s verdicts
 * on the others, never from a human label. Where asking ends early, the side that the ensemble is expected to lean to
 * stands, so that no tie is foretold.
 */
export function runLearnedStopping(set: CascadeSet, prepared: readonly Prepared[], plan: StoppingPlan): Run {
  const random = createRandom(plan.seed);
  const order = prepared.map((_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
  const foldOf = new Array<number>(prepared.length);
  order.forEach(({ i }, rank) => (foldOf[i] = rank % FOLDS));
  const items = prepared.map((one): Drawn => {
    return { ...one, asked: toAskedItem(set, one), draw: random(), isAudited: random() < plan.audit };
  });
  const at = (budget: Units): Run => {
    const run = { verdicts: [] as number[], escalated: [] as boolean[], costs: [] as Units[] };
    const prices = prepared[0]?.item.questions.map(({ price }) => price) ?? [];
    const all = set.openingPrice + prices.reduce((sum, price) => sum + price, 0);
    const forQuestions = (budget - plan.audit * all) / (1 - plan.audit) - set.openingPrice;
    for (let fold = 0; fold < FOLDS; fold++) {
      const known = items.flatMap(({ asked }, i) => (foldOf[i] === fold ? [] : [asked]));
      const rule = learnStoppingRule(known, { prices, budget: forQuestions });
      items.forEach((one, i) => {
        if (foldOf[i] !== fold || rule === null) return;
        const result = runOne(one, rule, set.openingPrice);
        run.verdicts[i] = result.verdict;
        run.costs[i] = result.cost;
        run.escalated[i] = result.questions > 0;
      });
    }
    return run;
  };
  let budget = plan.budget;
  let run = at(budget);
  for (let i = 0; i < CORRECTIONS && meanOf(run.costs) > plan.budget; i++) {
    budget -= 1.05 * (meanOf(run.costs) - plan.budget);
    run = at(budget);
  }
  return run;
}

interface Drawn extends Prepared {
  readonly asked: FullyAskedItem;
  readonly draw: number;
  readonly isAudited: boolean;
}

function runOne(
  { item, ensemble, asked, draw, isAudited }: Drawn,
  rule: StoppingRule,
  openingPrice: Units,
): { verdict: number; cost: Units; questions: number } {
  const { questions } = item;
  let n = 0;
  let standing = standingAfter(rule, item.segment, asked.heard.slice(0, 1), draw);
  while (n < questions.length && (isAudited || standing.asksOn)) {
    n++;
    standing = standingAfter(rule, item.segment, asked.heard.slice(0, n + 1), draw);
  }
  const cost = questions.slice(0, n).reduce((sum, { price }) => sum + price, openingPrice);
  return { verdict: n === questions.length ? ensemble : standing.target >= 0.5 ? 1 : 0, cost, questions: n };
}

/** How the product's rule sees an item on which everyone was asked. */
function toAskedItem({ scale }: CascadeSet, { item, ensemble }: Prepared): FullyAskedItem {
  const { questions } = item;
  return {
    heard: [item.opening, ...questions.map(({ answer }) => String(answer))],
    bounds: Array.from({ length: questions.length + 1 }, (_, n) => boundsAfter(item, questions.slice(0, n), scale)),
    target: ensemble,
    score: ensemble,
    weight: 1,
    part: item.segment,
  };
}

/** Lowest and highest ensemble verdict that the questions not yet asked can lead to. */
function boundsAfter(item: CascadeItem, asked: readonly Question[], scale: readonly number[]): [number, number] {
  const open = item.members.map((_, member): readonly (number | null)[] => {
    const calls = item.questions.filter((question) => question.member === member).length;
    const heard = asked.filter((question) => question.member === member).map(({ answer }) => answer);
    const [first, second] = heard;
    if (first === undefined) return scale;
    if (first === null || second === null) return [null];
    if (calls === 1 || first === second || first === 0.5) return [first];
    return second === undefined ? [first, 0.5] : [0.5];
  });
  let ends: (readonly number[])[] = [[]];
  for (const answers of open) {
    ends = ends.flatMap((end) => answers.map((answer) => (answer === null ? end : [...end, answer])));
  }
  const verdicts = ends.filter((end) => end.length > 0).map((end) => vote(end, scale));
  return [Math.min(...verdicts), Math.max(...verdicts)];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
