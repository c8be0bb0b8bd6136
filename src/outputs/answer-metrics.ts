import type { CheckResult } from '../domain/check';
import type { Interaction, Producer } from '../domain/interaction';
import type { Cell, CellTable } from './cells';
import type { HistogramTable } from './histogram-cells';

/** What an answer was, the first that applies. */
export const ANSWER_RESULTS = ['empty', 'refused', 'malformed', 'truncated', 'ok'] as const;
type AnswerResult = (typeof ANSWER_RESULTS)[number];

const TOLD_BY: ReadonlyMap<string, AnswerResult> = new Map([
  ['non_empty', 'empty'],
  ['refusal', 'refused'],
  ['output_schema', 'malformed'],
  ['tool_arguments', 'malformed'],
  ['truncated', 'truncated'],
  ['finish_reason', 'truncated'],
]);

export function answerResult(checks: readonly CheckResult[]): AnswerResult {
  let first: number = ANSWER_RESULTS.indexOf('ok');
  for (const { check, result } of checks) {
    if (result !== 'fail') continue;
    const told = TOLD_BY.get(check);
    if (told !== undefined) first = Math.min(first, ANSWER_RESULTS.indexOf(told));
  }
  return ANSWER_RESULTS[first] ?? 'ok';
}

/** Seconds per output token after the first; null where its producer did not measure it. */
export function tokenSeconds({ latencyMs, ttftMs, outputTokens }: Interaction['usage']): number | null {
  if (latencyMs === null || ttftMs === null || outputTokens === null || outputTokens < 2) return null;
  return Math.max(0, latencyMs - ttftMs) / 1000 / (outputTokens - 1);
}

interface AnswerSetup {
  readonly answers: CellTable;
  /** A sanitised, capped value of the label. */
  readonly guard: (producer: string) => string;
  readonly ttft: HistogramTable;
  readonly perToken: HistogramTable;
}

interface Known {
  readonly labels: readonly [producer: string, route: string];
  readonly cells: Map<AnswerResult, Cell>;
}

/** How providers, versions of models and routes answer, and how fast. Hot path. */
export function createAnswerMetrics({
  answers,
  guard,
  ttft,
  perToken,
}: AnswerSetup): (interaction: Interaction, checks: readonly CheckResult[]) => void {
  const known = new Map<string, Known>();
  const find = (producer: Producer): Known => {
    const name = producerName(producer);
    const { route } = producer;
    const key = `${route} ${guard(name)}`;
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = { labels: [guard(name), route], cells: new Map() }));
    return found;
  };
  return ({ producer, usage }, checks) => {
    const { labels, cells } = find(producer);
    const result = answerResult(checks);
    let cell = cells.get(result);
    if (cell === undefined) cells.set(result, (cell = answers.at(...labels, result)));
    cell.add(1);
    if (usage.ttftMs !== null) ttft.at(...labels).observe(Math.max(0, usage.ttftMs / 1000), null);
    const seconds = tokenSeconds(usage);
    if (seconds !== null) perToken.at(...labels).observe(seconds, null);
  };
}

function producerName({ provider, model, modelVersion }: Producer): string {
  return `${provider}/${model}${modelVersion === null ? '' : `/${modelVersion}`}`;
}
