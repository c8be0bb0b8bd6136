import type { LoadedConfig } from '../config/load';
import { MonitorError } from '../domain/error';
import type { KeyedRecord } from '../domain/ledger-record';
import type { LedgerWriter } from '../ledger/port';
import type { Metrics } from '../outputs/prometheus';
import { type Readiness, startTelemetryServer } from '../outputs/telemetry-server';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { PartitionLag } from '../source/port';
import type { EvidenceStore } from '../store/port';
import type { FoldSnapshot } from '../watch/fold';
import type { Closers } from './closers';
import { startConsole } from './console';
import type { Erase } from './evidence/erasure';
import type { GoldenRole } from './golden/role';
import { stallReason, waitReasons } from './readiness';
import { statusOf } from './on-call/status';
import type { Watching } from './watching';
import type { Score } from './score-role';

/** What of a monitor is up so far: null until it is, and where the role is not played. */
export interface MonitorParts {
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
  readonly parts: MonitorParts;
  /** Judges that have not been reached, in words. */
  readonly unreached: () => readonly string[];
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly closers: Closers;
}

/** Up before anything else, so that a monitor which cannot start says why. */
export async function serveTelemetry({ loaded, parts, unreached, metrics, logger, closers }: Serving): Promise<void> {
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
export async function serveApi(
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

function readinessOf(parts: MonitorParts, unreached: () => readonly string[]): Readiness {
  const reasons = [...unreached()];
  if (parts.startProblem !== '') reasons.unshift(parts.startProblem);
  else if (parts.score !== null)
    reasons.unshift(...waitReasons(parts.score.source.state(), parts.score.pipeline.state()));
  return { ready: reasons.length === 0, reasons };
}
