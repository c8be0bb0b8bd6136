import type { KafkaAccess } from '../source/kafka-client';
import { openTopicProducer } from '../source/kafka-client-producer';
import { type CompactedReading, readCompacted } from './kafka-compacted';

/** Keys and values of the policy topic; what they mean is the caller's. */
export interface KafkaPolicyTopic {
  /** As `readCompacted`. */
  readonly reading: CompactedReading;
  /** Resolves when all in-sync replicas have the records. Rejects as `TopicProducer.send`. */
  write(records: readonly { readonly key: string; readonly value: Buffer }[]): Promise<void>;
  close(): Promise<void>;
}

export interface KafkaPolicyOptions extends KafkaAccess {
  /** A compacted topic with one partition, e.g. `plumbline.policy`. */
  readonly topic: string;
  readonly groupPrefix: string;
  readonly onRecord: (value: Buffer) => void;
}

const PARTITION = 0;

/** Opens the topic for both. Rejects with TOPIC_MISSING, TOPIC_UNSUITABLE, KAFKA_UNREACHABLE or KAFKA_DENIED. */
export async function openKafkaPolicy(options: KafkaPolicyOptions): Promise<KafkaPolicyTopic> {
  const { topic, groupPrefix, onRecord, ...access } = options;
  const producer = await openTopicProducer(access, topic);
  const reading = readCompacted({
    ...access,
    topic,
    groupPrefix,
    onRecord: (_key, value) => {
      if (value !== null) onRecord(value);
    },
  });
  return {
    reading,
    write: (records) =>
      producer.send(
        records.map(({ key, value }) => ({ partition: PARTITION, key: Buffer.from(key), value, headers: {} })),
      ),
    async close() {
      await reading.stop();
      await producer.close();
    },
  };
}
