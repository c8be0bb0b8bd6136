import type { ConfigFault } from '../config/fault';
import type { LoadedConfig } from '../config/load';
import type { Environment } from '../config/secrets';
import { MonitorError } from '../domain/error';
import { annotationRecord, type KeyedRecord } from '../domain/ledger-record';
import type { Result } from '../domain/result';
import { createKafkaLedgerWriter } from '../ledger/kafka';
import type { LedgerWriter } from '../ledger/port';
import { createKafkaDeadLetterSink, createKafkaVerdictSink } from '../outputs/kafka-sinks';
import { createLogger } from '../outputs/log';
import { createMetrics, type Metrics } from '../outputs/prometheus';
import { type Readiness, startTelemetryServer } from '../outputs/telemetry-server';
import type { Pipeline } from '../pipeline/deps';
import { systemClock } from '../platform/clock';
import type { Failpoint } from '../platform/failpoint';
import type { Logger } from '../platform/logger';
import { createKafkaSource } from '../source/kafka';
import type { KafkaAccess } from '../source/kafka-client';
import type { PartitionLag, Source } from '../source/port';
import { createSegmenter } from '../watch/segments';
import type { EvidenceStore } from '../store/port';
import type { FoldSnapshot } from '../watch/fold';
import type { Watch } from '../watch/watch';
import { type Closers, closingAfter } from './closers';
import { startConsole } from './console';
import { deadLetterMessages, ledgerMessages, verdictMessages } from './codecs';
import type { Erase } from './evidence/erasure';
import { followLedger, openStore, startKafkaEvidence } from './evidence/evidence-kafka';
import { trafficShare } from './golden/judges';
import { versionNote, versionsIn } from './golden/keeper';
import { type GoldenRole, startGolden } from './golden/role';
import { armDecoder, armJudges, armLedger, armPolicy, armSource } from './failpoints';
import { createKafkaDecoder } from './inputs';
import { watchJudges } from './judges/reachability';
import { objectivesOf } from './ledger/fold';
import { resetsUnder } from './ledger/stamp';
import { stallReason, waitReasons } from './readiness';
import { createPolicyDesk, type PolicyDesk } from './policy-desk';
import { followPolicy } from './policy-topic';
import { createReload, watchFiles } from './reload';
import { createScoring } from './scoring';
import { statusOf } from './on-call/status';
import { accessOf, awaitMonitorTopics } from './topics';
import { exportMetrics, startTelemetry, type Telemetry } from './telemetry';
import { programVersion } from './version';
import { claimLedgerOnKafka, startWatching, type Watching, writtenAccordingTo } from './watching';

export const ROLES = ['score', 'watch', 'golden', 'console'] as const;
export type Role = (typeof ROLES)[number];

export interface MonitorRequest {
  readonly loaded: LoadedConfig;
  readonly roles: readonly Role[];
  readonly env: Environment;
  /** Where a test ends this process. */
  readonly failpoint: Failpoint;
  /** Starts an orderly stop: fetching ends, what is in flight is finished, marked and committed. */
  readonly signal: AbortSignal;
  readonly reload: {
    readonly load: () => Result<LoadedConfig, ConfigFault[]>;
    /** Asks to be told when to reload. */
    readonly onSignal: (handler: () => void) => void;
    /** Whether any number of series may be made to learn afresh. */
    readonly acceptsResets: boolean;
  };
}

const DRAIN_MS = 25_000;
const LAG_MS = 2_000;
const EXIT_OK = 0;
const EXIT_ABANDONED = 1;

/**
 * The monitor on Kafka, until it is told to stop. Resolves with the exit code: 0 when everything in flight was finished,
 * 1 when some of it was left for the next start. Rejects with what makes going on impossible.
 */
export async function runMonitor(request: MonitorRequest): Promise<number> {
  return closingAfter(async (closers) => {
    const { loaded, env, roles, failpoint } = request;
    const { config, hash } = loaded;
    const version = programVersion();
    const logger = createLogger({
      level: config.telemetry.logLevel,
      base: { instance: config.instance.name },
      secretValues: loaded.secrets.values(),
    });
    const access = accessOf(config, env, logger);
    let segmentsOf = createSegmenter(config.segments);
    const metrics = createMetrics({
      version,
      configHash: hash,
      objectives: objectivesOf(config),
      clock: systemClock,
      maxSegments: config.metrics.maxSegments,
      segmentsOf: (item) => segmentsOf(item),
      foldHere: roles.includes('watch'),
    });
    const tracing = await startTelemetry(loaded, logger, closers);
    await exportMetrics(loaded, metrics, logger, closers);

    const parts: Parts = {
      startedAt: systemClock.monotonicMs(),
      score: null,
      watch: null,
      follow: null,
      ledger: null,
      golden: null,
      erase: null,
      lag: [],
      startProblem: 'starting',
    };
    const unreached = roles.includes('score') ? watchJudges(config.judges, closers) : () => [];
    const serving = { loaded, parts, unreached, metrics, logger, closers };
    await serveTelemetry(serving);
    const store = roles.includes('console') ? openStore(loaded) : null;
    if (store !== null) closers.add(() => store.close());
    await serveApi(serving, store);
    await awaitMonitorTopics(config, access, request.signal, (problem) => {
      parts.startProblem = problem;
      logger.warn({ problem }, 'waiting for Kafka');
    });
    const desk = createPolicyDesk({
      budget: config.budget,
      itemDeadlineMs: config.cascade.deadlineMs,
      behaviourTopic: config.source.topics.behaviour,
    });
    const publishPolicy = await followPolicy({ loaded, access, desk, logger, closers });
    if (roles.includes('watch')) {
      const { acceptsResets } = request.reload;
      parts.watch = await startWatching({
        loaded,
        acceptsResets,
        access,
        metrics,
        desk,
        publishPolicy,
        failpoint,
        logger,
        closers,
      });
    } else {
      await claimLedgerOnKafka(loaded, access);
    }
    if (roles.includes('score')) {
      parts.score = await startScore({
        loaded,
        env,
        access,
        metrics,
        tracing,
        watch: parts.watch,
        desk,
        failpoint,
        logger,
        closers,
      });
      watchLag(parts, metrics, logger, closers);
    }
    await parts.watch?.elected;
    if (store !== null) {
      if (parts.watch === null) parts.follow = followLedger({ loaded, access, logger, closers });
      const evidence = await startKafkaEvidence(
        { loaded, access, onStalled: (stalled) => metrics.setStoreStalled(stalled), logger, closers },
        store,
      );
      parts.ledger = evidence.ledger;
      parts.erase = evidence.erase;
    }
    if (roles.includes('golden') && config.golden.set !== undefined) {
      const setup = { loaded, access, metrics, failpoint, logger, closers };
      parts.golden = await startGolden({ ...setup, tracing, watch: parts.watch });
    }
    const reload = createReload({
      initial: loaded,
      load: request.reload.load,
      resetsUnder: (next) => (parts.watch === null ? 0 : resetsUnder(parts.watch.snapshot(), next)),
      acceptsResets: request.reload.acceptsResets,
      apply(next) {
        // The only step that can fail is the first.
        parts.score?.reconfigure(next);
        parts.watch?.reconfigure(next);
        segmentsOf = createSegmenter(next.config.segments);
        metrics.setConfig(next.hash, objectivesOf(next.config));
      },
      onResult: (result) => metrics.onReload(result),
      logger,
    });
    request.reload.onSignal(reload);
    closers.add(watchFiles(loaded.files, reload));
    parts.startProblem = '';
    logger.info({ config: hash, roles, version }, 'started');
    return untilStopped(parts, request.signal, logger);
  });
}

interface Score {
  readonly pipeline: Pipeline;
  readonly source: Source;
  reconfigure(loaded: LoadedConfig): void;
}

interface Parts {
  readonly startedAt: number;
  score: Score | null;
  /** What the console's own fold knows, where this process does not watch. */
  follow: (() => FoldSnapshot) | null;
  /** Where people's decisions go. */
  ledger: LedgerWriter | null;
  golden: GoldenRole | null;
  watch: Watching | null;
  erase: Erase | null;
  lag: readonly PartitionLag[];
  /** Why the start has not come to its end; empty when it has. */
  startProblem: string;
}

interface Serving {
  readonly loaded: LoadedConfig;
  readonly parts: Parts;
  /** Judges that have not been reached, in words. */
  readonly unreached: () => readonly string[];
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly closers: Closers;
}

/** Up before anything else, so that a monitor which cannot start says why. */
async function serveTelemetry({ loaded, parts, unreached, metrics, logger, closers }: Serving): Promise<void> {
  const telemetry = await startTelemetryServer({
    ...loaded.config.server,
    render: (accept) => metrics.render(accept),
    readiness: () => readinessOf(parts, unreached),
    stall: () => parts.score && stallReason(parts.score.pipeline.state(), loaded.config.cascade.deadlineMs),
    logger,
  });
  closers.add(() => telemetry.close());
  logger.info({ telemetry: telemetry.port }, 'serving');
}

/** Console and API, up at once too; without a store only the status. */
async function serveApi(
  { loaded, parts, unreached, metrics, logger, closers }: Serving,
  store: EvidenceStore | null,
): Promise<void> {
  const snapshot = (): FoldSnapshot | null => parts.watch?.snapshot() ?? parts.follow?.() ?? null;
  const append = async (records: readonly KeyedRecord[]): Promise<void> => {
    if (parts.ledger === null) throw new MonitorError('KAFKA_UNREACHABLE', 'the ledger cannot be written yet');
    await parts.ledger.append(records);
  };
  const erase: Erase = (kind, id, by) => {
    if (parts.erase === null) throw new MonitorError('KAFKA_UNREACHABLE', 'the topics cannot be written yet');
    return parts.erase(kind, id, by);
  };
  const api = await startConsole({
    loaded,
    parts: store && { store, snapshot, append, erase },
    onReviews: (waiting) => metrics.setReviewQueue(waiting),
    logger,
    status: () =>
      statusOf({
        instance: loaded.config.instance.name,
        configHash: loaded.hash,
        seconds: (systemClock.monotonicMs() - parts.startedAt) / 1000,
        readiness: readinessOf(parts, unreached),
        lag: parts.lag,
        snapshot: snapshot(),
        totals: metrics.totals(),
      }),
  });
  closers.add(() => api.close());
  logger.info({ api: api.port }, 'serving');
}

function readinessOf(parts: Parts, unreached: () => readonly string[]): Readiness {
  const reasons = [...unreached()];
  if (parts.startProblem !== '') reasons.unshift(parts.startProblem);
  else if (parts.score !== null)
    reasons.unshift(...waitReasons(parts.score.source.state(), parts.score.pipeline.state()));
  return { ready: reasons.length === 0, reasons };
}

interface ScoreSetup {
  readonly loaded: LoadedConfig;
  readonly env: Environment;
  readonly access: KafkaAccess;
  readonly metrics: Metrics;
  readonly tracing: Telemetry;
  /** Null where another process folds. */
  readonly watch: Watch | null;
  readonly desk: PolicyDesk;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly closers: Closers;
}

async function startScore({
  loaded,
  access,
  metrics,
  tracing,
  watch,
  desk,
  failpoint,
  logger,
  closers,
}: ScoreSetup): Promise<Score> {
  const { config } = loaded;
  const topic = (name: string): string => `${config.instance.topicPrefix}.${name}`;
  const ledger = await createKafkaLedgerWriter({ ...access, topic: topic('ledger'), codec: ledgerMessages });
  closers.add(() => ledger.close());
  const verdicts = await createKafkaVerdictSink({ ...access, topic: topic('verdicts'), encoder: verdictMessages });
  closers.add(() => verdicts.close());
  const deadLetters = await createKafkaDeadLetterSink({
    ...access,
    topic: topic('dead-letters'),
    encoder: deadLetterMessages,
  });
  closers.add(() => deadLetters.close());
  const { interactions, behaviour } = config.source.topics;
  const source = createKafkaSource({
    ...access,
    topics: behaviour === null ? [interactions] : [interactions, behaviour],
    groupId: `${config.instance.groupPrefix}-score`,
    window: config.source.window,
    clock: systemClock,
    onOffsetGap: config.source.onOffsetGap,
  });
  const decoder = createKafkaDecoder(loaded, closers);
  const noteVersion = (judge: string, version: string): void => {
    const known = versionsIn((watch?.snapshot().annotations ?? []).map(({ value }) => value));
    if (known.get(judge) === version) return;
    const now = systemClock.now();
    ledger.append([annotationRecord(versionNote(judge, version, now), now)]).catch((error: unknown) => {
      logger.warn({ err: error, judge, version }, 'the version of a judge was not noted');
    });
  };
  const scoring = createScoring(
    { ...loaded, config: { ...config, judges: trafficShare(config) } },
    {
      source: armSource(source, failpoint),
      decoder: armDecoder(decoder, failpoint),
      verdicts,
      deadLetters,
      ledger: armLedger(ledger, failpoint),
      metrics,
      tracing: armJudges(tracing, failpoint),
      ...(watch === null ? {} : { written: writtenAccordingTo(watch, access, topic('ledger')) }),
      onJudgeVersion: noteVersion,
      desk,
      policy: armPolicy(() => desk.policy(), failpoint),
      logger,
    },
  );
  closers.add(() => scoring.close());
  closers.add(() => scoring.pipeline.stop());
  await scoring.pipeline.start();
  return { pipeline: scoring.pipeline, source, reconfigure: (next) => scoring.reconfigure(next) };
}

/** Lag is asked of the broker, so at its own pace and never twice at once. */
function watchLag(parts: Parts, metrics: Metrics, logger: Logger, closers: Closers): void {
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || parts.score === null) return;
    asking = true;
    try {
      parts.lag = await parts.score.source.lag();
      metrics.setLag(parts.lag);
    } catch (error) {
      logger.debug({ err: error }, 'lag could not be asked for');
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void ask(), LAG_MS);
  closers.add(() => clearInterval(timer));
}

async function untilStopped({ score, watch, golden }: Parts, signal: AbortSignal, logger: Logger): Promise<number> {
  const asked = new Promise<'asked'>((resolve) => {
    if (signal.aborted) resolve('asked');
    signal.addEventListener('abort', () => resolve('asked'), { once: true });
  });
  const ended = [score?.pipeline.finished, watch?.done, golden?.done].filter((one) => one !== undefined);
  const why = await Promise.race([asked, ...ended.map((one) => one.then(() => 'ended' as const))]);
  if (why === 'ended') throw new MonitorError('INTERNAL', 'a role ended without being asked to');
  if (score === null) return EXIT_OK;
  const { completed, abandoned } = await score.pipeline.drain(DRAIN_MS);
  logger.info({ completed, abandoned }, 'drained');
  return abandoned === 0 ? EXIT_OK : EXIT_ABANDONED;
}
