import { randomUUID } from 'node:crypto';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { Interaction } from '../../domain/interaction';
import type { JudgeAnswer } from '../../domain/verdict';
import { createAsk } from '../../judge/ask';
import { uniformDraw } from '../../judge/draw';
import { exampleInteraction, NOBODYS } from '../../judge/examples';
import { createNonceSource } from '../../judge/fence';
import { isApplicable, missingNeed } from '../../judge/needs';
import type { CriterionExample, CriterionOptions } from '../../judge/options';
import { systemClock } from '../../platform/clock';
import { createRedactor } from '../../privacy/redactor';
import { createFileDecoder, createReplaySource } from '../inputs';
import { createJudges } from '../cascade/judges';
import { readInteractions } from '../replay/read-interactions';

export interface TryRequest {
  readonly loaded: LoadedConfig;
  readonly criterion: string;
  /** The same criterion in other words, asked about the same rows; null = none. */
  readonly other: CriterionOptions | null;
  /** Name of a judge; null = the first of the first cheap panel. */
  readonly judge: string | null;
  /** Recorded traffic; empty = the criterion's own examples. */
  readonly inputs: readonly string[];
  readonly rows: number;
  /** How often each row is asked about. */
  readonly repeats: number;
  readonly signal: AbortSignal;
}

export type TryVerdict = 'pass' | 'fail' | Exclude<JudgeAnswer['outcome'], 'scored'>;

export interface TryRow {
  readonly item: string;
  readonly answer: string;
  /** Of an example; null for recorded traffic. */
  readonly expected: CriterionExample['expect'] | null;
  /** One a repeat. */
  readonly verdicts: readonly TryVerdict[];
  readonly rationale: string | null;
  /** Largest less smallest score over the repeats; null below two scores. */
  readonly spread: number | null;
  readonly costUsd: number;
}

export interface TryReport {
  readonly criterion: string;
  readonly judge: string;
  readonly rows: readonly TryRow[];
  /** Examples judged as expected, and examples in all. */
  readonly right: number;
  readonly examples: number;
  /** Rows whose repeats do not all give one verdict. */
  readonly flips: number;
  readonly costUsd: number;
  readonly usdPer1000: number;
}

export interface TryResult {
  readonly report: TryReport;
  readonly other: TryReport | null;
}

interface Item {
  readonly id: string;
  readonly interaction: Interaction;
  readonly expected: TryRow['expected'];
}

const AT_ONCE = 4;

/**
 * Asks one judge about a few rows, several times each: what a wording costs, where it wavers and whether it finds what is
 * known. Rows of recorded traffic are redacted, drawn by the hash of their ids, and such as the criterion applies to.
 * Throws USAGE for a criterion or judge that the configuration does not have, and where there is no row.
 */
export async function tryCriterion(request: TryRequest): Promise<TryResult> {
  const { loaded, other } = request;
  const { config, secrets } = loaded;
  const criterion = named(config.criteria, request.criterion, 'criterion');
  const judgeName = request.judge ?? config.cascade.cheap[0]?.[0] ?? '';
  const judges = createJudges(config, secrets, { observeJudgeClient: (client) => client });
  try {
    const judge = judges.judges.find(({ options }) => options.name === judgeName);
    if (judge === undefined) throw new MonitorError('USAGE', `no judge is named ${judgeName}`);
    const items = request.inputs.length === 0 ? examplesOf(criterion) : await recordedRows(request, criterion);
    if (items.length === 0) {
      const what =
        request.inputs.length === 0 ? 'has no examples: give --input' : 'applies to no interaction of the input';
      throw new MonitorError('USAGE', `${criterion.name} ${what}`);
    }
    const ask = createAsk({
      monotonicMs: () => systemClock.monotonicMs(),
      drawNonce: createNonceSource(randomUUID),
      onCall: () => {},
      inputBudgetChars: config.cascade.inputBudgetChars,
    });
    const judgeRow = async (asked: CriterionOptions, { id, interaction, expected }: Item): Promise<TryRow> => {
      const answers: JudgeAnswer[] = [];
      for (let repeat = 0; repeat < request.repeats; repeat++) {
        const reply = await ask(judge, { interaction, criteria: [asked], fresh: true }, request.signal);
        answers.push(...reply.values());
      }
      const scores = answers.flatMap(({ score }) => score ?? []);
      return {
        item: id,
        answer: interaction.output.text,
        expected,
        verdicts: answers.map((answer) => verdictOf(answer, asked)),
        rationale: answers[0]?.rationale ?? null,
        spread: scores.length < 2 ? null : Math.max(...scores) - Math.min(...scores),
        costUsd: answers.reduce((sum, { costUsd }) => sum + costUsd, 0),
      };
    };
    const reportOn = async (asked: CriterionOptions): Promise<TryReport> => {
      const rows = await inLanes(items, (item) => judgeRow(asked, item));
      const known = rows.filter(({ expected }) => expected !== null);
      const costUsd = rows.reduce((sum, row) => sum + row.costUsd, 0);
      return {
        criterion: asked.name,
        judge: judgeName,
        rows,
        right: known.filter(({ verdicts, expected }) => verdicts[0] === expected).length,
        examples: known.length,
        flips: rows.filter(({ verdicts }) => new Set(verdicts).size > 1).length,
        costUsd,
        usdPer1000: (1000 * costUsd) / (rows.length * request.repeats),
      };
    };
    return { report: await reportOn(criterion), other: other === null ? null : await reportOn(other) };
  } finally {
    await judges.close();
  }
}

/** The criterion of that name. Throws USAGE, naming those there are. */
export function named(criteria: readonly CriterionOptions[], name: string, what: string): CriterionOptions {
  const found = criteria.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new MonitorError(
    'USAGE',
    `no ${what} is named ${name}; there are ${criteria.map((one) => one.name).join(', ')}`,
  );
}

function examplesOf({ examples }: CriterionOptions): Item[] {
  return examples.map((example, i) => ({
    id: `example ${i + 1}`,
    interaction: exampleInteraction(example, NOBODYS),
    expected: example.expect,
  }));
}

async function recordedRows({ loaded, inputs, rows }: TryRequest, criterion: CriterionOptions): Promise<Item[]> {
  const { config } = loaded;
  const redactor = createRedactor(config.privacy);
  const drawn: { readonly draw: number; readonly interaction: Interaction }[] = [];
  const take = (interaction: Interaction): void => {
    if (!isApplicable(criterion, interaction) || missingNeed(criterion, interaction) !== null) return;
    drawn.push({ draw: uniformDraw('sample', 'criteria try', 1, interaction.interactionId), interaction });
    if (drawn.length < 2 * rows + 1000) return;
    drawn.sort((a, b) => a.draw - b.draw).splice(rows);
  };
  await readInteractions(createReplaySource(inputs, 'max', config), createFileDecoder(config), take);
  return drawn
    .sort((a, b) => a.draw - b.draw)
    .slice(0, rows)
    .map(({ interaction: raw }) => {
      const { interaction } = redactor.redactInteraction(raw);
      return { id: interaction.interactionId, interaction, expected: null };
    });
}

function verdictOf({ outcome, score }: JudgeAnswer, { passAt }: CriterionOptions): TryVerdict {
  if (outcome === 'scored') return (score ?? 0) >= passAt ? 'pass' : 'fail';
  return outcome;
}

/** In the order of the items, a few at once. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return results;
}
