import type { Admin } from 'kafkajs';
import { MonitorError } from '../domain/error';
import { BRISK_RETRY, createKafkaClient, type KafkaAccess } from './kafka-client';
import { toMonitorError } from './kafka-client-errors';

/** The number of partitions a topic has. Rejects with TOPIC_MISSING, KAFKA_UNREACHABLE or KAFKA_DENIED. */
export function countPartitions(access: KafkaAccess, topic: string): Promise<number> {
  return withAdmin(access, `look up ${topic}`, async (admin) => {
    await assertTopicsExist(access, admin, [topic]);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 0;
  });
}

/** Throws TOPIC_MISSING with the names of those that do not exist, KAFKA_DENIED for one that may not be seen. */
export async function assertTopicsExist(access: KafkaAccess, admin: Admin, topics: readonly string[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(topic));
  if (missing.length === 0) return;
  await assertVisible(access, missing);
  throw new MonitorError('TOPIC_MISSING', missing.map(describeMissing).join('; '));
}

/** A cluster lists only what one may describe; asked for a topic by name it says whether that is why it was left out. */
export async function assertVisible(access: KafkaAccess, unlisted: readonly string[]): Promise<void> {
  const admin = createKafkaClient(access, { ...BRISK_RETRY, retries: 0 }).admin();
  try {
    await admin.connect();
    for (const topic of unlisted) {
      await admin.fetchTopicMetadata({ topics: [topic] }).catch((failure: unknown) => {
        const error = toMonitorError(failure, { brokers: access.kafka.brokers, action: `look up ${topic}` });
        if (error.code === 'KAFKA_DENIED') throw error;
      });
    }
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

export function describeMissing(topic: string): string {
  return `topic ${topic} does not exist: create it with \`plumbline topics create\``;
}

/** Runs `work` with an admin connection of its own that gives up within seconds; rejects with a MonitorError. */
export async function withAdmin<T>(
  access: KafkaAccess,
  action: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = createKafkaClient(access, BRISK_RETRY).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (failure) {
    throw toMonitorError(failure, { brokers: access.kafka.brokers, action });
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
