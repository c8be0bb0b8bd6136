import type { CheckResult } from '../domain/check';
import type { SourceCoordinates } from '../domain/coordinates';
import type { Interaction } from '../domain/interaction';
import type { OutcomeRecord, TurnSignals } from '../domain/ledger-record';
import type { RedactionCount, SamplingDecision, Verdict, Versions } from '../domain/verdict';
import type { Judging } from '../judge/cascade-port';
import { unjudgedFor } from '../judge/settle';
import { silentObserver } from '../platform/observer';
import type { Policy } from '../policy/policy';
import type { PipelineDeps } from './deps';
import { toScoredOutcome } from './outcome';
import type { Timers } from './timers';
import { toVerdict } from './verdict';

/** What every interaction gets before anyone decides whether a judge is asked. */
export interface Prepared {
  readonly source: SourceCoordinates;
  /** Redacted. */
  readonly interaction: Interaction;
  readonly redactions: readonly RedactionCount[];
  readonly checks: readonly CheckResult[];
  readonly checksMs: number;
  readonly failedChecks: readonly string[];
  readonly signals: TurnSignals;
  readonly policy: Policy;
  readonly sampling: SamplingDecision;
}

export interface Scored {
  readonly verdict: Verdict;
  readonly line: OutcomeRecord;
}

/** The stages of one interaction, in order. All are synchronous but `judge`. */
export interface Scorer {
  /** Redact, check, read the signals, sample. */
  prepare(source: SourceCoordinates, interaction: Interaction): Prepared;
  /** Asks the judges; resolves soon after `signal` aborts, whatever they do. */
  judge(prepared: Prepared, signal: AbortSignal): Promise<Judging>;
  /** The judging of an interaction that was not sampled. */
  skip(prepared: Prepared): Judging;
  /** The verdict and the ledger line that names it. */
  conclude(prepared: Prepared, judging: Judging): Scored;
}

type ScorerDeps = Pick<
  PipelineDeps,
  | 'redactor'
  | 'checks'
  | 'escalateOn'
  | 'signals'
  | 'sampler'
  | 'cascade'
  | 'policy'
  | 'clock'
  | 'timers'
  | 'observer'
  | 'versions'
  | 'randomId'
> & { readonly options: Pick<PipelineDeps['options'], 'retain'> };

const NO_FAILED_CHECKS: readonly string[] = [];

export function createScorer(deps: ScorerDeps): Scorer {
  const { redactor, checks, signals, sampler, cascade, clock, timers, observer, randomId } = deps;
  const { retain } = deps.options;
  const escalating = new Set(deps.escalateOn);
  const traced = observer !== silentObserver;
  let versions: Versions = { ...deps.versions, policy: deps.policy().version };

  const runChecks = (interaction: Interaction): CheckResult[] => {
    const results: CheckResult[] = [];
    for (const check of checks) results.push(check.run(interaction));
    return results;
  };

  const runChecksTraced = (interaction: Interaction): CheckResult[] =>
    observer.inSpan('plumbline.checks', { 'plumbline.checks.count': checks.length }, (span) => {
      try {
        const results = runChecks(interaction);
        span.set({ 'plumbline.checks.failed': results.filter(({ result }) => result === 'fail').length });
        return results;
      } catch (failure) {
        span.fail('handler_error');
        throw failure;
      } finally {
        span.end();
      }
    });

  const redactTraced: typeof redactor.redactInteraction = (raw) =>
    observer.inSpan('plumbline.redact', {}, (span) => {
      const redacted = redactor.redactInteraction(raw);
      span.set({ 'plumbline.redactions': redacted.counts.reduce((sum, { count }) => sum + count, 0) });
      span.end();
      return redacted;
    });

  /** Spans of the calls to judges lie below this one. */
  const judgeTraced = (sampling: SamplingDecision, judge: () => Promise<Judging>): Promise<Judging> =>
    observer.inSpan('plumbline.judge', { 'plumbline.sampling.cell': sampling.cell }, async (span) => {
      const judging = await judge();
      span.set({
        'plumbline.criteria.scored': judging.criteria.filter(({ result }) => result === 'scored').length,
        'plumbline.criteria.unjudged': judging.criteria.filter(({ result }) => result === 'unjudged').length,
        'plumbline.criteria.escalated': judging.criteria.filter(({ escalation }) => escalation?.escalated === true)
          .length,
      });
      span.end();
      return judging;
    });

  const escalatingFailures = (results: readonly CheckResult[]): readonly string[] => {
    let failed: string[] | null = null;
    for (const { check, result } of results) {
      if (result === 'fail' && escalating.has(check)) (failed ??= []).push(check);
    }
    return failed ?? NO_FAILED_CHECKS;
  };

  return {
    prepare(source, raw) {
      const { interaction, counts } = traced ? redactTraced(raw) : redactor.redactInteraction(raw);
      const startedAt = clock.monotonicMs();
      const results = traced ? runChecksTraced(interaction) : runChecks(interaction);
      const checksMs = clock.monotonicMs() - startedAt;
      const policy = deps.policy();
      return {
        source,
        interaction,
        redactions: counts,
        checks: results,
        checksMs,
        failedChecks: escalatingFailures(results),
        signals: signals(interaction),
        policy,
        sampling: sampler(interaction, policy),
      };
    },
    judge({ source, interaction, sampling, failedChecks, checks, policy }, signal) {
      const ask = (): Promise<Judging> =>
        cascade.judge({ source, interaction, sampling, failedChecks, checks, policy, signal });
      const judging = traced && sampling.sampled ? judgeTraced(sampling, ask) : ask();
      return orDeadline(judging, signal, timers, () => unjudgedFor(cascade.notSampled(interaction), 'deadline'));
    },
    skip: ({ interaction }) => cascade.notSampled(interaction),
    conclude(prepared, judging) {
      const { policy, interaction } = prepared;
      if (versions.policy !== policy.version) versions = { ...deps.versions, policy: policy.version };
      const scoredAt = clock.now();
      const verdict = toVerdict({
        verdictId: randomId(),
        source: prepared.source,
        scoredAt,
        interaction,
        redactions: prepared.redactions,
        checks: prepared.checks,
        checksMs: prepared.checksMs,
        sampling: prepared.sampling,
        judging,
        versions,
        retain,
      });
      return { verdict, line: toScoredOutcome(verdict, interaction, prepared.signals, scoredAt) };
    },
  };
}

/** How long a cascade has after the abort to say what it knows, ms. */
const GRACE_MS = 1000;

/**
 * A judge client that ignores its signal must not pin the watermark: a while after the abort the item goes on without
 * it. What the cascade says in that time wins, for it may have paid for scores.
 */
function orDeadline(
  judging: Promise<Judging>,
  signal: AbortSignal,
  timers: Timers,
  fallback: () => Judging,
): Promise<Judging> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => {};
    const wait = (): void => {
      cancel = timers.after(GRACE_MS, () => resolve(fallback()));
    };
    signal.addEventListener('abort', wait, { once: true });
    void judging.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', wait);
      cancel();
    });
  });
}
