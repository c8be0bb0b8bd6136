import type { ConfigFault } from '../config/fault';
import type { LoadedConfig } from '../config/load';
import type { Environment } from '../config/secrets';
import { MonitorError } from '../domain/error';
import type { Result } from '../domain/result';
import { createLogger } from '../outputs/log';
import { createMetrics, type Metrics } from '../outputs/prometheus';
import { systemClock } from '../platform/clock';
import type { Failpoint } from '../platform/failpoint';
import type { Logger } from '../platform/logger';
import { createSegmenter } from '../watch/segments';
import { type Closers, closingAfter } from './closers';
import { followLedger, openStore, startKafkaEvidence } from './evidence/evidence-kafka';
import { startGolden } from './golden/role';
import { watchJudges } from './judges/reachability';
import { objectivesOf } from './ledger/fold';
import { resetsUnder } from './ledger/stamp';
import { createPolicyDesk } from './policy-desk';
import { followPolicy } from './policy-topic';
import { createReload, watchFiles } from './reload';
import { startScore } from './score-role';
import { type MonitorParts, serveApi, serveTelemetry } from './serving';
import { accessOf, awaitMonitorTopics } from './topics';
import { exportMetrics, startTelemetry } from './telemetry';
import { programVersion } from './version';
import { claimLedgerOnKafka } from './ledger/on-kafka';
import { startWatching } from './watching';

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

    const parts: MonitorParts = {
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

/** Lag is asked of the broker, so at its own pace and never twice at once. */
function watchLag(parts: MonitorParts, metrics: Metrics, logger: Logger, closers: Closers): void {
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

async function untilStopped(
  { score, watch, golden }: MonitorParts,
  signal: AbortSignal,
  logger: Logger,
): Promise<number> {
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
