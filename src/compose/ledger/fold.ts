import { randomUUID } from 'node:crypto';
import type { MonitorConfig } from '../../config/config';
import type { LoadedConfig } from '../../config/load';
import type { CheckpointStore } from '../../ledger/checkpoint-port';
import { rubricsHash } from '../../judge/prompt';
import type { LedgerReader } from '../../ledger/port';
import { systemClock } from '../../platform/clock';
import type { ClosedSession } from '../../sessions/fold';
import { type Checkpointer, createCheckpointer } from '../../watch/checkpointer';
import { createFold, type Fold, type FoldRuntime, type FoldSnapshot } from '../../watch/fold';
import type { FoldOptions } from '../../watch/options';
import type { KeptPoint } from '../../watch/options-alerts';
import { createWatch } from '../../watch/watch';
import type { DataDirectory } from '../data-directory';

/** What of this configuration WATCH folds under. */
export function foldOptionsOf(config: MonitorConfig): FoldOptions {
  const { segments, watch, sessions, detectors, budget } = config;
  const { maxResets: _, ...alerts } = config.alerts;
  const scores = { floor: config.cascade.auditProbability, largest: largestValue(config) };
  return {
    segments,
    watch,
    sessions,
    criteria: config.criteria.map(({ name }) => name),
    ceilings: budget.ceilings,
    meanings: Object.fromEntries(config.criteria.map((criterion) => [criterion.name, rubricsHash([criterion])])),
    alerting: { detectors, alerts, scores, objectives: objectivesOf(config), kept: keptPointOf(config) },
  };
}

/** Objective by criterion, of those that have one. */
export function objectivesOf({ criteria }: MonitorConfig): Record<string, number> {
  return Object.fromEntries(
    criteria.flatMap(({ name, objective }) => (objective === undefined ? [] : [[name, objective]])),
  );
}

/** What `tune` found; a learned rule of asking has no band to be held to. */
function keptPointOf({ cascade: { tuned, band, asking } }: MonitorConfig): KeptPoint | undefined {
  if (tuned === undefined || asking === 'learned') return undefined;
  return { ...band, tolerance: tuned.tolerance, shares: tuned.kept };
}

/** The most that a pseudo-outcome can be: 1 over the least probability of escalation, or the bound that routing keeps. */
export function largestValue({ cascade }: MonitorConfig): number {
  return Math.min(1 / cascade.auditProbability, cascade.valueBound ?? Infinity);
}

/** The most that two of them can differ: a pseudo-outcome lies in [1 - 1/pi, 1/pi] of the smallest pi. */
export function widestScoreOf(config: MonitorConfig): number {
  return 2 * largestValue(config) - 1;
}

/** WATCH's fold under this configuration. */
export function foldOf(config: MonitorConfig, runtime: FoldRuntime = {}): Fold {
  return createFold(foldOptionsOf(config), runtime);
}

/** A checkpointer over the cache of a data directory. */
export function fileCheckpointer(store: CheckpointStore, { config }: LoadedConfig): Checkpointer {
  return createCheckpointer({
    store,
    instance: config.instance.name,
    writer: randomUUID(),
    monotonicMs: () => systemClock.monotonicMs(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  });
}

/** Folds the ledger of a data directory to its present end, from its last checkpoint on where there is one. */
export async function foldDirectory(
  { reader, checkpoints }: Pick<DataDirectory, 'reader' | 'checkpoints'>,
  loaded: LoadedConfig,
  runtime: FoldRuntime = {},
): Promise<FoldSnapshot> {
  const { config } = loaded;
  const restored = await fileCheckpointer(checkpoints, loaded).restore(foldOptionsOf(config));
  const watch = createWatch({
    reader,
    fold: foldOf(config, runtime),
    follow: false,
    instance: config.instance.name,
    ...(restored === null ? {} : { restored: restored.state }),
  });
  watch.start();
  await watch.done;
  return watch.snapshot();
}

/** All sessions of a ledger that has ended, in the order in which they closed: folded from its start. */
export async function readSessions(
  reader: LedgerReader,
  { config }: LoadedConfig,
  runtime: FoldRuntime,
  onSession: (session: ClosedSession) => void,
): Promise<void> {
  const watch = createWatch({ reader, fold: foldOf(config, { ...runtime, onSession }), follow: false });
  watch.start();
  await watch.done;
}
