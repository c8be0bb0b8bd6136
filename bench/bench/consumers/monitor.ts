import { randomUUID } from 'node:crypto';
import { closingAfter, type Closers } from '../../../src/compose/closers';
import { deadLetterMessages, ledgerMessages, verdictMessages } from '../../../src/compose/codecs';
import { createKafkaDecoder } from '../../../src/compose/inputs';
import { createJudges } from '../../../src/compose/cascade/judges';
import { loadMonitorConfig } from '../../../src/compose/monitor-config';
import { createScoring, type ScoringEnds } from '../../../src/compose/scoring';
import type { LoadedConfig } from '../../../src/config/load';
import { createCascade } from '../../../src/judge/cascade';
import { createSampler } from '../../../src/judge/sampling';
import { createKafkaLedgerWriter } from '../../../src/ledger/kafka';
import { createKafkaDeadLetterSink, createKafkaVerdictSink } from '../../../src/outputs/kafka-sinks';
import { startTracing } from '../../../src/outputs/otel';
import { createMetrics, type Metrics } from '../../../src/outputs/prometheus';
import type { Pipeline } from '../../../src/pipeline/deps';
import { createPipeline } from '../../../src/pipeline/pipeline';
import { systemTimers } from '../../../src/pipeline/timers';
import { systemClock } from '../../../src/platform/clock';
import { silentLogger } from '../../../src/platform/logger';
import { createPolicyDesk } from '../../../src/compose/policy-desk';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { createRetain } from '../../../src/privacy/retention';
import { createKafkaSource } from '../../../src/source/kafka';
import type { Source } from '../../../src/source/port';
import { createSegmenter } from '../../../src/watch/segments';
import { eventually } from '../../../test/support/eventually';
import type { Consume, Job, Stopwatch } from './consumer';

/** The score role as `plumbline run` builds it, nothing sampled: decode, redact, checks, signals, verdict, ledger. */
export const consumeAsMonitor: Consume = (job, stopwatch) =>
  run(job, stopwatch, (loaded, ends, closers) => {
    const scoring = createScoring(loaded, ends);
    closers.add(() => scoring.close());
    return scoring.pipeline;
  });

/** The same ends and pipeline without anything that reads a text: decode, verdict, ledger. */
export const consumeUnread: Consume = (job, stopwatch) => run(job, stopwatch, unreading);

type Build = (loaded: LoadedConfig, ends: ScoringEnds, closers: Closers) => Pipeline;

/** One per process: it hooks into the runtime. */
let metrics: Metrics | null = null;

async function run(job: Job, stopwatch: Stopwatch, build: Build): Promise<void> {
  await closingAfter(async (closers) => {
    const loaded = configOf(job);
    const pipeline = build(loaded, await openEnds(job, loaded, stopwatch, closers), closers);
    closers.add(() => pipeline.stop());
    await pipeline.start();
    const failed = pipeline.finished.then(() => Promise.reject(new Error('the pipeline ended by itself')));
    failed.catch(() => {});
    const done = (): boolean => pipeline.state().recordsDone >= job.records;
    await Promise.race([failed, eventually(done, { timeoutMs: 600_000, intervalMs: 5 })]);
    stopwatch.stop();
  });
}

async function openEnds(job: Job, loaded: LoadedConfig, stopwatch: Stopwatch, closers: Closers): Promise<ScoringEnds> {
  const { config, hash } = loaded;
  if (config.source.kafka === undefined) throw new Error('the configuration names brokers');
  const access = { kafka: config.source.kafka, environment: {}, logger: silentLogger };
  const topic = (name: string): string => `${job.outputPrefix}.${name}`;
  const ledger = await createKafkaLedgerWriter({ ...access, topic: topic('ledger'), codec: ledgerMessages });
  const verdicts = await createKafkaVerdictSink({ ...access, topic: topic('verdicts'), encoder: verdictMessages });
  const encoder = deadLetterMessages;
  const deadLetters = await createKafkaDeadLetterSink({ ...access, topic: topic('dead-letters'), encoder });
  for (const sink of [ledger, verdicts, deadLetters]) closers.add(() => sink.close());
  const source = createKafkaSource({
    ...access,
    topics: [job.topic],
    groupId: job.groupId,
    window: config.source.window,
    clock: systemClock,
    onOffsetGap: config.source.onOffsetGap,
  });
  metrics ??= createMetrics({
    version: 'bench',
    configHash: hash,
    clock: systemClock,
    maxSegments: config.metrics.maxSegments,
    segmentsOf: createSegmenter(config.segments),
  });
  const tracing = await startTracing({
    ...config.telemetry,
    instance: 'bench',
    version: 'bench',
    logger: silentLogger,
  });
  const decoder = createKafkaDecoder(loaded, closers);
  return {
    source: timed(source, stopwatch),
    decoder,
    verdicts,
    deadLetters,
    ledger,
    metrics,
    tracing: { ...tracing, onVerdict: () => {} },
    desk: createPolicyDesk({
      budget: config.budget,
      itemDeadlineMs: config.cascade.deadlineMs,
      behaviourTopic: config.source.topics.behaviour,
    }),
    logger: silentLogger,
  };
}

/** Starts the stopwatch with the first assignment. */
function timed(source: Source, stopwatch: Stopwatch): Source {
  return {
    ...source,
    start: (handlers) =>
      source.start({
        ...handlers,
        onAssigned(partitions, epoch) {
          stopwatch.start();
          handlers.onAssigned(partitions, epoch);
        },
      }),
  };
}

function unreading({ config, hash, secrets }: LoadedConfig, ends: ScoringEnds, closers: Closers): Pipeline {
  const judges = createJudges(config, secrets, ends.tracing);
  closers.add(() => judges.close());
  const nothing = { markers: [], userLength: 0, answerLength: 0, userSketch: '', language: null };
  return createPipeline({
    ...ends,
    redactor: {
      redactText: (text) => text,
      redactInteraction: (interaction) => ({ interaction, counts: [] }),
    },
    checks: [],
    escalateOn: [],
    signals: () => nothing,
    sampler: createSampler(config.sampling),
    cascade: createCascade({
      criteria: config.criteria,
      judges: judges.judges,
      cascade: config.cascade,
      models: [],
      salt: config.sampling.salt,
      clock: systemClock,
      randomId: randomUUID,
      onCall: () => undefined,
    }),
    policy: () => INITIAL_POLICY,
    clock: systemClock,
    timers: systemTimers,
    observer: ends.tracing.observer,
    listener: ends.metrics.pipelineListener,
    versions: { config: hash, rubrics: '', prompt: '' },
    options: {
      window: config.source.window,
      concurrency: 1,
      itemDeadlineMs: config.cascade.deadlineMs,
      retain: createRetain(config.privacy, null),
      maxRecordBytes: config.source.maxRecordBytes,
    },
    randomId: randomUUID,
    onLeaving: () => judges.leave(),
  });
}

function configOf(job: Job): LoadedConfig {
  const text = monitorConfig(job);
  const loaded = loadMonitorConfig({ text: { name: 'bench', text }, env: {} });
  if (!loaded.ok) throw new Error(`the configuration of the bench: ${JSON.stringify(loaded.error)}`);
  return loaded.value;
}

/** Defaults but for names and the sampling rate: no judge is asked. */
export function monitorConfig(
  { brokers, topic, outputPrefix, groupId, registryUrl }: Omit<Job, 'records'>,
  judgeUrl = 'http://127.0.0.1:9/v1',
): string {
  return `instance: { name: bench, topicPrefix: ${outputPrefix}, groupPrefix: ${groupId} }
source:
  kafka: { brokers: [${brokers.map((broker) => JSON.stringify(broker)).join(', ')}] }
  topics: { interactions: ${topic}, behaviour: null }
  registry: { url: ${registryUrl} }
sampling: { rate: 0 }
criteria:
  - { name: helpful, rubric: Does the answer solve what was asked? }
  - { name: grounded, rubric: Is every statement supported by the context?, requires: [context] }
judges:
  - { name: small, baseUrl: "${judgeUrl}", model: mistral-small }
  - { name: one, baseUrl: "${judgeUrl}", model: gemini-pro }
  - { name: two, baseUrl: "${judgeUrl}", model: qwen-max }
cascade: { cheap: [[small]], ensemble: [[one, two]] }
telemetry: { logLevel: warn }
`;
}
