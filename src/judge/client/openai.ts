import type { JudgeOptions } from '../options';
import type { JudgeClient, TokenChoice } from '../port';
import type { AttemptResult } from './attempts';
import { type Json, isObject, objectsOf, readCount, readVersion } from './json';
import { type ProviderClientDeps, createProviderClient } from './provider-client';
import { type ProviderError, type Wire, failure } from './wire';

/** A judge behind OpenAI-compatible chat completions (OpenAI, Azure v1, vLLM, Ollama, llama.cpp server, OpenRouter). */
export function createOpenAiClient(options: JudgeOptions, deps: ProviderClientDeps): JudgeClient {
  return createProviderClient(options, OPENAI_WIRE, deps);
}

const OPENAI_WIRE: Wire = {
  path: () => '/chat/completions',
  headers: (key) => (key === null ? {} : { authorization: `Bearer ${key}` }),
  body: ({ baseUrl, model, temperature, logprobs }) => {
    // OpenAI's reasoning models reject the old name; many compatible servers know no other.
    const isTheirs = /\.(openai|azure)\.com$/.test(new URL(baseUrl).hostname);
    const limit = isTheirs ? 'max_completion_tokens' : 'max_tokens';
    const settings = {
      ...(temperature === undefined ? {} : { temperature }),
      ...(logprobs ? { logprobs: true, top_logprobs: TOP_LOGPROBS } : {}),
    };
    return ({ system, user, schema, schemaName }, maxOutputTokens) => ({
      model,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      response_format: { type: 'json_schema', json_schema: { name: schemaName, strict: true, schema } },
      [limit]: maxOutputTokens,
      ...settings,
    });
  },
  read: readCompletion,
  errorOf,
};

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
      return { kind: 'answer', text: content, ...used, ...readTokens(choice.logprobs) };
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

/** Enough for pass and fail or the likely steps of a scale; more would fill the bytes that are read of an answer. */
const TOP_LOGPROBS = 5;

/** Nothing when any part of it is not as documented: half a distribution is none. */
function readTokens(logprobs: unknown): { tokens?: TokenChoice[] } {
  if (!isObject(logprobs) || !Array.isArray(logprobs.content)) return {};
  const tokens: TokenChoice[] = [];
  for (const { token, top_logprobs: top } of objectsOf(logprobs.content)) {
    if (typeof token !== 'string') return {};
    const alternatives = objectsOf(top).flatMap((one) =>
      typeof one.token === 'string' && typeof one.logprob === 'number' && one.logprob <= 0
        ? [{ token: one.token, logprob: one.logprob }]
        : [],
    );
    tokens.push({ token, alternatives });
  }
  return tokens.length === logprobs.content.length ? { tokens } : {};
}

const KINDS: Readonly<Record<string, ProviderError['kind']>> = {
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  content_filter: 'content_filter',
  context_length_exceeded: 'too_long',
};

function errorOf(body: Json): ProviderError | null {
  const error = body.error ?? null;
  if (error === null) return null;
  if (!isObject(error)) return { kind: 'other', status: null, retryAfterMs: null };
  const names = [error.code, error.type].filter((name) => typeof name === 'string');
  const known = names.find((name) => Object.hasOwn(KINDS, name));
  const status = typeof error.code === 'number' ? error.code : Number(error.code);
  return {
    kind: known === undefined ? 'other' : (KINDS[known] ?? 'other'),
    status: Number.isInteger(status) && status >= 400 && status <= 599 ? status : null,
    retryAfterMs: null,
  };
}

function readUsage(usage: unknown): { inputTokens: number; outputTokens: number } {
  const { prompt_tokens, completion_tokens } = isObject(usage) ? usage : ({} as Json);
  return { inputTokens: readCount(prompt_tokens), outputTokens: readCount(completion_tokens) };
}
