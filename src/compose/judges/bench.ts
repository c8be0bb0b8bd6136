import { auditJudge, type JudgeAudit } from '../../calibration/judge-audit';
import { auditOrders, type OrderAudit, type OrderedChoice } from '../../calibration/order-audit';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { Interaction } from '../../domain/interaction';
import type { GoldenJudge } from '../../golden/run';
import type { JudgeAnswer } from '../../domain/verdict';
import { exchangeOf } from '../../judge/examples';
import { criterionOptions } from '../../judge/options';
import { choiceOf, pairCriterion } from '../../judge/pairwise';
import { closingAfter } from '../closers';
import { openGoldenJudges } from '../golden/judges';
import { readJsonLines } from '../json-lines';
import { type Answers, askBothOrders } from '../replay/pairwise';

export interface BenchRequest {
  readonly loaded: LoadedConfig;
  /** `.jsonl` or `.jsonl.gz` with rows as RealMistake, LLMBar, PandaLM or JudgeBench have them. */
  readonly file: string;
  /** Rows at most, the first ones. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface BenchReport {
  readonly format: BenchFormat;
  readonly rows: number;
  readonly judges: readonly JudgeBench[];
}

export interface JudgeBench {
  readonly judge: string;
  /** Of answers judged one by one. */
  readonly pointwise: JudgeAudit | null;
  /** Of pairs, each shown in both orders. */
  readonly pairwise: OrderAudit | null;
  readonly calls: number;
  readonly costUsd: number;
}

export type BenchFormat = 'realmistake' | 'llmbar' | 'pandalm' | 'judgebench';

/** A row of any of the formats, in one shape. */
type BenchRow =
  | { readonly kind: 'answer'; readonly prompt: string; readonly answer: string; readonly isRight: boolean }
  | {
      readonly kind: 'pair';
      readonly prompt: string;
      readonly answers: readonly [string, string];
      /** 1 or 2 is better, 0 a tie. */
      readonly gold: 0 | 1 | 2;
    };

const CRITERION = 'bench';
const RUBRIC = 'The answer does all that the request asks for, and nothing in it is wrong.';

/**
 * Every configured judge over a labelled set, whatever the family of the models that answered: pairs in both orders. Rejects
 * with USAGE for rows of no known format.
 */
export async function benchJudges({ loaded, file, limit, signal }: BenchRequest): Promise<BenchReport> {
  const { format, rows } = await readBench(file, limit);
  const kind = rows[0]?.kind ?? 'answer';
  const criterion = criterionOptions.parse({ name: CRITERION, rubric: RUBRIC });
  const criteria = [kind === 'pair' ? pairCriterion(criterion) : criterion];
  const asBench = {
    ...loaded,
    config: { ...loaded.config, criteria, golden: { ...loaded.config.golden, share: 0.5 } },
  };
  return closingAfter(async (closers) => {
    const judges = (await openGoldenJudges(asBench, closers)).of('plain');
    const { concurrency } = loaded.config.golden;
    const measured = await Promise.all(judges.map((judge) => measure(judge, rows, concurrency, signal)));
    return { format, rows: rows.length, judges: measured };
  });
}

async function measure(
  judge: GoldenJudge,
  rows: readonly BenchRow[],
  concurrency: number,
  signal: AbortSignal,
): Promise<JudgeBench> {
  let calls = 0;
  let costUsd = 0;
  const pay = (answers: Answers): JudgeAnswer | undefined => {
    const answer = answers.get(CRITERION);
    calls += 1;
    costUsd += answer?.costUsd ?? 0;
    return answer;
  };
  const labels: number[] = [];
  const verdicts: (number | null)[] = [];
  const choices: OrderedChoice[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let row = rows[next++]; row !== undefined && !signal.aborted; row = rows[next++]) {
      if (row.kind === 'answer') {
        const { score = null } =
          pay(await judge.ask({ interaction: exchangeOf(row.prompt, row.answer) }, signal)) ?? {};
        labels.push(row.isRight ? 1 : 0);
        verdicts.push(score === null ? null : score >= 0.5 ? 1 : 0);
        continue;
      }
      const [one, two] = row.answers.map((answer) => exchangeOf(row.prompt, answer)) as [Interaction, Interaction];
      const [forward, reversed] = await askBothOrders(judge, one, two, signal);
      choices.push({ gold: row.gold, forward: winner(pay(forward), 1), reversed: winner(pay(reversed), 2) });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return {
    judge: judge.name,
    pointwise: labels.length === 0 ? null : auditJudge(labels, verdicts, { classes: 2, positive: 0 }),
    pairwise: choices.length === 0 ? null : auditOrders(choices),
    calls,
    costUsd,
  };
}

/** The number of the answer that won, in file order; `own` is that of the text named `answer`. 0 = neither. */
function winner(answer: JudgeAnswer | undefined, own: 1 | 2): 0 | 1 | 2 | null {
  const choice = choiceOf(answer);
  if (choice === null) return null;
  return choice === 'neither' ? 0 : (choice === 'own') === (own === 1) ? 1 : 2;
}

async function readBench(file: string, limit: number): Promise<{ format: BenchFormat; rows: BenchRow[] }> {
  const rows: BenchRow[] = [];
  let format: BenchFormat | null = null;
  try {
    for await (const json of readJsonLines(file)) {
      const read = readRow(json as RawRow);
      if (read === null) continue;
      format ??= read.format;
      if (read.format === format) rows.push(read.row);
      if (rows.length >= limit) break;
    }
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${file}`, { cause });
  }
  if (format === null) {
    throw new MonitorError('USAGE', `${file} has no row as RealMistake, LLMBar, PandaLM or JudgeBench have them`);
  }
  return { format, rows };
}

type RawRow = Readonly<Partial<Record<string, unknown>>> | null;

/** Null for a row without a label, or of another shape. */
function readRow(row: RawRow): { readonly format: BenchFormat; readonly row: BenchRow } | null {
  const text = (name: string): string | null => (typeof row?.[name] === 'string' ? row[name] : null);
  const prompt = [text('prompt'), text('input')].filter((part) => part !== null && part !== '').join('\n\n');
  const answer = text('response');
  const label = text('human_label');
  if (answer !== null && (label === 'error' || label === 'no_error')) {
    return { format: 'realmistake', row: { kind: 'answer', prompt, answer, isRight: label === 'no_error' } };
  }
  const [a, b] = [text('response_A'), text('response_B')];
  const gold = row?.['gold'];
  if (a !== null && b !== null && (gold === 'A>B' || gold === 'B>A')) {
    return { format: 'judgebench', row: { kind: 'pair', prompt, answers: [a, b], gold: gold === 'A>B' ? 1 : 2 } };
  }
  const [one, two] = [text('response_1'), text('response_2')];
  if (one === null || two === null) return null;
  if (gold === 1 || gold === 2) return { format: 'llmbar', row: { kind: 'pair', prompt, answers: [one, two], gold } };
  const majority = row?.['human_majority'];
  if (majority !== 0 && majority !== 1 && majority !== 2) return null;
  return { format: 'pandalm', row: { kind: 'pair', prompt, answers: [one, two], gold: majority } };
}
