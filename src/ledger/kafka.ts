import { randomBytes } from 'node:crypto';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { MonitorError } from '../domain/error';
import { createDeferred } from '../platform/deferred';
import type { KafkaAccess } from '../source/kafka-client';
import { countPartitions, withAdmin } from '../source/kafka-client-admin';
import { createKafkaMember } from '../source/kafka-client-member';
import { openTopicProducer } from '../source/kafka-client-producer';
import type { LedgerMessageCodec } from './codec';
import type { LedgerEntry, LedgerReader, LedgerReading, LedgerReadOptions, LedgerWriter } from './port';

export interface KafkaLedgerOptions extends KafkaAccess {
  readonly topic: string;
  readonly codec: LedgerMessageCodec;
}

const PARTITION = 0;

/**
 * Appends with acknowledgement from all in-sync replicas. Rejects with TOPIC_MISSING, TOPIC_UNSUITABLE (not exactly one
 * partition), KAFKA_UNREACHABLE or KAFKA_DENIED. An append that failed may have happened; the first record for an offset
 * wins, so appending again is right.
 */
export async function createKafkaLedgerWriter({ topic, codec, ...access }: KafkaLedgerOptions): Promise<LedgerWriter> {
  const producer = await openTopicProducer(access, topic);
  try {
    assertOnePartition(topic, producer.partitions);
  } catch (failure) {
    await producer.close();
    throw failure;
  }
  return {
    async append(records) {
      await producer.send(records.map((record) => ({ partition: PARTITION, key: null, ...codec.encode(record) })));
    },
    close: () => producer.close(),
  };
}

export interface KafkaLedgerReaderOptions extends KafkaLedgerOptions {
  /** Prefix of the throwaway groups, for the ACLs of the cluster; e.g. `plumbline-ledger-reader`. */
  readonly groupPrefix: string;
}

/** What one fetch of the ledger brings, and how many entries are handed over at once, at most. */
const MAX_FETCH_BYTES = 2 * 1024 * 1024;
const MAX_ENTRIES = 1_000;

/**
 * Reads from any position. kafkajs consumes in groups only, so each reading has a group of its own with one member: it
 * is set to its position at every join and commits nothing, and the broker forgets the group when it ends.
 *
 * `done` rejects with TOPIC_MISSING, TOPIC_UNSUITABLE, KAFKA_UNREACHABLE, KAFKA_DENIED, with OFFSET_GAP when the position
 * is no longer there (position 0 means the oldest entry, whatever its number) and with what `onEntries` threw.
 * `stop` waits for `onEntries`, so waiting for it in there never ends.
 */
export function createKafkaLedgerReader(options: KafkaLedgerReaderOptions): LedgerReader {
  return { read: (reading) => startReading(options, reading) };
}

function startReading(
  { topic, codec, groupPrefix, ...access }: KafkaLedgerReaderOptions,
  { from, follow, onEntries }: LedgerReadOptions,
): LedgerReading {
  let next = from;
  /** Where to stop without `follow`. */
  let end: bigint | null = null;
  const { promise: finished, resolve: finish, reject: fail } = createDeferred();
  let isOver = false;
  finished.then(
    () => (isOver = true),
    () => (isOver = true),
  );

  const member = createKafkaMember({
    ...access,
    topics: [topic],
    groupId: `${groupPrefix}-${randomBytes(8).toString('hex')}`,
    maxFetchBytes: MAX_FETCH_BYTES,
    events: {
      onJoin: () => member.seek({ topic, partition: PARTITION }, next),
      onBatch: (payload) => takeBatch(payload),
      onEmptyBatch: () => {},
      onHeartbeat: () => {},
      onRebalance: () => {},
      onDown: () => {},
      onGone: fail,
    },
  });

  /** A failure ends the reading; but what `heartbeat` throws is kafkajs' own business and makes it join again. */
  const takeBatch = async (payload: EachBatchPayload): Promise<void> => {
    // The broker sends whole batches, which may begin below the position.
    const messages = payload.batch.messages.filter(({ offset }) => BigInt(offset) >= next);
    for (let at = 0; at < messages.length && !isOver; at += MAX_ENTRIES) {
      try {
        await hand(messages.slice(at, at + MAX_ENTRIES));
      } catch (failure) {
        return fail(failure);
      }
      payload.resolveOffset(String(next - 1n));
      if (end !== null && next >= end) return finish();
      await payload.heartbeat();
    }
  };

  const hand = async (messages: readonly KafkaMessage[]): Promise<void> => {
    const entries = messages.map((message) => toEntry(message, topic, codec));
    for (const { position } of entries) {
      // Without compaction and transactions positions have no holes; kafkajs leaves one when it resets a lost offset.
      if (position !== next) throw gap(topic, next, position);
      next += 1n;
    }
    await onEntries(entries);
  };

  const open = async (): Promise<void> => {
    assertOnePartition(topic, await countPartitions(access, topic));
    const { low, high } = await ledgerBounds(access, topic);
    if (next === 0n) next = low;
    if (next < low || next > high) throw gap(topic, next, low);
    if (!follow) end = high;
    if (end !== null && next >= end) return finish();
    if (!isOver) await member.start();
  };

  const opened = open().catch(fail);
  const done = finished.finally(() => member.stop());
  return {
    done,
    async stop() {
      finish();
      await opened;
      await done.catch(() => {});
    },
  };
}

/** The position that the next entry will get. Rejects with KAFKA_UNREACHABLE or KAFKA_DENIED. */
export async function ledgerEnd(access: KafkaAccess, topic: string): Promise<bigint> {
  return (await ledgerBounds(access, topic)).high;
}

async function ledgerBounds(
  access: KafkaAccess,
  topic: string,
): Promise<{ readonly low: bigint; readonly high: bigint }> {
  return withAdmin(access, `look up the ends of ${topic}`, async (admin) => {
    const [ends] = await admin.fetchTopicOffsets(topic);
    return { low: BigInt(ends?.low ?? 0), high: BigInt(ends?.high ?? 0) };
  });
}

function toEntry({ offset, value, headers = {} }: KafkaMessage, topic: string, codec: LedgerMessageCodec): LedgerEntry {
  const texts = Object.entries(headers).map(([name, text]) => [name, String(Array.isArray(text) ? text.at(-1) : text)]);
  try {
    if (value === null) throw new Error('it has no value');
    return {
      position: BigInt(offset),
      record: codec.decode(value, Object.fromEntries(texts) as Record<string, string>),
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MonitorError('INTERNAL', `entry ${offset} of ${topic} is not a ledger record: ${why}`, { cause });
  }
}

function assertOnePartition(topic: string, partitions: number): void {
  if (partitions === 1) return;
  const wanted = 'the ledger needs exactly 1, which is its total order';
  throw new MonitorError('TOPIC_UNSUITABLE', `topic ${topic} has ${partitions} partitions; ${wanted}`);
}

function gap(topic: string, wanted: bigint, oldest: bigint): MonitorError {
  const found = `the next one there is ${oldest}`;
  return new MonitorError('OFFSET_GAP', `${topic} was to be read from position ${wanted}, but ${found}`);
}
