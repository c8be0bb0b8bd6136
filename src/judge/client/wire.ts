import type { UnjudgedReason } from '../../domain/accounting';
import type { JudgeOptions } from '../options';
import type { JudgeRequest } from '../port';
import type { AttemptResult } from './attempts';
import type { Json } from './json';

/** How one provider says on the wire what all providers can say. All it may do is build requests and read objects. */
export interface Wire {
  /** Appended to the path of `baseUrl`. */
  readonly path: (options: JudgeOptions) => string;
  /** Headers beside those of every call; `key` null = the endpoint wants none. */
  readonly headers: (key: string | null) => Readonly<Record<string, string>>;
  /** For one judge: what makes the bodies of its requests. */
  readonly body: (options: JudgeOptions) => (request: JudgeRequest, maxOutputTokens: number) => object;
  /** An object under HTTP 200 that is no error. */
  readonly read: (body: Json) => AttemptResult;
  /** What of an error can be branched on; null when the object is none. Texts of the provider are not read. */
  readonly errorOf: (body: Json) => ProviderError | null;
}

export interface ProviderError {
  readonly kind: 'quota' | 'content_filter' | 'too_long' | 'other';
  /** The status that the error itself names. */
  readonly status: number | null;
  /** The wait that the error itself asks for, ms. */
  readonly retryAfterMs: number | null;
}

export type Failure = Extract<AttemptResult, { kind: 'failure' }>;

const NOTHING_USED = { inputTokens: 0, outputTokens: 0, reportedVersion: null };

export function failure(
  reason: UnjudgedReason,
  detail: string,
  retry: Failure['retry'] = 'no',
  waitMs: number | null = null,
): Failure {
  return { kind: 'failure', reason, detail, retry, retryAfterMs: waitMs, ...NOTHING_USED };
}
