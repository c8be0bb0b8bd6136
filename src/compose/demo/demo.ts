import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { EpochMs } from '../../domain/time';
import { answerTelemetry, type Readiness } from '../../outputs/telemetry-server';
import { systemClock } from '../../platform/clock';
import { DEMO_JUDGES, demoConfig, JUDGES_IN_OUTAGE } from '../../simulate/demo-setup';
import { type JudgeEndpoint, startJudgeEndpoint } from '../../simulate/judge-endpoint';
import { type Scenario, type ScenarioName, SCENARIOS } from '../../simulate/scenario';
import { simulateTraffic } from '../../simulate/traffic';
import { createTrafficSource } from '../../simulate/traffic-source';
import type { PartitionLag, Source } from '../../source/port';
import { openSqliteStore } from '../../store/sqlite';
import type { FoldSnapshot } from '../../watch/fold';
import { closingAfter } from '../closers';
import { startConsole } from '../console';
import { EVIDENCE_FILE } from '../data-directory';
import { createFoldFeed, keepEvidence } from '../evidence/evidence';
import { createFileDecoder } from '../inputs';
import { loadMonitorConfig } from '../monitor-config';
import { statusOf } from '../on-call/status';
import { waitReasons } from '../readiness';
import { startFileRun } from '../replay/file-run';
import { buildReport, type RunReport } from '../replay/run-report';
import { programVersion } from '../version';
import { createDemoGolden } from './golden';
import { createDemoReviewers } from './reviewers';

export interface DemoRequest {
  readonly scenario: ScenarioName;
  readonly seed: number;
  /** Telemetry port on loopback; 0 takes a free one. */
  readonly port: number;
  readonly interactions: number;
  readonly recordsPerSecond: number;
  /** Whether the console stays open at the end of the story, until the signal comes. */
  readonly isKept: boolean;
  /** Ends the demo early; what is in flight is finished. */
  readonly signal: AbortSignal;
  /** Told once all has been read, while the console is still open. */
  readonly onFinished?: () => void;
  readonly onStarted: (demo: StartedDemo) => void;
  /** Called about once a second. */
  readonly onProgress: (snapshot: FoldSnapshot, seconds: number) => void;
}

export interface StartedDemo {
  readonly summary: string;
  readonly port: number;
  readonly directory: string;
}

const DRAIN_MS = 5_000;
const PROGRESS_MS = 1_000;
/** Between the starts of conversations, on average, in the time of the story. */
const GAP_MS = 20_000;
const HOUR_MS = 3_600_000;

/**
 * The pipeline over simulated traffic and simulated judges on loopback, with files in a temporary directory in the
 * place of Kafka; the directory is removed at the end. Rejects with PORT_IN_USE.
 */
export async function runDemo(request: DemoRequest): Promise<RunReport> {
  return closingAfter(async (closers) => {
    const startedAt = systemClock.monotonicMs();
    const seconds = (): number => (systemClock.monotonicMs() - startedAt) / 1000;
    const scenario = SCENARIOS[request.scenario];
    const judges = await startJudgeEndpoint(DEMO_JUDGES, request.seed);
    closers.add(() => judges.close());
    const directory = await mkdtemp(join(tmpdir(), 'plumbline-demo-'));
    closers.add(() => rm(directory, { recursive: true, force: true }));

    const loaded = loadDemoConfig(demoConfig(judges.baseUrl, request.port));
    let isChanged = false;
    // The story is of the hours up to now, so that what it tells and what is done about it have one time. A conversation
    // has more than one turn, so it ends a little before.
    const startAt = Math.floor((systemClock.now() - request.interactions * GAP_MS) / HOUR_MS) * HOUR_MS;
    let storyAt = startAt;
    const source = createDemoSource(request, { scenario, startAt }, loaded, (progress, at) => {
      storyAt = at;
      setOutage(judges, progress >= (scenario.outage?.from ?? Infinity) && progress < (scenario.outage?.to ?? 0));
      if (isChanged || progress < (scenario.judgeChangesAt ?? Infinity)) return;
      isChanged = true;
      golden.changeJudge().catch((error: unknown) => run.logger.warn({ err: error }, 'no golden run'));
    });
    const decoder = createFileDecoder(loaded.config);
    const store = openSqliteStore({ path: join(directory, EVIDENCE_FILE), searchText: true, key: null });
    closers.add(() => store.close());
    const told = createFoldFeed();
    const run = await startFileRun({ loaded, source, decoder, directory, runtime: told }, closers);
    const golden = createDemoGolden({
      endpoint: judges,
      append: (records) => run.data.ledger.append(records),
      snapshot: () => run.snapshot(),
      now: () => storyAt,
    });
    await golden.tick();
    const reviewers = createDemoReviewers({ store, append: (records) => run.data.ledger.append(records) });
    let lag: readonly PartitionLag[] = [];
    const incidents = (): FoldSnapshot['incidents'] => run.snapshot().incidents;
    const onStalled = (stalled: boolean): void => run.metrics.setStoreStalled(stalled);
    await keepEvidence(
      { store, directory, ledger: run.data.reader, told, incidents, onStalled, logger: run.logger },
      closers,
    );
    const readiness = (): Readiness => {
      const reasons = waitReasons(source.state(), run.pipeline.state());
      return { ready: reasons.length === 0, reasons };
    };
    const server = await startConsole({
      loaded,
      status: () =>
        statusOf({
          instance: loaded.config.instance.name,
          configHash: loaded.hash,
          seconds: seconds(),
          readiness: readiness(),
          lag,
          snapshot: run.snapshot(),
          totals: run.metrics.totals(),
        }),
      parts: {
        store,
        snapshot: () => run.snapshot(),
        append: (records) => run.data.ledger.append(records),
        erase: null,
      },
      onReviews: (waiting) => run.metrics.setReviewQueue(waiting),
      shared: {
        host: loaded.config.server.host,
        port: loaded.config.server.port,
        beside: (path, accept) =>
          answerTelemetry(
            { render: (wanted) => run.metrics.render(wanted), readiness, stall: () => null },
            path,
            accept,
          ),
      },
      logger: run.logger,
    });
    closers.add(() => server.close());
    request.onStarted({ summary: scenario.summary, port: server.port, directory });
    const tick = async (): Promise<void> => {
      lag = await source.lag();
      run.metrics.setLag(lag);
      await golden.tick();
      await reviewers.tick();
    };
    const ticking = setInterval(() => {
      request.onProgress(run.snapshot(), seconds());
      tick().catch((error: unknown) => run.logger.warn({ err: error }, 'no golden run, no reviews'));
    }, PROGRESS_MS);
    closers.add(() => clearInterval(ticking));
    request.signal.addEventListener('abort', () => void run.pipeline.drain(DRAIN_MS).catch(() => {}));

    const snapshot = await run.finish();
    request.onFinished?.();
    if (request.isKept) await aborted(request.signal);
    return buildReport({
      ...snapshot,
      version: programVersion(),
      configHash: loaded.hash,
      seconds: seconds(),
      totals: run.metrics.totals(),
      agreement: null,
      pairs: null,
    });
  });
}

function setOutage(endpoint: JudgeEndpoint, isOut: boolean): void {
  for (const broken of JUDGES_IN_OUTAGE) {
    const usual = DEMO_JUDGES.find(({ model }) => model === broken.model);
    endpoint.change(isOut || usual === undefined ? broken : usual);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function loadDemoConfig(text: string): LoadedConfig {
  const loaded = loadMonitorConfig({ text: { name: 'demo.yaml', text }, env: {} });
  if (!loaded.ok) throw new MonitorError('INTERNAL', `the demo's own configuration: ${JSON.stringify(loaded.error)}`);
  return loaded.value;
}

function createDemoSource(
  request: DemoRequest,
  { scenario, startAt }: { readonly scenario: Scenario; readonly startAt: EpochMs },
  { config }: LoadedConfig,
  onProgress: (progress: number, at: EpochMs) => void,
): Source {
  const { interactions, behaviour } = config.source.topics;
  return createTrafficSource({
    records: simulateTraffic({
      seed: request.seed,
      scenario,
      interactions: request.interactions,
      startAt,
      gapMs: GAP_MS,
      onProgress,
    }),
    topics: { interactions, behaviour: behaviour ?? 'llm.behaviour' },
    recordsPerSecond: request.recordsPerSecond,
    now: () => systemClock.now(),
  });
}
