import { completion, type SeenRequest, startJudgeServer, verdicts } from './judge-server';

/** One recorded row as far as its judges need it. */
export interface RecordedRow {
  readonly item_id: string;
  readonly response: string;
  readonly verdicts: readonly RecordedVerdict[];
}

export interface RecordedVerdict {
  readonly judge: string;
  readonly family: string;
  readonly prompt: string;
  readonly parsed: 'error' | 'no_error' | null;
  /** The judge's whole text; always there where `parsed` is null. */
  readonly raw?: string;
}

export interface RecordedJudges {
  readonly baseUrl: string;
  readonly requests: () => number;
  /** Requests for which no recorded row or verdict was found; must stay 0. */
  readonly unknown: () => number;
  close(): Promise<void>;
}

/** The model name under which a recorded judge with one of its prompts is asked. */
export function recordedModel(verdict: Pick<RecordedVerdict, 'judge' | 'prompt'>): string {
  return `${verdict.judge}@${verdict.prompt}`;
}

/**
 * A chat-completions endpoint that answers from recorded verdicts: the rubric's JSON built from `parsed`; where
 * `parsed` is null, the judge's own text unchanged.
 *
 * @param seenAs how an answer looks to a judge (redacted and normalised), by which its row is found again.
 */
export async function startRecordedJudges(
  rows: readonly RecordedRow[],
  seenAs: (answer: string) => string,
): Promise<RecordedJudges> {
  const byAnswer = new Map(rows.map((row) => [seenAs(row.response), row]));
  if (byAnswer.size !== rows.length) throw new Error(`${rows.length - byAnswer.size} answers cannot be told apart`);
  let unknown = 0;
  const server = await startJudgeServer((request) => {
    const row = byAnswer.get(request.fields['answer'] ?? '');
    const verdict = row?.verdicts.find((candidate) => recordedModel(candidate) === request.body.model);
    if (verdict !== undefined) return completion(replyText(request, verdict), { model: request.body.model });
    unknown++;
    return { status: 404, body: { error: { message: 'no recorded verdict for this item' } } };
  });
  return {
    baseUrl: server.baseUrl,
    requests: () => server.requests.length,
    unknown: () => unknown,
    close: () => server.close(),
  };
}

function replyText(request: SeenRequest, verdict: RecordedVerdict): string {
  if (verdict.parsed === null) return verdict.raw ?? '';
  return verdicts(request, { verdict: verdict.parsed === 'no_error' ? 'pass' : 'fail', confidence: 100 });
}
