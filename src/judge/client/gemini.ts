import type { JudgeOptions } from '../options';
import type { JudgeClient } from '../port';
import type { AttemptResult } from './attempts';
import { type Json, isObject, objectsOf, readCount, readVersion } from './json';
import { type ProviderClientDeps, createProviderClient } from './provider-client';
import { type ProviderError, type Wire, failure } from './wire';

/** A judge behind Google's generateContent; `baseUrl` up to and including `/v1beta`. */
export function createGeminiClient(options: JudgeOptions, deps: ProviderClientDeps): JudgeClient {
  return createProviderClient(options, GEMINI_WIRE, deps);
}

const GEMINI_WIRE: Wire = {
  path: ({ model }) => `/models/${encodeURIComponent(model.replace(/^models\//, ''))}:generateContent`,
  headers: (key) => (key === null ? {} : { 'x-goog-api-key': key }),
  body: (options) => (request, maxOutputTokens) => ({
    systemInstruction: { parts: [{ text: request.system }] },
    contents: [{ role: 'user', parts: [{ text: request.user }] }],
    generationConfig: {
      responseMimeType: 'application/json',
      responseJsonSchema: request.schema,
      maxOutputTokens,
      ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
    },
  }),
  read: readGenerated,
  errorOf,
};

/** Ends by which the provider withholds or breaks off an answer for what it says. */
const FILTERED = new Set(['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'SPII', 'BLOCKLIST', 'LANGUAGE']);

function readGenerated(body: Json): AttemptResult {
  const used = { ...readUsage(body.usageMetadata), reportedVersion: readVersion(body.modelVersion) };
  const fail = (...args: Parameters<typeof failure>): AttemptResult => ({ ...failure(...args), ...used });
  if (isObject(body.promptFeedback) && typeof body.promptFeedback.blockReason === 'string') {
    return fail('refused', 'prompt blocked');
  }
  const [candidate] = objectsOf(body.candidates);
  if (candidate === undefined) return fail('unreadable', 'no candidate');
  const reason = candidate.finishReason;
  if (typeof reason === 'string' && FILTERED.has(reason)) return fail('refused', 'content filter');
  if (reason === 'MAX_TOKENS') return fail('truncated', 'finishReason MAX_TOKENS', 'longer');
  if (reason !== 'STOP') return fail('unreadable', 'finishReason is not STOP');
  const parts = isObject(candidate.content) ? objectsOf(candidate.content.parts) : [];
  // Thoughts are parts too, and may hold a draft of the answer.
  const text = parts
    .flatMap((part) => (part.thought !== true && typeof part.text === 'string' ? [part.text] : []))
    .join('');
  return text.trim() === '' ? fail('unreadable', 'no content') : { kind: 'answer', text, ...used };
}

function errorOf(body: Json): ProviderError | null {
  if (!isObject(body.error)) return null;
  const { code, details } = body.error;
  const all = objectsOf(details);
  const violations = all.flatMap((detail) => objectsOf(detail.violations));
  // A minute's quota comes back within the minute; a day's is used up as far as a call is concerned.
  const isUsedUp = violations.some(({ quotaId }) => typeof quotaId === 'string' && /PerDay/i.test(quotaId));
  const delays = all.flatMap(({ retryDelay }) => (typeof retryDelay === 'string' ? [secondsToMs(retryDelay)] : []));
  return {
    kind: isUsedUp ? 'quota' : 'other',
    status: typeof code === 'number' && code >= 400 && code <= 599 ? code : null,
    retryAfterMs: delays[0] ?? null,
  };
}

/** `3.5s` → 3500; null for anything else. */
function secondsToMs(text: string): number | null {
  const [, seconds] = /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(text) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** Thoughts are paid for as output. */
function readUsage(usage: unknown): { inputTokens: number; outputTokens: number } {
  const u = isObject(usage) ? usage : ({} as Json);
  const outputTokens = readCount(u.candidatesTokenCount) + readCount(u.thoughtsTokenCount);
  return { inputTokens: readCount(u.promptTokenCount), outputTokens };
}
