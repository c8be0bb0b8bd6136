import { randomUUID } from 'node:crypto';
import { createChecks } from '../checks/create-checks';
import type { MonitorConfig } from '../config/config';
import type { LoadedConfig } from '../config/load';
import type { Decoder } from '../decode/port';
import { partitionKey } from '../domain/coordinates';
import type { GoldenAnswer } from '../domain/golden';
import { goldenRecord } from '../domain/ledger-record';
import { createAsk } from '../judge/ask';
import { createCascade } from '../judge/cascade';
import type { Cascade } from '../judge/cascade-port';
import { BOUND_RATES, createItemCost } from '../judge/item-cost';
import { createNonceSource } from '../judge/fence';
import type { Judge } from '../judge/judge';
import { promptHash, rubricsHash } from '../judge/prompt';
import { createSampler } from '../judge/sampling';
import type { LedgerWriter, WrittenOffsets } from '../ledger/port';
import type { Metrics } from '../outputs/prometheus';
import type { Pipeline, PipelineDeps, StageDeps } from '../pipeline/deps';
import { createPipeline } from '../pipeline/pipeline';
import type { DeadLetterSink, PipelineListener, VerdictSink } from '../pipeline/ports';
import { systemTimers } from '../pipeline/timers';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Policy } from '../policy/policy';
import { createRedactor } from '../privacy/redactor';
import { createRetain } from '../privacy/retention';
import { turnSignals } from '../signals/turn-signals';
import type { Source } from '../source/port';
import { createBudgetedCascade } from './cascade/budgeted';
import { createControlledCascade } from './cascade/controlled';
import { createGatedCascade, tellingChecks } from './cascade/gated';
import { goldenPromptHash } from './golden/judges';
import { createJudges, type Judges } from './cascade/judges';
import { loadOwnChecks } from './own-check-files';
import { hasBudget, type PolicyDesk } from './policy-desk';
import type { Telemetry } from './telemetry';
import { createShadowedCascade } from './cascade/shadowed';
import { readStoppingFile } from './cascade/stopping-file';
import { textSealOf } from './evidence/text-seal';

/** The ends of the pipeline; what lies between is the same for Kafka, files and the demo. */
export interface ScoringEnds {
  readonly source: Source;
  readonly decoder: Decoder;
  readonly verdicts: VerdictSink;
  readonly deadLetters: DeadLetterSink;
  readonly ledger: LedgerWriter;
  readonly metrics: Metrics;
  readonly tracing: Telemetry;
  readonly desk: PolicyDesk;
  /** Default `desk.policy`; a test may stop there. */
  readonly policy?: () => Policy;
  /** What the ledger holds of a partition just assigned; see `PipelineDeps`. */
  readonly written?: NonNullable<PipelineDeps['written']>;
  /** Told the first time that a provider reports a version of a judge's model, and whenever it reports another one. */
  readonly onJudgeVersion?: (judge: string, version: string) => void;
  readonly logger: Logger;
}

export interface Scoring {
  readonly pipeline: Pipeline;
  /** Judges from now on under another configuration; calls of before end as they began. */
  reconfigure(loaded: LoadedConfig): void;
  /** Closes the judges' connections; the ends belong to the caller. */
  close(): Promise<void>;
}

const NOTHING_WRITTEN: WrittenOffsets = { highest: -1n, has: () => false };

/** Builds SCORE between the given ends. */
export function createScoring(loaded: LoadedConfig, ends: ScoringEnds): Scoring {
  /** Those of earlier configurations too: calls may be in flight, and what is idle costs nothing. */
  const opened: Judges[] = [];
  const { desk } = ends;
  const stagesOf = (current: LoadedConfig): StageDeps => {
    const { stages, judges } = createStages(current, ends);
    opened.push(judges);
    return stages;
  };
  const pipeline = createPipeline({
    ...stagesOf(loaded),
    source: ends.source,
    decoder: ends.decoder,
    signals: turnSignals,
    policy: ends.policy ?? (() => desk.policy()),
    verdicts: ends.verdicts,
    deadLetters: ends.deadLetters,
    ledger: ends.ledger,
    written: async (at) => {
      desk.meter.onAssigned(partitionKey(at), systemClock.now());
      return ends.written?.(at) ?? NOTHING_WRITTEN;
    },
    clock: systemClock,
    timers: systemTimers,
    logger: ends.logger,
    observer: ends.tracing.observer,
    listener: tellingVerdicts(ends.metrics.pipelineListener, ends.tracing),
    randomId: randomUUID,
    onLeaving: () => opened.forEach((judges) => judges.leave()),
  });
  return {
    pipeline,
    reconfigure: (current) => pipeline.reconfigure(stagesOf(current)),
    close: async () => {
      await Promise.all(opened.map((judges) => judges.close()));
    },
  };
}

/** The part of SCORE that a configuration decides. */
function createStages(
  { config, hash, secrets }: LoadedConfig,
  { tracing, metrics, desk, onJudgeVersion, ledger, logger }: ScoringEnds,
): { readonly stages: StageDeps; readonly judges: Judges } {
  const judges = createJudges(config, secrets, tracing);
  const { escalateOn, criteriaAfter } = config.checks;
  const { stopping } = config.cascade;
  // The configuration was refused where the file cannot be read.
  const rule = stopping === undefined ? null : readStoppingFile(stopping);
  const learned = rule !== null && rule.ok ? rule.value : null;
  const checks = createChecks(config.checks, loadOwnChecks(config.checks.folder).checks);
  const gated = createGatedCascade({
    criteria: config.criteria,
    criteriaAfter,
    escalateOn,
    create: (criteria) =>
      createCascade({
        criteria,
        judges: noticingVersions(judges.judges, onJudgeVersion),
        cascade: config.cascade,
        learned,
        models: config.models,
        salt: config.sampling.salt,
        clock: systemClock,
        randomId: randomUUID,
        onCall: metrics.onJudgeCall,
      }),
  });
  const tell = async (answers: readonly GoldenAnswer[]): Promise<void> => {
    const now = systemClock.now();
    try {
      await ledger.append(answers.map((answer) => goldenRecord(answer, now)));
    } catch (error) {
      logger.warn({ err: error }, 'what was judged beside the traffic did not reach the ledger');
    }
  };
  // Without a golden purse nothing pays for what is judged beside the traffic.
  const isPaid = !hasBudget(config.budget) || config.budget.goldenShare > 0;
  const controlled = createControlledCascade({
    inner: gated,
    criteria: config.criteria,
    judges: config.judges,
    models: config.models,
    rate: isPaid ? config.cascade.controlRate : 0,
    salt: config.sampling.salt,
    promptHash: goldenPromptHash(config),
    runChecks: (interaction) => checks.map((check) => check.run(interaction)),
    tell,
  });
  const judging = createShadowedCascade({
    inner: controlled,
    criteria: config.criteria,
    judges: judges.judges,
    models: config.models,
    cascade: isPaid ? config.cascade : { ...config.cascade, shadowRate: 0 },
    salt: config.sampling.salt,
    promptHash: goldenPromptHash(config),
    ask: createAsk({
      monotonicMs: () => systemClock.monotonicMs(),
      drawNonce: createNonceSource(randomUUID),
      onCall: metrics.onJudgeCall,
      inputBudgetChars: config.cascade.inputBudgetChars,
    }),
    tell,
  });
  const cascade = hasBudget(config.budget) ? payingFor(judging, config, desk) : judging;
  const { userHashSaltEnv } = config.privacy;
  const stages: StageDeps = {
    redactor: createRedactor(config.privacy, userHashSaltEnv === undefined ? undefined : secrets.get(userHashSaltEnv)),
    checks,
    escalateOn: tellingChecks(escalateOn, criteriaAfter),
    sampler: createSampler(config.sampling),
    cascade,
    versions: { config: hash, rubrics: rubricsHash(config.criteria), prompt: promptHash() },
    options: {
      window: config.source.window,
      concurrency: judgingConcurrency(config.judges),
      itemDeadlineMs: config.cascade.deadlineMs,
      retain: createRetain(config.privacy, textSealOf({ config, secrets })?.seal ?? null),
      maxRecordBytes: config.source.maxRecordBytes,
      recentIds: Math.min(MAX_RECENT_IDS, config.watch.idWindow),
    },
  };
  return { stages, judges };
}

/** Copies come soon after each other mostly; the fold finds those that come later. About 100 bytes an id. */
const MAX_RECENT_IDS = 100_000;

/** The budget stands before everything else that judging is. */
function payingFor(inner: Cascade, { criteria, cascade, judges, budget }: MonitorConfig, desk: PolicyDesk): Cascade {
  const cost = createItemCost(criteria, cascade, judges, BOUND_RATES);
  return createBudgetedCascade({
    inner,
    meter: desk.meter,
    ceilings: budget.ceilings,
    boundUsd: (interaction) => {
      const { cheapUsd, ensembleUsd } = cost(interaction);
      return cheapUsd + ensembleUsd;
    },
    now: () => systemClock.now(),
    timers: systemTimers,
  });
}

/** Only verdicts whose line is in the ledger are told; a duplicate carries none. */
function tellingVerdicts(listener: PipelineListener, { onVerdict }: Telemetry): PipelineListener {
  return {
    ...listener,
    recordDone: (record, verdict, delayMs, traceId) => {
      listener.recordDone(record, verdict, delayMs, traceId);
      if (verdict !== null) onVerdict(verdict);
    },
  };
}

function noticingVersions(judges: readonly Judge[], onVersion: ScoringEnds['onJudgeVersion']): readonly Judge[] {
  if (onVersion === undefined) return judges;
  return judges.map((judge) => {
    let last: string | null = null;
    const { client, options } = judge;
    return {
      ...judge,
      client: {
        ...client,
        async complete(request, signal) {
          const reply = await client.complete(request, signal);
          if (reply.reportedVersion !== null && reply.reportedVersion !== last) {
            last = reply.reportedVersion;
            onVersion(options.name, last);
          }
          return reply;
        },
      },
    };
  });
}

/** Enough conversations at once to keep every judge busy: what all of them together may have in flight. */
function judgingConcurrency(judges: readonly { readonly maxConcurrent: number }[]): number {
  return judges.reduce((sum, judge) => sum + judge.maxConcurrent, 0);
}
