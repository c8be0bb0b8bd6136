import type { JudgeOptions } from '../options';
import type { JudgeClient } from '../port';
import type { AttemptResult } from './attempts';
import { type Json, isObject, objectsOf, readCount, readVersion } from './json';
import { type ProviderClientDeps, createProviderClient } from './provider-client';
import { type ProviderError, type Wire, failure } from './wire';

/** A judge behind Anthropic's Messages API; `baseUrl` up to and including `/v1`. */
export function createAnthropicClient(options: JudgeOptions, deps: ProviderClientDeps): JudgeClient {
  return createProviderClient(options, ANTHROPIC_WIRE, deps);
}

const ANTHROPIC_WIRE: Wire = {
  path: () => '/messages',
  headers: (key) => ({ 'anthropic-version': '2023-06-01', ...(key === null ? {} : { 'x-api-key': key }) }),
  body: (options) => (request, maxOutputTokens) => ({
    model: options.model,
    max_tokens: maxOutputTokens,
    // The rubrics are the same for every item: the provider keeps what it made of them.
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: request.user }],
    output_config: { format: { type: 'json_schema', schema: withoutBounds(request.schema) } },
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
  }),
  read: readMessage,
  errorOf,
};

const BOUNDS = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']);

/** The decoder refuses bounds on numbers; the reply is held to them when it is read. */
function withoutBounds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutBounds);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !BOUNDS.has(key) || typeof value !== 'number');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutBounds(value)]));
}

function readMessage(body: Json): AttemptResult {
  const used = { ...readUsage(body.usage), reportedVersion: readVersion(body.model) };
  const fail = (...args: Parameters<typeof failure>): AttemptResult => ({ ...failure(...args), ...used });
  switch (body.stop_reason) {
    case 'end_turn':
    case 'stop_sequence': {
      const texts = objectsOf(body.content).flatMap(({ type, text }) =>
        type === 'text' && typeof text === 'string' ? [text] : [],
      );
      const text = texts.join('');
      return text.trim() === '' ? fail('unreadable', 'no content') : { kind: 'answer', text, ...used };
    }
    case 'max_tokens':
      return fail('truncated', 'stop_reason max_tokens', 'longer');
    case 'model_context_window_exceeded':
      return fail('too_long', 'stop_reason model_context_window_exceeded');
    case 'refusal':
      return fail('refused', 'refusal');
    default:
      return fail('unreadable', 'stop_reason is not end_turn');
  }
}

const STATUS: Readonly<Record<string, number>> = {
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function errorOf(body: Json): ProviderError | null {
  if (body.type !== 'error') return null;
  const type = isObject(body.error) && typeof body.error.type === 'string' ? body.error.type : '';
  const kind = type === 'billing_error' ? 'quota' : type === 'request_too_large' ? 'too_long' : 'other';
  return { kind, status: Object.hasOwn(STATUS, type) ? (STATUS[type] ?? null) : null, retryAfterMs: null };
}

/** What came from and went into the provider's cache was read as well. */
function readUsage(usage: unknown): { inputTokens: number; outputTokens: number } {
  const u = isObject(usage) ? usage : ({} as Json);
  const inputTokens =
    readCount(u.input_tokens) + readCount(u.cache_creation_input_tokens) + readCount(u.cache_read_input_tokens);
  return { inputTokens, outputTokens: readCount(u.output_tokens) };
}
