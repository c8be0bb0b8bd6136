import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import type { DeadLetterReason } from '../../domain/accounting';
import type { DeadLetter } from '../../domain/dead-letter';
import { MonitorError } from '../../domain/error';
import type { EpochMs } from '../../domain/time';
import { createKafkaDeadLetterSink, SETTLED_HEADER } from '../../outputs/kafka-sinks';
import { valueHash } from '../../pipeline/dead-letter';
import { systemClock } from '../../platform/clock';
import type { KafkaAccess } from '../../source/kafka-client';
import {
  clampRanges,
  type KafkaRangeOptions,
  type OffsetRange,
  rangesByTime,
  readRanges,
} from '../../source/kafka-range';
import { ONE_BATCH } from '../../source/kafka-unreadable';
import type { SourceRecord } from '../../source/port';
import { deadLetterMessages, readDeadLetter } from '../codecs';
import { accessOf } from '../topics';

/** A dead letter and what was done about it. */
export interface StoredLetter {
  /** `topic/partition/offset` of the source record. */
  readonly id: string;
  readonly letter: DeadLetter;
  /** Null while it needs attention. */
  readonly settled: string | null;
}

export interface LetterFilter {
  /** Absent = all. */
  readonly ids?: readonly string[];
  readonly reason?: DeadLetterReason;
  /** Recorded at or after. */
  readonly since?: EpochMs;
  /** Those that were replayed or skipped too. */
  readonly settledToo?: boolean;
}

/** The dead letters that the topic holds, oldest first, each once. Rejects with the errors of Kafka. */
export async function readDeadLetters(
  loaded: LoadedConfig,
  env: Environment,
  filter: LetterFilter = {},
): Promise<StoredLetter[]> {
  const access = accessOf(loaded.config, env);
  const topic = topicOf(loaded, 'dead-letters');
  const letters = new Map<string, { letter: DeadLetter | null; settled: string | null }>();
  await readRanges(rangeOptions(loaded, access, await rangesByTime(access, [topic], null, null)), (records) => {
    for (const { key, value, headers } of records) {
      const id = key?.toString('utf8') ?? '';
      const known = letters.get(id) ?? { letter: null, settled: null };
      if (value === null) known.settled = headers[SETTLED_HEADER] ?? 'skipped';
      else known.letter = readDeadLetter(value, headers);
      letters.set(id, known);
    }
  });
  const stored = [...letters].flatMap(([id, { letter, settled }]): StoredLetter[] =>
    letter === null ? [] : [{ id, letter, settled }],
  );
  return stored.filter((one) => matches(one, filter)).sort((a, b) => a.letter.recordedAt - b.letter.recordedAt);
}

function matches({ id, letter, settled }: StoredLetter, { ids, reason, since, settledToo }: LetterFilter): boolean {
  if (ids !== undefined && !ids.includes(id)) return false;
  if (reason !== undefined && letter.reason !== reason) return false;
  if (since !== undefined && letter.recordedAt < since) return false;
  return settledToo === true || settled === null;
}

/** The record that a letter is about, as the source still has it; null when it is gone or another lies there now. */
export async function readLetterRecord(
  loaded: LoadedConfig,
  env: Environment,
  { source, hash }: DeadLetter,
): Promise<SourceRecord | null> {
  const access = accessOf(loaded.config, env);
  const ranges = await clampRanges(access, [{ ...source, from: source.offset, to: source.offset + 1n }]);
  let found: SourceRecord | null = null;
  await readRanges(rangeOptions(loaded, access, ranges), ([record]) => (found = record ?? null));
  const record = found as SourceRecord | null;
  return record !== null && valueHash(record.value) === hash ? record : null;
}

/** Says of letters that nothing will be done about them. */
export async function settleDeadLetters(
  loaded: LoadedConfig,
  env: Environment,
  stored: readonly StoredLetter[],
  how: string,
): Promise<void> {
  if (stored.length === 0) return;
  const access = accessOf(loaded.config, env);
  const sink = await createKafkaDeadLetterSink({
    ...access,
    topic: topicOf(loaded, 'dead-letters'),
    encoder: deadLetterMessages,
  });
  try {
    await sink.settle(
      stored.map(({ letter }) => letter.source),
      how,
    );
  } finally {
    await sink.close();
  }
}

/** A reading of what is wanted here, batch by batch, in a throwaway group. */
export function rangeOptions(
  { config }: LoadedConfig,
  access: KafkaAccess,
  ranges: readonly OffsetRange[],
): KafkaRangeOptions {
  return {
    ...access,
    ranges,
    groupPrefix: `${config.instance.groupPrefix}-dlq`,
    // A batch that no client can read may lie beside what is wanted.
    window: ONE_BATCH,
    clock: systemClock,
  };
}

export function topicOf({ config }: LoadedConfig, name: string): string {
  return `${config.instance.topicPrefix}.${name}`;
}

/** Throws USAGE when there is no letter of some id. */
export function assertAllFound(ids: readonly string[], stored: readonly StoredLetter[]): void {
  const missing = ids.filter((id) => !stored.some((one) => one.id === id));
  if (missing.length === 0) return;
  throw new MonitorError(
    'USAGE',
    `no dead letter ${missing.join(', ')}: ids are topic/partition/offset, see \`dlq list\``,
  );
}
