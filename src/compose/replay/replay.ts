import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import { PAIR_RESULTS } from '../../judge/pairwise';
import type { LedgerReader } from '../../ledger/port';
import type { Metrics } from '../../outputs/prometheus';
import { systemClock } from '../../platform/clock';
import { openLineFile } from '../../platform/line-file';
import { type BudgetOptions, budgetOptions } from '../../policy/options';
import type { FoldRuntime } from '../../watch/fold';
import { closingAfter } from '../closers';
import { alertLine, sessionLine } from '../codecs';
import { EVIDENCE_FILE, STATE_FOLDER } from '../data-directory';
import { readLabelAgreement } from '../labels/rows';
import { readSessions } from '../ledger/fold';
import type { Progress } from '../progress';
import { programVersion } from '../version';
import { startFileRun } from './file-run';
import { openReplayInputs, type ReplayInputs } from './inputs';
import { comparePairs, type PairwiseReport } from './pairwise';
import { buildReport, type RunReport } from './run-report';

export interface ReplayRequest {
  readonly loaded: LoadedConfig;
  readonly inputs: ReplayInputs;
  readonly outDir: string;
  /** The directory of an earlier replay: where its answers to the same inputs differ, pairs of them are judged. */
  readonly compareWith?: string | null;
  /** What judging this run may cost, USD; null = no bound. The monthly budget is live traffic's. */
  readonly budgetUsd?: number | null;
  readonly onProgress: (progress: Progress) => void;
  /** Ends the run early: what is in flight is finished, the report covers what was read. */
  readonly signal: AbortSignal;
}

const PROGRESS_MS = 500;
const DRAIN_MS = 25_000;
const SESSIONS_PER_WRITE = 1000;
const OUTPUTS = [
  'alerts.jsonl',
  'sessions.jsonl',
  'verdicts.jsonl',
  'dead-letters.jsonl',
  'ledger.jsonl',
  'metrics.prom',
  'report.json',
  ...['', '-wal', '-shm'].map((end) => `${EVIDENCE_FILE}${end}`),
];

/**
 * Runs the pipeline over recorded files, or over a stretch of a topic beside the live traffic, and writes verdicts,
 * sessions, alerts, dead letters, the ledger, metrics and the report to `outDir`, replacing those of an earlier run. The
 * live ledger is not touched. Rejects with FILE_UNREADABLE for an input that cannot be read, and with Kafka's errors.
 */
export async function runReplay(request: ReplayRequest): Promise<RunReport> {
  const { loaded, outDir, inputs } = request;
  if (inputs.kind === 'files') await Promise.all(inputs.paths.map(assertReadable));
  await Promise.all([...OUTPUTS, STATE_FOLDER].map((name) => rm(join(outDir, name), { recursive: true, force: true })));
  return closingAfter(async (closers) => {
    const startedAt = systemClock.monotonicMs();
    const seconds = (): number => (systemClock.monotonicMs() - startedAt) / 1000;
    const { source, decoder, partitions, total } = await openReplayInputs(inputs, loaded, closers);
    // Files are read one after the other, and partitions each at its own pace: event time waits for all of them.
    const runtime = { awaitedPartitions: partitions };
    const run = await startFileRun(
      { loaded, source, decoder, directory: outDir, runtime, budget: budgetOf(request) },
      closers,
    );
    const ticking = setInterval(() => {
      request.onProgress({ done: run.pipeline.state().recordsDone, total, seconds: seconds() });
    }, PROGRESS_MS);
    closers.add(() => clearInterval(ticking));
    request.signal.addEventListener('abort', () => void run.pipeline.drain(DRAIN_MS).catch(() => {}));

    const snapshot = await run.finish();
    const labelled = inputs.kind === 'files' ? inputs.paths : [];
    const agreement = await readLabelAgreement(loaded.config.replay.labels, labelled, run.data.verdictsPath);
    const pairs = await judgePairs(request, run.metrics);
    const report = buildReport({
      ...snapshot,
      version: programVersion(),
      configHash: loaded.hash,
      seconds: seconds(),
      totals: run.metrics.totals(),
      agreement,
      pairs,
    });
    await writeFile(join(outDir, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeSessions(join(outDir, 'sessions.jsonl'), run.data.reader, loaded, runtime);
    await writeFile(join(outDir, 'alerts.jsonl'), snapshot.alerts.map((alert) => `${alertLine(alert)}\n`).join(''));
    await writeFile(join(outDir, 'metrics.prom'), (await run.metrics.render('text/plain')).body);
    return report;
  });
}

/** Paid from what the run has left of its budget; null where there is nothing to compare with. */
async function judgePairs(request: ReplayRequest, metrics: Metrics): Promise<PairwiseReport | null> {
  const { loaded, outDir, compareWith = null, budgetUsd = null, signal } = request;
  if (compareWith === null || loaded.config.replay.pairs === 0) return null;
  const pairs = await comparePairs({
    loaded,
    first: { directory: outDir, arm: [] },
    second: { directory: compareWith, arm: [] },
    budgetUsd: budgetUsd === null ? null : budgetUsd - metrics.totals().judgeCostUsd,
    onCall: metrics.onJudgeCall,
    signal,
  });
  for (const { criterion, ...counts } of pairs.criteria) {
    for (const result of PAIR_RESULTS) metrics.onPairs('criterion', criterion, result, counts[result]);
  }
  for (const { judge, ...counts } of pairs.judges) {
    for (const result of PAIR_RESULTS) metrics.onPairs('judge', judge, result, counts[result]);
  }
  return pairs;
}

/** One purse for the whole run, most of it to be had at once. */
function budgetOf({ budgetUsd = null }: ReplayRequest): BudgetOptions {
  if (budgetUsd === null) return budgetOptions.parse({});
  return budgetOptions.parse({ monthlyUsd: budgetUsd, pacing: 'none', goldenShare: 0, leaseShare: 0.25 });
}

/** One line per closed session. Written at the end, from the ledger, so that a restart leaves no copies. */
async function writeSessions(
  path: string,
  reader: LedgerReader,
  loaded: LoadedConfig,
  runtime: FoldRuntime,
): Promise<void> {
  const file = await openLineFile({ path, isFlushed: false });
  const writes: Promise<void>[] = [];
  let lines: string[] = [];
  await readSessions(reader, loaded, runtime, ({ outcome }) => {
    lines.push(sessionLine(outcome));
    if (lines.length < SESSIONS_PER_WRITE) return;
    writes.push(file.append(lines));
    lines = [];
  });
  await Promise.all([...writes, file.append(lines)]);
  await file.close();
}

async function assertReadable(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${path}: give --input the path of an existing file`, {
      cause: error,
    });
  }
}
