import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFencedFields, readItemNonce } from '../../src/judge/fence';

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
  let requests = 0;
  let unknown = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      requests++;
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as ChatRequest;
      const user = body.messages.at(-1)?.content ?? '';
      const row = byAnswer.get(readFencedFields(user)['answer'] ?? '');
      const verdict = row?.verdicts.find((candidate) => recordedModel(candidate) === body.model);
      if (verdict === undefined) {
        unknown++;
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: 'no recorded verdict for this item' } }));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completion(body, replyText(body, user, verdict))));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    unknown: () => unknown,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
  readonly response_format?: {
    readonly json_schema?: {
      readonly schema?: { readonly properties?: { readonly criteria?: { readonly properties?: object } } };
    };
  };
}

function replyText(body: ChatRequest, user: string, verdict: RecordedVerdict): string {
  if (verdict.parsed === null) return verdict.raw ?? '';
  const names = Object.keys(body.response_format?.json_schema?.schema?.properties?.criteria?.properties ?? {});
  const answer = {
    rationale: `recorded: ${verdict.parsed}`,
    verdict: verdict.parsed === 'no_error' ? 'pass' : 'fail',
    confidence: 100,
  };
  return JSON.stringify({
    nonce: readItemNonce(user),
    criteria: Object.fromEntries(names.map((name) => [name, answer])),
  });
}

function completion(body: ChatRequest, content: string): object {
  return {
    object: 'chat.completion',
    model: body.model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 400, completion_tokens: Math.ceil(content.length / 4) },
  };
}
