import type { LoadedConfig } from '../../config/load';
import type { Decoder } from '../../decode/port';
import { MonitorError } from '../../domain/error';
import type { EpochMs } from '../../domain/time';
import { createLogger } from '../../outputs/log';
import { systemClock } from '../../platform/clock';
import { createKafkaRangeSource, rangesByTime } from '../../source/kafka-range';
import type { Source } from '../../source/port';
import type { Closers } from '../closers';
import { createFileDecoder, createKafkaDecoder, createReplaySource } from '../inputs';
import { accessOf } from '../topics';

/** What topics hold of a stretch of time, by the timestamps of their records. */
export interface TopicInputs {
  /** Empty = those that are configured. One that is not configured carries interactions. */
  readonly topics: readonly string[];
  /** Null = from the oldest record on, and to the latest. */
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  /** At most, so that neither the brokers nor the judges' limits are taken from the live traffic; null = no bound. */
  readonly recordsPerSecond: number | null;
  /** Where the passwords of the brokers are. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ReplayInputs =
  | {
      readonly kind: 'files';
      readonly paths: readonly string[];
      /** `max`, or how many times faster than event time. */
      readonly speed: 'max' | number;
    }
  | ({ readonly kind: 'topics' } & TopicInputs);

export interface OpenInputs {
  readonly source: Source;
  readonly decoder: Decoder;
  readonly partitions: number;
  /** Records to come; null where that is not known. */
  readonly total: number | null;
}

/** Rejects with the errors of Kafka. */
export async function openReplayInputs(
  inputs: ReplayInputs,
  loaded: LoadedConfig,
  closers: Closers,
): Promise<OpenInputs> {
  if (inputs.kind === 'topics') return openTopics(inputs, loaded, closers);
  return {
    source: createReplaySource(inputs.paths, inputs.speed, loaded.config),
    decoder: createFileDecoder(loaded.config),
    partitions: inputs.paths.length,
    total: null,
  };
}

async function openTopics(
  { topics, from, to, recordsPerSecond, env }: TopicInputs,
  loaded: LoadedConfig,
  closers: Closers,
): Promise<OpenInputs> {
  const { config } = loaded;
  const { interactions, behaviour } = config.source.topics;
  const configured = behaviour === null ? [interactions] : [interactions, behaviour];
  const wanted = topics.length === 0 ? configured : topics;
  const [other, ...more] = wanted.filter((topic) => !configured.includes(topic));
  if (more.length > 0)
    throw new MonitorError('USAGE', `of ${other} and ${more.join(', ')} only one can carry interactions`);
  const logger = createLogger({ level: config.telemetry.logLevel, secretValues: loaded.secrets.values() });
  const access = accessOf(config, env, logger);
  const ranges = await rangesByTime(access, wanted, from, to);
  const source = createKafkaRangeSource({
    ...access,
    ranges,
    groupPrefix: `${config.instance.groupPrefix}-backfill`,
    window: config.source.window,
    clock: systemClock,
    ...(recordsPerSecond === null ? {} : { recordsPerSecond }),
  });
  const decoder = createKafkaDecoder(other === undefined ? loaded : reading(loaded, other), closers);
  const total = ranges.reduce((sum, range) => sum + Number(range.to - range.from), 0);
  if (total === 0) {
    const iso = (at: EpochMs | null): string | null => (at === null ? null : new Date(at).toISOString());
    const message = 'the topics hold no records of that time: it may be older than they keep, or of another time zone';
    logger.warn({ topics: wanted, from: iso(from), to: iso(to) }, message);
  }
  return { source, decoder, partitions: ranges.length, total };
}

/** The same configuration with another topic of interactions: a copy, or one that was moved from another cluster. */
function reading(loaded: LoadedConfig, interactions: string): LoadedConfig {
  const { source } = loaded.config;
  const topics = { ...source.topics, interactions };
  return { ...loaded, config: { ...loaded.config, source: { ...source, topics } } };
}
