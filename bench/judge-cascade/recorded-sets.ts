import { dataFile, readRows } from '../support/data';
import type { CascadeItem, CascadeSet, Member, Question } from './item';

/** Prices per verdict, data/README.md. */
const PRICES: readonly (readonly [RegExp, number])[] = [
  [/^(gpt-4|GPT-4$|claude-3-opus|o1-mini)/, 30],
  [/^(Llama-2-70b|Llama-70B|Llama3-70B|Qwen1\.5-72B|LLaMA2|Mixtral|PaLM2|Falcon|gemini-1\.0-pro)/, 10],
  [/Gemma-2-27B|internlm2-20b/, 10],
  [/^(gpt-3\.5|ChatGPT|claude-3-haiku|Qwen1\.5-14B|Llama-2-13b|Llama-13B)/, 3],
  [/^(EM|Contains)$/, 0],
];

function price(judge: string): number {
  return PRICES.find(([pattern]) => pattern.test(judge))?.[1] ?? 1;
}

/** Null when the file is not there. */
export function recordedSets(): Map<string, CascadeSet | null> {
  return new Map([
    ['realmistake', load('realmistake', realmistake)],
    ['triviaqa_judges/1', load('triviaqa_judges', (rows: TriviaRow[]) => trivia(rows, 1))],
    ['triviaqa_judges/2', load('triviaqa_judges', (rows: TriviaRow[]) => trivia(rows, 2))],
    ['llmbar', load('llmbar', llmbar)],
    ['judgebench', load('judgebench', judgebench)],
  ]);
}

function load<Row>(file: string, read: (rows: Row[]) => CascadeSet): CascadeSet | null {
  const path = dataFile(file);
  return path === null ? null : read(readRows<Row>(path));
}

function bySinglePrice(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => a.price - b.price);
}

/** One call to each member. */
function singleCalls(members: readonly Member[]): Question[] {
  return members.map(({ score, price: ofCall }, member) => ({ member, answer: score, price: ofCall }));
}

/** Where readings differ or one is missing, nothing is sure. */
function differ(readings: readonly (number | null)[]): boolean {
  return readings.includes(null) || new Set(readings).size > 1;
}

interface MistakeRow {
  readonly task: string;
  readonly response_model: string;
  readonly human_label: 'error' | 'no_error';
  readonly verdicts: readonly { readonly judge: string; readonly prompt: string; readonly parsed: string | null }[];
}

function realmistake(rows: readonly MistakeRow[]): CascadeSet {
  const cheap = 'gpt-3.5-turbo-0125';
  const ensemble = ['gpt-4-0125-preview', 'claude-3-opus-20240229', 'Qwen1.5-14B-Chat'];
  const items = rows.map((row): CascadeItem => {
    const by = new Map(row.verdicts.map((v) => [`${v.judge}/${v.prompt}`, flag(v.parsed, 'no_error')]));
    const readings = ['p1', 'p2'].map((prompt) => by.get(`${cheap}/${prompt}`) ?? null);
    const members = bySinglePrice(
      ensemble.map((judge) => ({ judge, score: by.get(`${judge}/p1`) ?? null, price: price(judge) })),
    );
    return {
      human: row.human_label === 'no_error' ? 1 : 0,
      readings,
      cheap: readings[0] ?? null,
      margin: 0,
      unsure: differ(readings),
      members,
      questions: singleCalls(members),
      opening: JSON.stringify(readings[0]),
      segment: `${row.task} ${row.response_model}`,
    };
  });
  const panel = `${cheap} p1, p2 > ${ensemble.join(' + ')}`;
  return { name: 'realmistake', items, cheapPrice: 2 * price(cheap), openingPrice: price(cheap), scale: [0, 1], panel };
}

interface TriviaRow {
  readonly round: number;
  readonly response_model: string;
  readonly human_label: boolean;
  readonly verdicts: readonly { readonly judge: string; readonly parsed: boolean | null }[];
}

function trivia(rows: readonly TriviaRow[], round: 1 | 2): CascadeSet {
  const cheap = ['Mistral-7B', round === 1 ? 'Contains' : 'Llama3-8B'];
  const ensemble = ['GPT-4', 'Llama3-70B', 'Mistral-7B'];
  const items = rows
    .filter((row) => row.round === round)
    .map((row): CascadeItem => {
      const by = new Map(row.verdicts.map((v) => [v.judge, flag(v.parsed, true)]));
      const readings = cheap.map((judge) => by.get(judge) ?? null);
      const members = bySinglePrice(
        ensemble.map((judge) => ({ judge, score: by.get(judge) ?? null, price: price(judge) })),
      );
      return {
        human: row.human_label ? 1 : 0,
        readings,
        cheap: readings[0] ?? null,
        margin: 0,
        unsure: differ(readings),
        members,
        questions: singleCalls(members),
        opening: JSON.stringify(readings.filter((_, i) => i === 0 || price(cheap[i] ?? '') === 0)),
        segment: row.response_model,
      };
    });
  const cheapPrice = cheap.reduce((sum, judge) => sum + price(judge), 0);
  const panel = `${cheap.join(', ')} > ${ensemble.join(' + ')}`;
  return {
    name: `triviaqa_judges/${round}`,
    items,
    cheapPrice,
    openingPrice: price('Mistral-7B'),
    scale: [0, 1],
    panel,
  };
}

interface PairVerdict<Side> {
  readonly judge: string;
  readonly strategy?: string;
  readonly fwd: Side | null;
  readonly rev: Side | null;
  readonly scores?: readonly [number, number];
}

interface LlmbarRow {
  readonly set: string;
  readonly gold: 1 | 2;
  readonly verdicts: readonly PairVerdict<1 | 2>[];
}

/** The one strategy that all judges of the panel ran on every row: values of different prompts are not pooled (rule 5). */
const LLMBAR_STRATEGY = 'Metrics_Reference';

function llmbar(rows: readonly LlmbarRow[]): CascadeSet {
  const cheap = 'ChatGPT';
  const ensemble = ['GPT-4', 'PaLM2', 'LLaMA2'];
  const items = rows.flatMap((row): CascadeItem[] => {
    const by = new Map(row.verdicts.filter((v) => v.strategy === LLMBAR_STRATEGY).map((v) => [v.judge, v]));
    const reading = by.get(cheap);
    if (reading === undefined || ensemble.some((judge) => !by.has(judge))) return [];
    const readings = [side(reading.fwd, 1), side(reading.rev, 1)];
    const members = bySinglePrice(
      ensemble.map((judge) => ({ judge, score: bothOrders(by.get(judge), 1), price: 2 * price(judge) })),
    );
    return [
      {
        human: row.gold === 1 ? 1 : 0,
        readings,
        cheap: bothOrders(reading, 1),
        margin: 0,
        unsure: differ(readings),
        members,
        questions: members.flatMap(({ judge }, member) =>
          [by.get(judge)?.fwd, by.get(judge)?.rev].map((said) => {
            return { member, answer: side(said, 1), price: price(judge) };
          }),
        ),
        opening: JSON.stringify(readings[0]),
        segment: row.set,
      },
    ];
  });
  const panel = `${cheap} fwd, rev > ${ensemble.join(' + ')} (${LLMBAR_STRATEGY}, both orders)`;
  return { name: 'llmbar', items, cheapPrice: 2 * price(cheap), openingPrice: price(cheap), scale: [0, 0.5, 1], panel };
}

interface BenchRow {
  readonly source: string;
  readonly response_model: string;
  readonly gold: 'A>B' | 'B>A';
  readonly verdicts: readonly PairVerdict<string>[];
}

const MARGIN_LEVELS = 5;

function judgebench(rows: readonly BenchRow[]): CascadeSet {
  const cheap = 'internlm_internlm2-7b-reward';
  const ensemble = ['o1-mini-2024-09-12', 'Skywork_Skywork-Reward-Gemma-2-27B', 'internlm_internlm2-20b-reward'];
  const used = rows.flatMap((row) => {
    const by = new Map(row.verdicts.map((v) => [v.judge, v]));
    const reading = by.get(cheap);
    const complete = reading?.scores !== undefined && ensemble.every((judge) => by.has(judge));
    return complete && !/claude/i.test(row.response_model) ? [{ row, by, reading }] : [];
  });
  const margins = used.map(({ reading }) => Math.abs(difference(reading)));
  const ranks = ranksOf(margins);
  const items = used.map(({ row, by, reading }, i): CascadeItem => {
    const margin = Math.min(MARGIN_LEVELS - 1, Math.floor(((ranks[i] ?? 0) * MARGIN_LEVELS) / used.length));
    const verdict = bothOrders(reading, 'A>B');
    // A reward model scores each answer by itself: there is no second order to pay for.
    const members = bySinglePrice(
      ensemble.map((judge) => {
        const calls = by.get(judge)?.scores === undefined ? 2 : 1;
        return { judge, score: bothOrders(by.get(judge), 'A>B'), price: calls * price(judge) };
      }),
    );
    return {
      human: row.gold === 'A>B' ? 1 : 0,
      readings: [verdict],
      cheap: verdict,
      margin,
      unsure: verdict === null || margin === 0,
      members,
      questions: members.flatMap(({ judge, score }, member) => {
        const said = by.get(judge);
        const answers = said?.scores === undefined ? [side(said?.fwd, 'A>B'), side(said?.rev, 'A>B')] : [score];
        return answers.map((answer) => ({ member, answer, price: price(judge) }));
      }),
      opening: JSON.stringify([verdict, Math.floor((3 * (ranks[i] ?? 0)) / used.length)]),
      segment: row.source.replace(/-.*$/, ''),
    };
  });
  const panel = `${cheap} (margin of its scores) > ${ensemble.join(' + ')}`;
  return {
    name: 'judgebench',
    items,
    cheapPrice: price(cheap),
    openingPrice: price(cheap),
    scale: [0, 0.5, 1],
    panel,
  };
}

function difference(verdict: PairVerdict<string> | undefined): number {
  const [a, b] = verdict?.scores ?? [0, 0];
  return a - b;
}

/** 0-based position of each value in rising order. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  order.forEach((item, rank) => (ranks[item] = rank));
  return ranks;
}

function flag<T>(parsed: T | null, pass: T): number | null {
  return parsed === null ? null : parsed === pass ? 1 : 0;
}

function side<Side>(verdict: Side | null | undefined, first: Side): number | null {
  if (verdict === null || verdict === undefined) return null;
  return verdict === first ? 1 : verdict === 'A=B' ? 0.5 : 0;
}

/** A judge that names another winner in the other order has found none; null when an order is missing. */
function bothOrders<Side>(verdict: PairVerdict<Side> | undefined, first: Side): number | null {
  const fwd = side(verdict?.fwd, first);
  const rev = side(verdict?.rev, first);
  if (fwd === null || rev === null) return null;
  return fwd === rev ? fwd : 0.5;
}
