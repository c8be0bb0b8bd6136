import type { LoadedConfig } from '../../config/load';
import type { Decoder } from '../../decode/port';
import { createLogger } from '../../outputs/log';
import { createMetrics, type Metrics } from '../../outputs/prometheus';
import type { Pipeline } from '../../pipeline/deps';
import { systemClock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { BudgetOptions } from '../../policy/options';
import type { Source } from '../../source/port';
import type { FoldRuntime, FoldSnapshot } from '../../watch/fold';
import { createSegmenter } from '../../watch/segments';
import { createWatch } from '../../watch/watch';
import type { Closers } from '../closers';
import { type DataDirectory, openDataDirectory } from '../data-directory';
import { fileCheckpointer, foldDirectory, foldOf, foldOptionsOf, objectivesOf } from '../ledger/fold';
import { claimLedger, configRecordOf } from '../ledger/stamp';
import { createPolicyDesk, policyFigures } from '../policy-desk';
import { createScoring } from '../scoring';
import { startTelemetry } from '../telemetry';
import { programVersion } from '../version';

export interface FileRunOptions {
  readonly loaded: LoadedConfig;
  readonly source: Source;
  readonly decoder: Decoder;
  readonly directory: string;
  /** Default: that of the configuration. */
  readonly budget?: BudgetOptions;
  /** How event time moves in what is read; default as for traffic that comes from all partitions at once. */
  readonly runtime?: FoldRuntime;
}

/** SCORE and WATCH over a source, with files in the place of topics. */
export interface FileRun {
  readonly pipeline: Pipeline;
  readonly metrics: Metrics;
  readonly data: DataDirectory;
  readonly logger: Logger;
  /** What the fold knows now. */
  snapshot(): FoldSnapshot;
  /**
   * Resolves with the fold of everything written once the pipeline has finished or drained; rejects when the pipeline or
   * the fold cannot go on.
   */
  finish(): Promise<FoldSnapshot>;
}

/** Starts the run; `closers` ends it. */
export async function startFileRun(options: FileRunOptions, closers: Closers): Promise<FileRun> {
  const { loaded } = options;
  const { config, hash } = loaded;
  const version = programVersion();
  const logger = createLogger({ level: config.telemetry.logLevel, secretValues: loaded.secrets.values() });
  const tracing = await startTelemetry(loaded, logger, closers);
  const metrics = createMetrics({
    version,
    configHash: hash,
    objectives: objectivesOf(config),
    clock: systemClock,
    maxSegments: config.metrics.maxSegments,
    segmentsOf: createSegmenter(config.segments),
  });
  const data = await openDataDirectory(options.directory);
  closers.add(() => data.close());
  const { verdicts, deadLetters, ledger, reader } = data;
  const { source, decoder, budget = config.budget } = options;
  const desk = createPolicyDesk({ budget, itemDeadlineMs: config.cascade.deadlineMs, behaviourTopic: null });
  const scoring = createScoring(
    { ...loaded, config: { ...config, budget } },
    { source, decoder, verdicts, deadLetters, ledger, metrics, tracing, logger, desk },
  );
  closers.add(() => scoring.close());
  const checkpoints = fileCheckpointer(data.checkpoints, loaded);
  const restored = await checkpoints.restore(foldOptionsOf(config));
  if (restored === null) await claimLedger(reader, ledger, configRecordOf(loaded, systemClock.now()));
  const watch = createWatch({
    reader,
    fold: foldOf(config, options.runtime),
    follow: true,
    instance: config.instance.name,
    checkpoints,
    onProgress: () => {
      const snapshot = watch.snapshot();
      desk.keep(snapshot);
      metrics.publishWatch({ ...snapshot, policy: policyFigures(desk) });
    },
    ...(restored === null ? {} : { restored: restored.state }),
  });
  await scoring.pipeline.start();
  closers.add(() => scoring.pipeline.stop());
  watch.start();
  closers.add(() => watch.stop());
  return {
    pipeline: scoring.pipeline,
    metrics,
    data,
    logger,
    snapshot: () => watch.snapshot(),
    finish: async () => {
      // A fold that fails must end the run; one that follows the ledger ends by itself only when stopped.
      await Promise.race([scoring.pipeline.finished, watch.done]);
      await watch.stop();
      const snapshot = await foldDirectory(data, loaded, options.runtime);
      metrics.publishWatch(snapshot);
      return snapshot;
    },
  };
}
