import type { AttemptResult } from './attempts';
import { retryAfterMs } from './backoff';
import { type HttpResult, type ResponseHeaders, header } from './http-call';
import { parseObject } from './json';
import { type Failure, type ProviderError, type Wire, failure } from './wire';

/** What an exchange came to, whatever the provider. */
export function readResult(result: HttpResult, wire: Wire, now: number): AttemptResult {
  if (result.kind === 'fault') {
    if (result.fault !== 'broken') return failure('unreadable', result.detail);
    // Broken off within a good answer: what had come is never read.
    return failure(result.afterStatus === 200 ? 'truncated' : 'error', result.detail, 'yes');
  }
  const body = parseObject(result.text);
  const error = body === null ? null : wire.errorOf(body);
  if (result.status !== 200) return httpFailure(result.status, error, result.headers, now);
  const type = header(result.headers, 'content-type') ?? '';
  if (!/^application\/(?:[a-z0-9.+-]+\+)?json\b/i.test(type.trim()) || body === null) {
    return failure('unreadable', 'not json');
  }
  // Gateways report failures of the provider behind them under HTTP 200.
  if (error !== null) return httpFailure(error.status ?? 500, error, result.headers, now);
  return wire.read(body);
}

const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504, 522, 524, 529]);

function httpFailure(status: number, error: ProviderError | null, headers: ResponseHeaders, now: number): Failure {
  const detail = `http ${status}`;
  if (error?.kind === 'quota' || status === 402) return failure('rate_limited', 'quota used up');
  if (error?.kind === 'content_filter') return failure('refused', 'content filter');
  if (error?.kind === 'too_long' || status === 413) return failure('too_long', detail);
  const asked = header(headers, 'x-should-retry');
  const retry = asked === 'false' || !(RETRIED.has(status) || asked === 'true') ? 'no' : 'yes';
  const wait = retryAfterMs(headers, now) ?? error?.retryAfterMs ?? null;
  return failure(status === 429 ? 'rate_limited' : 'error', detail, retry, wait);
}
