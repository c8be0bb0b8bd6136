import { coordinatesKey } from '../domain/coordinates';
import type { DeadLetter } from '../domain/dead-letter';
import type { Verdict } from '../domain/verdict';
import type { DeadLetterSink, VerdictSink } from '../pipeline/ports';
import type { KafkaAccess } from '../source/kafka-client';
import { MAX_BATCH_BYTES, openTopicProducer } from '../source/kafka-client-producer';
import { partitionOf } from './kafka-murmur2';

/** A value as a Kafka message; the headers name its schema in `plumbline-schema`. */
export interface MessageEncoder<T> {
  encode(value: T): EncodedMessage;
}

export interface EncodedMessage {
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface KafkaSinkOptions<T> extends KafkaAccess {
  readonly topic: string;
  readonly encoder: MessageEncoder<T>;
}

/**
 * Verdicts keyed by interaction id, so that compaction keeps the last one of each, and placed by conversation id, so that
 * one reader sees a conversation whole. Acknowledged by all in-sync replicas.
 *
 * Opening and publishing reject as `openTopicProducer` and its `send`. A verdict too large for a batch is published
 * without its interaction: a broker that refuses it for ever would stop the partition.
 */
export async function createKafkaVerdictSink(options: KafkaSinkOptions<Verdict>): Promise<VerdictSink> {
  const { topic, encoder, ...access } = options;
  const producer = await openTopicProducer(access, topic);

  const encode = (verdict: Verdict): EncodedMessage => {
    const message = encoder.encode(verdict);
    if (message.value.length <= MAX_BATCH_BYTES || verdict.interaction === null) return message;
    const fields = { ...verdict.source, offset: String(verdict.source.offset), sizeBytes: message.value.length };
    access.logger.warn(fields, 'a verdict is too large to publish and goes without its interaction');
    return encoder.encode({ ...verdict, interaction: null });
  };

  return {
    publish: (verdicts) =>
      producer.send(
        verdicts.map((verdict) => ({
          key: Buffer.from(verdict.interactionId),
          partition: partitionOf(verdict.conversationId, producer.partitions),
          ...encode(verdict),
        })),
      ),
    close: () => producer.close(),
  };
}

/** Dead letters keyed by the coordinates of what they are about. Rejects as `createKafkaVerdictSink`. */
export async function createKafkaDeadLetterSink(options: KafkaSinkOptions<DeadLetter>): Promise<DeadLetterSink> {
  const { topic, encoder, ...access } = options;
  const producer = await openTopicProducer(access, topic);
  return {
    publish: (letters) =>
      producer.send(
        letters.map((letter) => {
          const key = coordinatesKey(letter.source);
          return { key: Buffer.from(key), partition: partitionOf(key, producer.partitions), ...encoder.encode(letter) };
        }),
      ),
    close: () => producer.close(),
  };
}
