import type { KafkaAccess } from '../source/kafka-client';
import { openTopicProducer, type ProducedRecord } from '../source/kafka-client-producer';
import type { CheckpointStore } from './checkpoint-port';
import { readCompacted } from './kafka-compacted';

export interface KafkaCheckpointOptions extends KafkaAccess {
  /** A compacted topic with one partition, e.g. `plumbline.state`. */
  readonly topic: string;
  readonly groupPrefix: string;
}

const PARTITION = 0;

/**
 * Checkpoints in a compacted topic, acknowledged by all in-sync replicas. Opening and loading reject with TOPIC_MISSING,
 * TOPIC_UNSUITABLE, KAFKA_UNREACHABLE or KAFKA_DENIED.
 */
export async function createKafkaCheckpointStore(options: KafkaCheckpointOptions): Promise<CheckpointStore> {
  const { topic, groupPrefix, ...access } = options;
  const producer = await openTopicProducer(access, topic);
  return {
    async load() {
      const stored = new Map<string, Buffer>();
      const reading = readCompacted({
        ...access,
        topic,
        groupPrefix,
        onRecord(key, value) {
          if (value === null) stored.delete(key);
          else stored.set(key, value);
        },
      });
      try {
        await reading.caughtUp;
        // What a zombie writes from now on is its own business: this is the state as of the start.
        return new Map(stored);
      } finally {
        await reading.stop();
      }
    },
    write: (records) => producer.send(records.map(({ key, value }) => toRecord(key, value))),
    close: () => producer.close(),
  };
}

function toRecord(key: string, value: Buffer | null): ProducedRecord {
  return { partition: PARTITION, key: Buffer.from(key), value, headers: {} };
}
