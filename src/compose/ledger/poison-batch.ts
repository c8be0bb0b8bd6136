import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import {
  type PartitionPosition,
  partitionKey,
  type SourceCoordinates,
  type TopicPartition,
} from '../../domain/coordinates';
import { MonitorError } from '../../domain/error';
import { createKafkaDeadLetterSink } from '../../outputs/kafka-sinks';
import { toDeadLetter } from '../../pipeline/dead-letter';
import { toDeadLetterOutcome } from '../../pipeline/outcome';
import { systemClock } from '../../platform/clock';
import { withAdmin } from '../../source/kafka-client-admin';
import type { KafkaAccess } from '../../source/kafka-client';
import { lookUpOffsets, type PartitionOffsets } from '../../source/kafka-offsets';
import { endOfUnreadable, findUnreadable } from '../../source/kafka-unreadable';
import { deadLetterMessages } from '../codecs';
import { accessOf } from '../topics';
import { claimLedgerOnKafka, ledgerOn, withWriter } from './on-kafka';

/** What was passed over. */
export interface SkippedBatch extends TopicPartition {
  /** The offsets of what cannot be read, `to` not among them. */
  readonly from: bigint;
  readonly to: bigint;
  /** Records before it that had not been finished: dead letters now, which `dlq replay` judges. */
  readonly before: number;
}

/** More than any window holds: beyond it the monitor itself has read, so nothing is unreadable there. */
const LIMIT_BYTES = 256 * 1024 * 1024;
const LINES_AT_ONCE = 5_000;

/**
 * Takes the group past the first batch of a partition that no client can read. Each of its offsets gets its line as
 * `dead_lettered`, and one dead letter stands for all of them. What lies between the group's position and the batch comes
 * in the same fetch, so the monitor cannot have finished it: it becomes dead letters of its own. Doing it twice counts
 * nothing twice.
 *
 * Rejects with USAGE while the group has members or when all that is there can be read, and with Kafka's errors.
 */
export async function skipUnreadableBatch(
  loaded: LoadedConfig,
  env: Environment,
  at: TopicPartition,
): Promise<SkippedBatch> {
  const access = accessOf(loaded.config, env);
  const { groupPrefix } = loaded.config.instance;
  const groupId = `${groupPrefix}-score`;
  await claimLedgerOnKafka(loaded, access);
  const { committed, low, high } = await positionOf(access, groupId, at);
  const start = committed ?? low;
  const probe = { ...access, groupPrefix: `${groupPrefix}-dlq`, clock: systemClock };
  const found = await findUnreadable(probe, at, { from: start, to: high, limitBytes: LIMIT_BYTES });
  if (found === null) {
    throw new MonitorError('USAGE', `all of ${partitionKey(at)} can be read from ${start} on: nothing to skip`);
  }
  const { offset, before } = found;
  const to = await endOfUnreadable(probe, at, offset, high);
  const now = systemClock.now();
  const fault = (detail: string) => ({ reason: 'undecodable' as const, detail, schemaId: null });
  const letters = [
    ...before.map((record) => toDeadLetter(placed(at, record.offset), record.value, fault(BEFORE), now)),
    toDeadLetter(
      placed(at, offset),
      null,
      fault(`no client can read the batch of offsets ${offset} to ${to - 1n}`),
      now,
    ),
  ];
  await writeLetters(loaded, access, letters, placed(at, offset));
  const passed = [...before.map((record) => record.offset), ...offsetsBetween(offset, to)];
  await writeLines(
    loaded,
    access,
    passed.map((one) => toDeadLetterOutcome(placed(at, one), 'undecodable', now)),
  );
  await moveGroup(access, groupId, { ...at, offset: to });
  return { ...at, from: offset, to, before: before.length };
}

const BEFORE = 'it came in one fetch with a batch that no client can read; `dlq replay` judges it';

function placed({ topic, partition }: TopicPartition, offset: bigint): SourceCoordinates {
  return { topic, partition, offset };
}

function offsetsBetween(from: bigint, to: bigint): bigint[] {
  return Array.from({ length: Number(to - from) }, (_, index) => from + BigInt(index));
}

function positionOf(access: KafkaAccess, groupId: string, at: TopicPartition): Promise<PartitionOffsets> {
  return withAdmin(access, `look up ${partitionKey(at)} for group ${groupId}`, async (admin) => {
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups.reduce((sum, group) => sum + group.members.length, 0);
    if (members > 0) {
      throw new MonitorError('USAGE', `group ${groupId} has ${members} members: stop all replicas first`);
    }
    const known = (await lookUpOffsets(admin, groupId, [at.topic])).get(partitionKey(at));
    if (known === undefined) throw new MonitorError('USAGE', `there is no partition ${partitionKey(at)}`);
    return known;
  });
}

async function writeLetters(
  { config }: LoadedConfig,
  access: KafkaAccess,
  letters: readonly ReturnType<typeof toDeadLetter>[],
  batch: SourceCoordinates,
): Promise<void> {
  const topic = `${config.instance.topicPrefix}.dead-letters`;
  const sink = await createKafkaDeadLetterSink({ ...access, topic, encoder: deadLetterMessages });
  try {
    await sink.publish(letters);
    // Nothing will ever judge it, so it asks for no more attention.
    await sink.settle([batch], 'skipped');
  } finally {
    await sink.close();
  }
}

async function writeLines(
  loaded: LoadedConfig,
  access: KafkaAccess,
  lines: readonly ReturnType<typeof toDeadLetterOutcome>[],
): Promise<void> {
  await withWriter(ledgerOn(access, loaded), async (ledger) => {
    for (let at = 0; at < lines.length; at += LINES_AT_ONCE) await ledger.append(lines.slice(at, at + LINES_AT_ONCE));
  });
}

/** Only now: a crash before it leaves all to be done again. */
function moveGroup(
  access: KafkaAccess,
  groupId: string,
  { topic, partition, offset }: PartitionPosition,
): Promise<void> {
  return withAdmin(access, `move group ${groupId}`, (admin) =>
    admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(offset) }] }),
  );
}
