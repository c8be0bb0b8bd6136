import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import { MonitorError } from '../../domain/error';
import type { GoldenRunSummary, GoldenStanding } from '../../domain/golden-standing';
import { annotationRecord } from '../../domain/ledger-record';
import type { GoldenSet } from '../../golden/set';
import { createLogger } from '../../outputs/log';
import { systemClock } from '../../platform/clock';
import { closingAfter } from '../closers';
import { checkpointsOf, openDataDirectory, readLedgerOf } from '../data-directory';
import { appendToLedger } from '../ledger/append';
import { foldDirectory } from '../ledger/fold';
import { claimLedger, configRecordOf } from '../ledger/stamp';
import { openGoldenJudges } from './judges';
import { createGoldenKeeper, REQUEST_PREFIX } from './keeper';
import { readGoldenSet } from './set-file';

export interface GoldenRunRequest {
  readonly loaded: LoadedConfig;
  readonly directory: string;
  /** Name of the run: the same name goes on with a run that was cut short. */
  readonly id: string;
  readonly onPlan: (plan: { readonly runs: number; readonly calls: number; readonly leftUsd: number }) => void;
  readonly signal: AbortSignal;
}

export interface GoldenRunReport {
  readonly ended: 'complete' | 'over_budget' | 'lost' | 'stopped';
  readonly asked: number;
  readonly costUsd: number;
  /** Summaries of the runs that this call made or found complete under the name. */
  readonly runs: readonly GoldenRunSummary[];
}

/** The set that the configuration names. Rejects with USAGE where it names none. */
export async function configuredSet({ config }: LoadedConfig): Promise<GoldenSet> {
  if (config.golden.set === undefined) {
    throw new MonitorError('USAGE', 'no golden.set is configured: make one with golden freeze and name it there');
  }
  return readGoldenSet(config.golden.set);
}

/** Every judge over the whole set, into the ledger of a data directory. One process at a time. */
export async function runGoldenInDirectory(request: GoldenRunRequest): Promise<GoldenRunReport> {
  const { loaded, directory, signal, id } = request;
  const set = await configuredSet(loaded);
  return closingAfter(async (closers) => {
    const { config } = loaded;
    const release = await lock(directory);
    closers.add(release);
    const data = await openDataDirectory(directory);
    closers.add(() => data.close());
    const logger = createLogger({ level: config.telemetry.logLevel, secretValues: loaded.secrets.values() });
    await claimLedger(data.reader, data.ledger, configRecordOf(loaded, systemClock.now()));
    const view = await foldDirectory(data, loaded);
    const judges = await openGoldenJudges(loaded, closers);
    const annotations = [{ recordedAt: systemClock.now(), value: requestNote(id, systemClock.now()) }];
    const keeper = createGoldenKeeper({
      loaded,
      set,
      judges,
      view: () => ({ ...view, annotations, alerts: [], standings: [] }),
      append: (records) => data.ledger.append(records),
      isOwner: () => true,
      now: () => systemClock.now(),
      logger,
      signal,
    });
    const wanted = keeper.due().filter(({ trigger }) => trigger === 'manual');
    const calls = wanted.length * (set.items.length + config.golden.duplicates);
    request.onPlan({ runs: wanted.length, calls, leftUsd: keeper.leftUsd() });
    const results = await Promise.all(wanted.map((run) => keeper.make(run)));
    const { golden } = await foldDirectory(data, loaded);
    const last = Math.max(0, ...golden.runs.map(({ finishedAt }) => finishedAt));
    const ids = new Set(wanted.map(({ run }) => run));
    return {
      ended: results.find(({ ended }) => ended !== 'complete')?.ended ?? 'complete',
      asked: results.reduce((sum, { asked }) => sum + asked, 0),
      costUsd: results.reduce((sum, { costUsd }) => sum + costUsd, 0),
      runs: golden.runs.filter((one) => (ids.size > 0 ? ids.has(one.run) : one.finishedAt === last)),
    };
  });
}

/** Asks whoever owns the ledger for a run. */
export async function requestGoldenRun(loaded: LoadedConfig, env: Environment, id: string): Promise<void> {
  await configuredSet(loaded);
  const now = systemClock.now();
  await appendToLedger(loaded, env, [annotationRecord(requestNote(id, now), now)]);
}

/** What the ledger of a data directory knows of golden runs. */
export async function goldenStatusOf(directory: string, loaded: LoadedConfig): Promise<GoldenStanding> {
  const parts = { reader: readLedgerOf(directory), checkpoints: checkpointsOf(directory) };
  return (await foldDirectory(parts, loaded)).golden;
}

function requestNote(id: string, at: number): Parameters<typeof annotationRecord>[0] {
  return {
    id: `${REQUEST_PREFIX}${id}`,
    kind: 'note',
    at,
    until: null,
    text: `golden run ${id} asked for`,
    author: 'plumbline',
    segments: {},
    withdrawn: false,
  };
}

/** A file that only one process can make; one that was left by a process that is gone is taken over. */
async function lock(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'golden.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new MonitorError('FILE_UNREADABLE', `there is no directory ${directory}`, { cause });
      }
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (attempt > 0 || isAlive(holder)) {
        throw new MonitorError('USAGE', `process ${holder} makes a golden run in ${directory} already`, { cause });
      }
      await rm(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
