import { type Dispatcher, Pool } from 'undici';
import type { UnjudgedReason } from '../../domain/accounting';
import { createLimiter } from '../limiter';
import type { JudgeOptions } from '../options';
import type { JudgeClient, JudgeReply, JudgeRequest } from '../port';
import { type AttemptResult, attemptUntilDone } from './attempts';
import { retryAfterMs } from './backoff';
import { type HttpResult, type ResponseHeaders, header, post } from './http-call';
import { createRetryBudget } from './retry-budget';

export interface OpenAiClientDeps {
  /** Sent as a bearer token to the host of `baseUrl` only, and in no message; null = the endpoint wants none. */
  readonly apiKey: string | null;
  /** Default: the system's clocks. */
  readonly clock?: { now(): number; monotonicMs(): number };
  /** Uniform in [0, 1), for the jitter of pauses. Default Math.random. */
  readonly random?: () => number;
  /** Default: a pool of `maxConcurrent` connections to the host, which the client then owns. */
  readonly dispatcher?: Dispatcher;
}

/**
 * A judge behind OpenAI-compatible chat completions (OpenAI, Azure v1, vLLM, Ollama, llama.cpp server, OpenRouter).
 * At most `maxConcurrent` calls are in flight, others wait in order; waiting for a place does not count against
 * `timeoutMs`. Never rejects for what the provider does.
 */
export function createOpenAiClient(options: JudgeOptions, deps: OpenAiClientDeps): JudgeClient {
  const url = new URL(options.baseUrl);
  const path = `${url.pathname.replace(/\/+$/, '')}/chat/completions${url.search}`;
  const dispatcher =
    deps.dispatcher ??
    new Pool(url.origin, {
      connections: options.maxConcurrent,
      pipelining: 1,
      connect: { timeout: options.timeoutMs },
    });
  const limiter = createLimiter(options.maxConcurrent);
  const clock = deps.clock ?? { now: () => Date.now(), monotonicMs: () => performance.now() };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    // A small compressed body can unpack to any size.
    'accept-encoding': 'identity',
    ...(deps.apiKey === null ? {} : { authorization: `Bearer ${deps.apiKey}` }),
  };
  const plan = {
    timeoutMs: options.timeoutMs,
    retries: options.retries,
    maxOutputTokens: options.maxOutputTokens,
    random: deps.random ?? Math.random,
    budget: createRetryBudget(),
    monotonicMs: () => clock.monotonicMs(),
  };

  async function call(request: JudgeRequest, signal: AbortSignal): Promise<JudgeReply> {
    const attempt = async (maxOutputTokens: number, until: AbortSignal): Promise<AttemptResult> => {
      const body = JSON.stringify(requestBody(options, url.hostname, request, maxOutputTokens));
      return readResult(await post(dispatcher, { path, headers, body }, until), clock.now());
    };
    return attemptUntilDone(attempt, plan, signal);
  }

  return {
    async complete(request, signal) {
      return (await limiter.run(() => call(request, signal), signal)) ?? NEVER_CALLED;
    },
    async close() {
      if (deps.dispatcher === undefined) await dispatcher.destroy();
    },
  };
}

const NEVER_CALLED: JudgeReply = {
  text: null,
  failure: 'deadline',
  failureDetail: 'item deadline while waiting for a free place',
  inputTokens: 0,
  outputTokens: 0,
  reportedVersion: null,
  attempts: 0,
};

function requestBody(options: JudgeOptions, host: string, request: JudgeRequest, maxOutputTokens: number): object {
  return {
    model: options.model,
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.user },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: request.schemaName, strict: true, schema: request.schema },
    },
    // OpenAI's reasoning models reject the old name; many compatible servers know no other.
    [/\.(openai|azure)\.com$/.test(host) ? 'max_completion_tokens' : 'max_tokens']: maxOutputTokens,
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
  };
}

const NOTHING_USED = { inputTokens: 0, outputTokens: 0, reportedVersion: null };

type Failure = Extract<AttemptResult, { kind: 'failure' }>;

function failure(
  reason: UnjudgedReason,
  detail: string,
  retry: Failure['retry'] = 'no',
  waitMs: number | null = null,
): Failure {
  return { kind: 'failure', reason, detail, retry, retryAfterMs: waitMs, ...NOTHING_USED };
}

function readResult(result: HttpResult, now: number): AttemptResult {
  if (result.kind === 'fault') {
    if (result.fault !== 'broken') return failure('unreadable', result.detail);
    // Broken off within a good answer: what had come is never read.
    return failure(result.afterStatus === 200 ? 'truncated' : 'error', result.detail, 'yes');
  }
  const body = parseObject(result.text);
  if (result.status !== 200) return httpFailure(result.status, errorOf(body), result.headers, now);
  const type = header(result.headers, 'content-type') ?? '';
  if (!/^application\/(?:[a-z0-9.+-]+\+)?json\b/i.test(type.trim()) || body === null) {
    return failure('unreadable', 'not json');
  }
  const error = errorOf(body);
  // Gateways report failures of the provider behind them under HTTP 200.
  if (error !== null) return httpFailure(error.status ?? 500, error, result.headers, now);
  return readCompletion(body);
}

/** What is read of an error: codes to branch on, nothing to show. */
interface ProviderError {
  readonly code: string;
  /** The status that a gateway put into the error itself. */
  readonly status: number | null;
}

const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504, 522, 524, 529]);

function httpFailure(status: number, error: ProviderError | null, headers: ResponseHeaders, now: number): Failure {
  const code = error?.code ?? '';
  const detail = `http ${status}`;
  if (code === 'insufficient_quota' || code === 'billing_hard_limit_reached' || status === 402) {
    return failure('rate_limited', 'quota used up');
  }
  if (code === 'content_filter') return failure('refused', 'content filter');
  if (code === 'context_length_exceeded' || status === 413) return failure('too_long', detail);
  const asked = header(headers, 'x-should-retry');
  const retry = asked === 'false' || !(RETRIED.has(status) || asked === 'true') ? 'no' : 'yes';
  return failure(status === 429 ? 'rate_limited' : 'error', detail, retry, retryAfterMs(headers, now));
}

function readCompletion(body: Json): AttemptResult {
  const used = { ...readUsage(body.usage), reportedVersion: readVersion(body.model) };
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : null;
  const fail = (...args: Parameters<typeof failure>): AttemptResult => ({ ...failure(...args), ...used });
  if (!isObject(choice) || !isObject(choice.message)) return fail('unreadable', 'no choice');
  const { content, refusal } = choice.message;
  if (typeof refusal === 'string' && refusal !== '') return fail('refused', 'refusal');
  switch (choice.finish_reason) {
    case 'stop':
      if (typeof content !== 'string' || content.trim() === '') return fail('unreadable', 'no content');
      return { kind: 'answer', text: content, ...used };
    case 'length':
      return fail('truncated', 'finish_reason length', 'longer');
    case 'content_filter':
      return fail('refused', 'content filter');
    case 'error':
      return fail('error', 'finish_reason error', 'yes');
    default:
      return fail('unreadable', 'finish_reason is not stop');
  }
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function errorOf(body: Json | null): ProviderError | null {
  const error = body?.error ?? null;
  if (error === null) return null;
  if (!isObject(error)) return { code: '', status: null };
  const codes = [error.code, error.type].filter((code) => typeof code === 'string');
  const status = typeof error.code === 'number' ? error.code : Number(error.code);
  const known = ['insufficient_quota', 'billing_hard_limit_reached', 'content_filter', 'context_length_exceeded'];
  return {
    code: codes.find((code) => known.includes(code)) ?? '',
    status: Number.isInteger(status) && status >= 400 && status <= 599 ? status : null,
  };
}

function readUsage(usage: unknown): { inputTokens: number; outputTokens: number } {
  const { prompt_tokens, completion_tokens } = isObject(usage) ? usage : ({} as Json);
  return { inputTokens: readCount(prompt_tokens), outputTokens: readCount(completion_tokens) };
}

function readCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** It becomes part of keys and labels, so it is held to the characters of model names. */
function readVersion(model: unknown): string | null {
  return typeof model === 'string' && /^[\w.:/@+-]{1,128}$/.test(model) ? model : null;
}
