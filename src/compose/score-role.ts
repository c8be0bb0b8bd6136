import type { LoadedConfig } from '../config/load';
import { annotationRecord } from '../domain/ledger-record';
import { createKafkaLedgerWriter } from '../ledger/kafka';
import { createKafkaDeadLetterSink, createKafkaVerdictSink } from '../outputs/kafka-sinks';
import type { Metrics } from '../outputs/prometheus';
import type { Pipeline } from '../pipeline/deps';
import { systemClock } from '../platform/clock';
import type { Failpoint } from '../platform/failpoint';
import type { Logger } from '../platform/logger';
import { createKafkaSource } from '../source/kafka';
import type { KafkaAccess } from '../source/kafka-client';
import type { Source } from '../source/port';
import type { Watch } from '../watch/watch';
import type { Closers } from './closers';
import { deadLetterMessages, verdictMessages } from './codecs';
import { trafficShare } from './golden/judges';
import { versionNote, versionsIn } from './golden/keeper';
import { armDecoder, armJudges, armLedger, armPolicy, armSource } from './failpoints';
import { createKafkaDecoder } from './inputs';
import type { PolicyDesk } from './policy-desk';
import { createScoring } from './scoring';
import type { Telemetry } from './telemetry';
import { ledgerOn, writtenAccordingTo } from './ledger/on-kafka';

/** The SCORE role of this process: its consumer, and the pipeline behind it. */
export interface Score {
  readonly pipeline: Pipeline;
  readonly source: Source;
  reconfigure(loaded: LoadedConfig): void;
}

interface ScoreSetup {
  readonly loaded: LoadedConfig;
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

/** Scoring on Kafka, joined and under way; rejects with what keeps it from that. */
export async function startScore({
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
  const ledger = await createKafkaLedgerWriter(ledgerOn(access, loaded));
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
      ...(watch === null ? {} : { written: writtenAccordingTo(watch, ledgerOn(access, loaded)) }),
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
