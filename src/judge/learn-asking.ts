import type { Interaction } from '../domain/interaction';
import type { CriterionVerdict, JudgeAnswer } from '../domain/verdict';
import { type FullyAskedItem, learnStoppingRule } from '../stats/stopping-rule';
import {
  type CriterionAsking,
  type LearnedAsking,
  memberSymbol,
  openingSymbol,
  partOfInteraction,
  verdictBounds,
} from './learned-asking';
import type { CascadeOptions, CriterionOptions } from './options';

/** A verdict as far as asking is learned from it. */
export interface AskedVerdict {
  readonly criteria: readonly CriterionVerdict[];
  readonly segments: Interaction['segments'];
}

export interface LearnAskingOptions {
  readonly criteria: readonly CriterionOptions[];
  readonly cascade: Pick<CascadeOptions, 'method' | 'ensemble' | 'auditProbability'>;
  /** Most that judging may cost, as a share of asking cheap stage and whole panel on every item. */
  readonly costShare: number;
  readonly partOf: readonly string[];
}

/** What was learned about one criterion, or why nothing was. */
export interface LearnedCriterion {
  readonly criterion: string;
  readonly panel: string | null;
  /** Verdicts on which the whole panel answered. */
  readonly items: number;
  /** Expected; audits are in it. */
  readonly costShare: number | null;
  /** Expected share of items, audits apart, whose verdict is not the whole panel's. */
  readonly disagreement: number | null;
  readonly why: string | null;
}

/** Fewer fully asked verdicts than this teach too little. */
const FEWEST_ITEMS = 100;

/**
 * Learns per criterion, for the panel that judged most of its verdicts, when to stop asking. Only escalations count on
 * which every member answered, weighted by 1 / probability, so that audits speak for the items that were not escalated.
 */
export function learnAsking(
  verdicts: readonly AskedVerdict[],
  options: LearnAskingOptions,
): { learned: LearnedAsking; report: LearnedCriterion[] } {
  const learned: Record<string, CriterionAsking> = {};
  const report = options.criteria.map((criterion): LearnedCriterion => {
    const items = largestPanel(verdicts.flatMap((verdict) => toAsked(criterion.name, verdict)));
    const panel = items[0]?.panel ?? null;
    const nothing = { criterion: criterion.name, panel, items: items.length, costShare: null, disagreement: null };
    if (items.length < FEWEST_ITEMS) {
      return { ...nothing, why: `${items.length} verdicts of a whole panel; ${FEWEST_ITEMS} are needed` };
    }
    const prices = pricesOf(items);
    const order = [...prices.members].sort(([, a], [, b]) => a - b).map(([judge]) => judge);
    const steps = order.map((judge) => prices.members.get(judge) ?? 0);
    const all = steps.reduce((sum, price) => sum + price, 0);
    const audit = options.cascade.auditProbability;
    const budget = (options.costShare * (prices.cheap + all) - prices.cheap - audit * all) / (1 - audit);
    const asked = items.map((item) => toFullyAsked(item, criterion, order, options));
    const rule = learnStoppingRule(asked, { prices: steps, budget: Math.max(0, budget) });
    if (rule === null || panel === null) return { ...nothing, why: 'nothing learned' };
    learned[criterion.name] = { panel, order, partOf: options.partOf, rule };
    const costShare = (prices.cheap + audit * all + (1 - audit) * rule.cost) / (prices.cheap + all);
    const why = budget < 0 ? 'cheap stage and audits alone cost more than that share' : null;
    return { ...nothing, costShare, disagreement: rule.disagreement, why };
  });
  return { learned: { criteria: learned }, report };
}

interface Asked {
  readonly verdict: CriterionVerdict;
  readonly panel: string;
  readonly score: number;
  readonly weight: number;
  readonly segments: Interaction['segments'];
}

function toAsked(criterion: string, { criteria, segments }: AskedVerdict): Asked[] {
  const verdict = criteria.find((one) => one.criterion === criterion);
  if (verdict === undefined || verdict.combined === null || verdict.panel === null) return [];
  const { escalation, combined, cheap, ensemble } = verdict;
  if (escalation === null || !escalation.escalated || combined.degraded) return [];
  if (ensemble.some(({ score }) => score === null) || !cheap.some(({ score }) => score !== null)) return [];
  return [{ verdict, panel: verdict.panel, score: combined.score, weight: 1 / escalation.probability, segments }];
}

/** Verdicts of different panels are of different instruments. */
function largestPanel(items: readonly Asked[]): Asked[] {
  const byPanel = new Map<string, Asked[]>();
  for (const item of items) {
    // Members asked in turn until decided leave a shorter list, which says nothing of those left out.
    const key = `${item.panel} ${item.verdict.ensemble.map(({ judge }) => judge).join('+')}`;
    const list = byPanel.get(key);
    if (list === undefined) byPanel.set(key, [item]);
    else list.push(item);
  }
  const whole = [...byPanel].filter(([key]) => {
    const [panel = '', judges = ''] = key.split(' ');
    return panel.includes(`>${judges}/`);
  });
  return whole.map(([, list]) => list).sort((a, b) => b.length - a.length)[0] ?? [];
}

/** Mean cost of a call, USD; where nothing is known to cost anything all count alike. */
function pricesOf(items: readonly Asked[]): { cheap: number; members: ReadonlyMap<string, number> } {
  const mean = (costs: readonly number[]): number => costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const judges = items[0]?.verdict.ensemble.map(({ judge }) => judge) ?? [];
  const costOf = (answers: readonly JudgeAnswer[], judge: string): number =>
    answers.find((answer) => answer.judge === judge)?.costUsd ?? 0;
  const members = new Map(
    judges.map((judge) => [judge, mean(items.map(({ verdict }) => costOf(verdict.ensemble, judge)))]),
  );
  const cheap = mean(items.map(({ verdict }) => verdict.cheap.reduce((sum, { costUsd }) => sum + costUsd, 0)));
  if ([...members.values()].some((cost) => cost > 0)) return { cheap, members };
  return { cheap: items[0]?.verdict.cheap.length ?? 1, members: new Map(judges.map((judge) => [judge, 1])) };
}

function toFullyAsked(
  { verdict, score, weight, segments }: Asked,
  criterion: CriterionOptions,
  order: readonly string[],
  { cascade, partOf }: LearnAskingOptions,
): FullyAskedItem {
  const answers = order.flatMap((judge) => verdict.ensemble.find((answer) => answer.judge === judge) ?? []);
  const scores = answers.map((answer) => answer.score ?? 0);
  return {
    heard: [openingSymbol(criterion, verdict.cheap), ...answers.map((answer) => memberSymbol(criterion, answer))],
    bounds: Array.from({ length: order.length + 1 }, (_, n) =>
      verdictBounds(criterion, scores.slice(0, n), order.length - n, cascade.method),
    ),
    target: score >= criterion.passAt ? 1 : 0,
    score,
    weight,
    part: partOfInteraction(partOf, segments),
  };
}
