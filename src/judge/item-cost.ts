import type { Interaction } from '../domain/interaction';
import { groupCriteria } from './groups';
import { isApplicable } from './needs';
import type { CascadeOptions, CriterionOptions, JudgeOptions } from './options';
import { renderPrompt } from './prompt';

/** Tokens per UTF-16 unit of text and tokens of one criterion's answer: how a call's price is guessed by length. */
export interface TokenRates {
  readonly perUnit: number;
  /** Per criterion; capped by the judge's `maxOutputTokens`. Absent = all that the judge may write. */
  readonly outputPerCriterion?: number;
}

/** No tokenizer in use makes more tokens than this of ordinary text, and a judge cannot write more than it may. */
export const BOUND_RATES: TokenRates = { perUnit: 1 };
/** About four characters a token, a short rationale per criterion. */
export const TYPICAL_RATES: TokenRates = { perUnit: 0.25, outputPerCriterion: 90 };

/** What one item costs at each stage, all call groups together, USD. */
export interface ItemCost {
  readonly cheapUsd: number;
  readonly ensembleUsd: number;
}

type Judging = Pick<CascadeOptions, 'cheap' | 'ensemble' | 'grouping' | 'inputBudgetChars' | 'tieBreakers'>;

/** As long as a real one. */
const NONCE = '0'.repeat(32);

/**
 * The price of judging an item, from the very prompts it would get. Of several panels of a stage the dearest counts, since
 * which one is admissible depends on the item.
 */
export function createItemCost(
  criteria: readonly CriterionOptions[],
  cascade: Judging,
  judges: readonly JudgeOptions[],
  rates: TokenRates,
): (interaction: Interaction) => ItemCost {
  const byName = new Map(judges.map((judge) => [judge.name, judge]));
  const dearest = (panels: readonly (readonly string[])[], units: number, asked: number): number =>
    Math.max(0, ...panels.map((panel) => sum(panel.map((name) => callUsd(byName.get(name), units, asked, rates)))));
  return (interaction) => {
    const applicable = criteria.filter((criterion) => isApplicable(criterion, interaction));
    let cheapUsd = 0;
    let ensembleUsd = 0;
    for (const group of groupCriteria(applicable, cascade.grouping).values()) {
      const prompt = renderPrompt(interaction, group, cascade.inputBudgetChars, () => NONCE);
      const units = prompt.system.length + prompt.user.length;
      cheapUsd += dearest(cascade.cheap, units, group.length);
      ensembleUsd += dearest(cascade.ensemble, units, group.length);
      // Typically nobody else is asked; the most that an item can cost holds one judge more.
      if (rates === BOUND_RATES && group.some(({ onSplit }) => onSplit === 'ask')) {
        ensembleUsd += dearest(
          cascade.tieBreakers.map((name) => [name]),
          units,
          group.length,
        );
      }
    }
    return { cheapUsd, ensembleUsd };
  };
}

function callUsd(judge: JudgeOptions | undefined, units: number, asked: number, rates: TokenRates): number {
  if (judge === undefined) return 0;
  const { inputPerMTok, outputPerMTok } = judge.prices;
  const { outputPerCriterion } = rates;
  const output =
    outputPerCriterion === undefined
      ? judge.maxOutputTokens
      : Math.min(judge.maxOutputTokens, outputPerCriterion * asked);
  // A typical answer needs no repair; the most that a call can cost holds one.
  const calls = rates === BOUND_RATES ? 1 + judge.repairs : 1;
  return (calls * (units * rates.perUnit * inputPerMTok + output * outputPerMTok)) / 1e6;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
