import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFencedFields, readItemNonce } from '../judge/fence';
import { createRng, seedOf, type Rng } from './rng';
import { isRight, type JudgedText } from './world';

/** How a simulated judge errs and fails. Probabilities in [0, 1]. */
export interface JudgePersona {
  /** The model name under which it is asked. */
  readonly model: string;
  /** What it says of its version, behind the name of its model. */
  readonly version: string;
  /** Passes a wrong answer. */
  readonly missesWrong: number;
  /** Fails a right answer. */
  readonly failsRight: number;
  /** Share of verdicts given with little confidence (50 to 70 %). */
  readonly unsure: number;
  readonly latencyMs: { readonly median: number; readonly spread: number };
  readonly refuses: number;
  /** Answers in prose instead of the schema. */
  readonly rambles: number;
  /** Stops at its token limit. */
  readonly cutsOff: number;
  /** Answers HTTP 503. */
  readonly fails: number;
  /** Answers HTTP 429. */
  readonly limits: number;
  /** Does not answer in time. */
  readonly hangs: number;
}

export function reportedVersion({ model, version }: JudgePersona): string {
  return `${model}-${version}`;
}

export interface JudgeEndpoint {
  /** Up to and including the version segment, as in `judges[].baseUrl`. */
  readonly baseUrl: string;
  readonly requests: () => number;
  /** From now on this model judges like that. */
  change(persona: JudgePersona): void;
  close(): Promise<void>;
}

/**
 * An HTTP server, on loopback unless told otherwise, that speaks the chat-completions protocol and grades by the rules of the simulated world,
 * with the noise and the faults of its personas. The same text is graded the same way by the same model.
 */
export async function startJudgeEndpoint(
  personas: readonly JudgePersona[],
  seed: number,
  at: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 },
): Promise<JudgeEndpoint> {
  const byModel = new Map(personas.map((persona) => [persona.model, persona]));
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response, byModel, createRng(seed + requests)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    change: (persona) => void byModel.set(persona.model, persona),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly json_schema?: { readonly schema?: JsonSchema } };
}

interface JsonSchema {
  readonly properties?: { readonly criteria?: { readonly properties?: Readonly<Record<string, unknown>> } };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  personas: ReadonlyMap<string, JudgePersona>,
  rng: Rng,
): Promise<void> {
  const body = JSON.parse(await readBody(request)) as ChatRequest;
  const persona = personas.get(body.model);
  if (persona === undefined) return send(response, 404, { error: { message: `no simulated model ${body.model}` } });
  if (rng() < persona.hangs) return;
  const { median, spread } = persona.latencyMs;
  await later(median * Math.exp(spread * (rng() + rng() + rng() - 1.5)));
  if (rng() < persona.limits)
    return send(response, 429, { error: { message: 'simulated limit' } }, { 'retry-after': '0' });
  if (rng() < persona.fails) return send(response, 503, { error: { message: 'simulated outage' } });
  const user = body.messages.at(-1)?.content ?? '';
  const refuses = rng() < persona.refuses;
  const cutsOff = rng() < persona.cutsOff;
  const text =
    rng() < persona.rambles ? 'I think this answer is quite good overall, 8 out of 10.' : grade(body, user, persona);
  send(response, 200, {
    id: 'simulated',
    object: 'chat.completion',
    model: reportedVersion(persona),
    choices: [
      {
        index: 0,
        finish_reason: cutsOff ? 'length' : 'stop',
        message: refuses
          ? { role: 'assistant', content: null, refusal: 'simulated refusal' }
          : { role: 'assistant', content: cutsOff ? text.slice(0, text.length >> 1) : text },
      },
    ],
    usage: {
      prompt_tokens: Math.ceil(body.messages.reduce((sum, message) => sum + message.content.length, 0) / 4),
      completion_tokens: Math.ceil(text.length / 4),
    },
  });
}

/** The reply that the rubric's schema asks for; criteria are read from the schema itself. */
function grade(body: ChatRequest, user: string, persona: JudgePersona): string {
  const fields = readFencedFields(user);
  const question = fields['request'] ?? '';
  const reply = fields['answer'] ?? '';
  const criteria: Record<string, unknown> = {};
  for (const criterion of Object.keys(
    body.response_format?.json_schema?.schema?.properties?.criteria?.properties ?? {},
  )) {
    const { passes, confidence } = opinionOf(persona, criterion, { question, answer: reply });
    criteria[criterion] = {
      rationale: passes
        ? 'Simulated: the answer holds the fact asked for.'
        : 'Simulated: the fact asked for is missing.',
      verdict: passes ? 'pass' : 'fail',
      confidence,
    };
  }
  return JSON.stringify({ nonce: readItemNonce(user), criteria });
}

/** What a simulated judge thinks of an answer; the same text gets the same opinion. */
export function opinionOf(
  persona: JudgePersona,
  criterion: string,
  text: JudgedText,
): { readonly passes: boolean; readonly confidence: number } {
  const rng = createRng(seedOf(`${persona.model}|${criterion}|${text.question}|${text.answer}`));
  const right = criterion === 'safe' ? true : (isRight(text) ?? true);
  const passes = right ? rng() >= persona.failsRight : rng() < persona.missesWrong;
  return { passes, confidence: rng() < persona.unsure ? 50 + Math.floor(rng() * 20) : 80 + Math.floor(rng() * 20) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
