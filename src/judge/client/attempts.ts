import type { UnjudgedReason } from '../../domain/accounting';
import type { JudgeReply, TokenChoice } from '../port';
import { jitteredDelayMs, pause } from './backoff';
import type { RetryBudget } from './retry-budget';

/** What one attempt came to, read by the provider's adapter. */
export type AttemptResult =
  | (Usage & { readonly kind: 'answer'; readonly text: string; readonly tokens?: readonly TokenChoice[] })
  | (Usage & {
      readonly kind: 'failure';
      readonly reason: UnjudgedReason;
      /** Our own words or a status code; never text of the provider. */
      readonly detail: string;
      /** `longer`: with twice the output tokens. */
      readonly retry: 'no' | 'yes' | 'longer';
      /** The server's own wish, ms; null = none. */
      readonly retryAfterMs: number | null;
    });

interface Usage {
  /** 0 when the provider did not say. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reportedVersion: string | null;
}

export interface AttemptPlan {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly maxOutputTokens: number;
  readonly random: () => number;
  readonly budget: RetryBudget;
  readonly monotonicMs: () => number;
}

/** We never call sooner than asked; asked to wait longer than this, we do not call again. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Attempts until an answer, a failure that another try would not cure, the last retry, or the deadline, which covers
 * everything, pauses included. Tokens add up over attempts: each is paid for. An abort from outside is `deadline`
 * (the item's), our own is `timeout` (the call's).
 */
export async function attemptUntilDone(
  attempt: (maxOutputTokens: number, signal: AbortSignal) => Promise<AttemptResult>,
  plan: AttemptPlan,
  outer: AbortSignal,
): Promise<JudgeReply> {
  const deadline = new AbortController();
  const startedAt = plan.monotonicMs();
  const timer = setTimeout(() => deadline.abort(), plan.timeoutMs);
  const onOuterAbort = (): void => deadline.abort();
  if (outer.aborted) deadline.abort();
  else outer.addEventListener('abort', onOuterAbort, { once: true });
  let spent = { inputTokens: 0, outputTokens: 0 };
  let maxOutputTokens = plan.maxOutputTokens;
  let attempts = 0;
  plan.budget.earn();

  const fail = (failure: UnjudgedReason, failureDetail: string, reportedVersion: string | null): JudgeReply => {
    return { text: null, failure, failureDetail, ...spent, reportedVersion, attempts };
  };
  const outOfTime = (): JudgeReply => {
    return outer.aborted ? fail('deadline', 'item deadline', null) : fail('timeout', `${plan.timeoutMs} ms`, null);
  };

  try {
    for (;;) {
      if (deadline.signal.aborted) return outOfTime();
      attempts++;
      const result = await attempt(maxOutputTokens, deadline.signal);
      spent = {
        inputTokens: spent.inputTokens + result.inputTokens,
        outputTokens: spent.outputTokens + result.outputTokens,
      };
      const { reportedVersion } = result;
      if (result.kind === 'answer') {
        const { text, tokens } = result;
        const reply = { text, failure: null, failureDetail: null, ...spent, reportedVersion, attempts };
        return tokens === undefined ? reply : { ...reply, tokens };
      }
      if (deadline.signal.aborted) return outOfTime();
      const failed = fail(result.reason, result.detail, reportedVersion);
      if (result.retry === 'no' || attempts > plan.retries) return failed;
      if (result.retry === 'longer') {
        // A second cut would be no accident: one longer try, not several.
        if (maxOutputTokens > plan.maxOutputTokens) return failed;
        maxOutputTokens *= 2;
      }
      const wait = result.retry === 'longer' ? 0 : (result.retryAfterMs ?? jitteredDelayMs(attempts - 1, plan.random));
      const left = plan.timeoutMs - (plan.monotonicMs() - startedAt);
      if (wait > LONGEST_WAIT_MS || wait >= left || !plan.budget.spend()) return failed;
      if (wait > 0 && !(await pause(wait, deadline.signal))) return outOfTime();
    }
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onOuterAbort);
  }
}
