import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Interaction } from '../domain/interaction';
import type { JudgeAnswer } from '../domain/verdict';
import { type Result, err, ok } from '../domain/result';
import { type StoppingNode, type StoppingRule, standingAfter } from '../stats/stopping-rule';
import { combineScores } from './combine';
import type { CascadeOptions, CriterionOptions } from './options';
import type { Panels } from './panels';

/** When to stop asking the ensemble, by criterion; learned from verdicts on which every member was asked. */
export interface LearnedAsking {
  readonly criteria: Readonly<Record<string, CriterionAsking>>;
}

export interface CriterionAsking {
  /** The panel it was learned from (`Panels.id`); for any other it says nothing. */
  readonly panel: string;
  /** Members in the order of asking. */
  readonly order: readonly string[];
  /** Names of the segments whose values make up a part of the rule. */
  readonly partOf: readonly string[];
  readonly rule: StoppingRule;
}

const node: z.ZodType<StoppingNode> = z.lazy(() =>
  z.strictObject({
    weight: z.number().min(0),
    target: z.number().min(0).max(1),
    score: z.number().min(0).max(1),
    ask: z.number().min(0).max(1),
    next: z.record(z.string(), node),
  }),
);

const learnedAsking: z.ZodType<LearnedAsking> = z.strictObject({
  criteria: z.record(
    z.string(),
    z.strictObject({
      panel: z.string().min(1),
      order: z.array(z.string().min(1)).min(1),
      partOf: z.array(z.string().min(1)),
      rule: z.strictObject({
        common: node,
        parts: z.record(z.string(), node),
        cost: z.number().min(0),
        disagreement: z.number().min(0).max(1),
      }),
    }),
  ),
});

/** Reads the text of a file that `judges learn` wrote; an error says what is wrong with it. */
export function parseLearnedAsking(text: string): Result<LearnedAsking, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('not JSON');
  }
  const parsed = learnedAsking.safeParse(value);
  return parsed.success ? ok(parsed.data) : err(parsed.error.issues[0]?.message ?? 'not a stopping rule');
}

/** Names the content: 8 hex digits, shown with every decision that it made. */
export function learnedVersion(learned: LearnedAsking): string {
  return createHash('sha256').update(JSON.stringify(learned)).digest('hex').slice(0, 8);
}

/** `{product: 'support'}` by `['product']` → `support`; the empty string for an interaction without these. */
export function partOfInteraction(partOf: readonly string[], segments: Interaction['segments']): string {
  return partOf.map((key) => (Object.hasOwn(segments, key) ? (segments[key] ?? '') : '')).join(' ');
}

/** What an answer says, as the rule sees it: `p`, `f`, `n` (not applicable) or `-` (none). */
export function memberSymbol({ passAt }: Pick<CriterionOptions, 'passAt'>, answer: JudgeAnswer | undefined): string {
  if (answer === undefined) return '-';
  if (answer.score === null) return answer.outcome === 'not_applicable' ? 'n' : '-';
  return answer.score >= passAt ? 'p' : 'f';
}

/** Distance from the middle at which a cheap score is sure. */
const SURE = 0.4;

/** The cheap readings' verdicts and whether each is sure: `P`, `p`, `f`, `F`, `n`, `-`, e.g. `P,f`. */
export function openingSymbol(criterion: Pick<CriterionOptions, 'passAt'>, cheap: readonly JudgeAnswer[]): string {
  return cheap
    .map((answer) => {
      const symbol = memberSymbol(criterion, answer);
      return answer.score !== null && Math.abs(answer.score - 0.5) >= SURE ? symbol.toUpperCase() : symbol;
    })
    .join(',');
}

/** Lowest and highest verdict (0 or 1) of the whole panel that `left` more scores can make of those heard. */
export function verdictBounds(
  { passAt }: Pick<CriterionOptions, 'passAt'>,
  heard: readonly number[],
  left: number,
  method: CascadeOptions['method'],
): readonly [number, number] {
  if (heard.length + left === 0) return [0, 1];
  const end = (score: number): number => {
    const all = [...heard, ...new Array<number>(left).fill(score)];
    return combineScores(all, method, passAt) >= passAt ? 1 : 0;
  };
  return [end(0), end(1)];
}

/** What the rule foretells of the whole panel's score, and whether it would ask on. */
export interface Prediction {
  readonly score: number;
  readonly asksOn: boolean;
}

/**
 * The rules of a call group's criteria, applied together: the members are asked as long as any criterion asks on.
 * Null when not every criterion has a rule learned from this panel.
 */
export function groupAsking(
  learned: LearnedAsking | null,
  criteria: readonly CriterionOptions[],
  panels: Panels,
): CriterionAsking[] | null {
  if (learned === null) return null;
  const found = criteria.map(({ name }) =>
    Object.hasOwn(learned.criteria, name) ? learned.criteria[name] : undefined,
  );
  const first = found[0];
  if (first === undefined) return null;
  const isUsable = found.every((one) => one?.panel === panels.id && one.order.join(' ') === first.order.join(' '));
  const members = panels.ensemble.map(({ options }) => options.name);
  const covers = first.order.length === members.length && first.order.every((name) => members.includes(name));
  return isUsable && covers ? found.flatMap((one) => one ?? []) : null;
}

/** The prediction after the answers heard so far, which are in the rule's order. */
export function predict(
  asking: CriterionAsking,
  criterion: CriterionOptions,
  interaction: Pick<Interaction, 'segments'>,
  cheap: readonly JudgeAnswer[],
  heard: readonly JudgeAnswer[],
  draw: number,
): Prediction {
  const said = [openingSymbol(criterion, cheap), ...heard.map((answer) => memberSymbol(criterion, answer))];
  const part = partOfInteraction(asking.partOf, interaction.segments);
  const { score, asksOn } = standingAfter(asking.rule, part, said, draw);
  return { score, asksOn };
}

/** Where a criterion's rule stopped. */
export interface Stopped {
  /** Answers that were asked for, in the rule's order. */
  readonly stopped: readonly JudgeAnswer[];
  /** What is foretold after them. */
  readonly foretold: number;
}

/**
 * Asks (or, over answers already there, pretends to ask) one member after another until no criterion asks on.
 * @param answersOf the answers of the member with this name by criterion.
 */
export async function askLearned(
  askings: readonly CriterionAsking[],
  criteria: readonly CriterionOptions[],
  interaction: Pick<Interaction, 'segments'>,
  cheap: ReadonlyMap<string, readonly JudgeAnswer[]>,
  draw: number,
  answersOf: (judge: string) => Promise<ReadonlyMap<string, JudgeAnswer>> | ReadonlyMap<string, JudgeAnswer>,
): Promise<ReadonlyMap<string, Stopped>> {
  const order = askings[0]?.order ?? [];
  const heard = new Map<string, JudgeAnswer[]>(criteria.map(({ name }) => [name, []]));
  const standings = (): Prediction[] =>
    criteria.map((criterion, i) => {
      const { name } = criterion;
      return predict(askings[i]!, criterion, interaction, cheap.get(name) ?? [], heard.get(name) ?? [], draw);
    });
  let standing = standings();
  for (const judge of order) {
    if (!standing.some(({ asksOn }) => asksOn)) break;
    const answers = await answersOf(judge);
    for (const [name, list] of heard) {
      const answer = answers.get(name);
      if (answer !== undefined) list.push(answer);
    }
    standing = standings();
  }
  return new Map(
    criteria.map(({ name }, i) => [name, { stopped: heard.get(name) ?? [], foretold: standing[i]?.score ?? 0 }]),
  );
}
