import { partitionKey, type TopicPartition } from '../domain/coordinates';
import { MonitorError } from '../domain/error';
import { within } from './kafka-client-delay';
import type { PartitionOffsets } from './kafka-offsets';
import type { HeldPartition } from './kafka-partitions';
import type { KafkaRangeOptions } from './kafka-range';
import { createKafkaRangeSource, readRanges } from './kafka-range';
import type { SourceRecord } from './port';

/** Access, throwaway group and clock of the readings made here. */
export type ProbeOptions = Omit<KafkaRangeOptions, 'ranges' | 'window' | 'recordsPerSecond'>;

/** Brokers answer with one whole batch where a fetch may bring less, so what cannot be read comes alone. */
export const ONE_BATCH = { maxBytes: 1, maxRecords: 1, resumeRatio: 0.5 };

export interface Unreadable {
  /** The first offset of what cannot be read. */
  readonly offset: bigint;
  /** What was read before it. */
  readonly before: readonly SourceRecord[];
}

/**
 * The first batch in [from, to) that no client can read; null when there is none within the next `limitBytes`. Reads batch
 * by batch, in a group of its own. Rejects with Kafka's errors.
 */
export async function findUnreadable(
  options: ProbeOptions,
  at: TopicPartition,
  { from, to, limitBytes }: { readonly from: bigint; readonly to: bigint; readonly limitBytes: number },
): Promise<Unreadable | null> {
  if (from >= to) return null;
  const source = createKafkaRangeSource({ ...options, ranges: [{ ...at, from, to }], window: ONE_BATCH });
  const before: SourceRecord[] = [];
  let bytes = 0;
  try {
    return await new Promise<Unreadable | null>((resolve, reject) => {
      source
        .start({
          onRecords(records) {
            before.push(...records);
            for (const { sizeBytes } of records) bytes += sizeBytes;
            if (bytes > limitBytes) resolve(null);
          },
          onAssigned: () => {},
          onEnd: () => resolve(null),
          onFatal(error) {
            if (!isPoisoned(error)) return reject(error);
            resolve({ offset: (before.at(-1)?.offset ?? from - 1n) + 1n, before });
          },
        })
        .catch(reject);
    });
  } finally {
    await source.stop();
  }
}

/** How long the place of what cannot be read is looked for, and how far behind the last record of each partition. */
const PATIENCE_MS = 60_000;
const LOOK_AHEAD_BYTES = 1024 * 1024;

/** `llm.interactions/0 at offset 17` of each partition that has something unreadable next; what is found in a minute. */
export async function placesOfUnreadable(
  options: ProbeOptions,
  partitions: Iterable<HeldPartition>,
  lookUp: () => Promise<ReadonlyMap<string, PartitionOffsets>>,
): Promise<readonly string[]> {
  const places: string[] = [];
  const look = async (): Promise<void> => {
    const offsets = await lookUp();
    for (const { at, next } of partitions) {
      const high = offsets.get(partitionKey(at))?.high;
      if (next === null || high === undefined) continue;
      const found = await findUnreadable(options, at, { from: next, to: high, limitBytes: LOOK_AHEAD_BYTES });
      if (found !== null) places.push(`${partitionKey(at)} at offset ${found.offset}`);
    }
  };
  await within(
    PATIENCE_MS,
    look().catch((error: unknown) => options.logger.warn({ error: String(error) }, 'not found')),
  );
  return places;
}

/**
 * The first offset behind an unreadable batch, up to `high`, found by trying: a fetch at any offset inside of a batch
 * brings the whole of it. Some 2 log2(records) readings. Several such batches in a row may take what lies between them along.
 */
export async function endOfUnreadable(
  options: ProbeOptions,
  at: TopicPartition,
  offset: bigint,
  high: bigint,
): Promise<bigint> {
  const isReadable = async (probe: bigint): Promise<boolean> => {
    if (probe >= high) return true;
    try {
      await readRanges({ ...options, ranges: [{ ...at, from: probe, to: probe + 1n }], window: ONE_BATCH }, () => {});
      return true;
    } catch (error) {
      if (isPoisoned(error)) return false;
      throw error;
    }
  };
  let unreadable = offset;
  let readable = offset + 1n;
  for (let step = 1n; !(await isReadable(readable)); step *= 2n) {
    unreadable = readable;
    readable = unreadable + step < high ? unreadable + step : high;
  }
  while (readable - unreadable > 1n) {
    const middle = (readable + unreadable) / 2n;
    if (await isReadable(middle)) readable = middle;
    else unreadable = middle;
  }
  return readable;
}

function isPoisoned(error: unknown): boolean {
  return error instanceof MonitorError && error.code === 'POISONED_INPUT';
}
