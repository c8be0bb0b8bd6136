import { coordinatesKey, type SourceCoordinates } from '../domain/coordinates';
import type { Alert } from '../domain/alert';
import type { DeadLetter } from '../domain/dead-letter';
import type { SessionOutcome } from '../domain/session-outcome';
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
    if (message.value.length <= MAX_BATCH_BYTES || (verdict.interaction ?? verdict.sealed) === null) return message;
    const fields = { ...verdict.source, offset: String(verdict.source.offset), sizeBytes: message.value.length };
    access.logger.warn(fields, 'a verdict is too large to publish and goes without its interaction');
    return encoder.encode({ ...verdict, interaction: null, sealed: null });
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

/** Takes verdicts away again. */
export interface VerdictEraser {
  /** A tombstone under the key of each, on the partition where its verdicts lie: compaction then drops them. */
  erase(interactions: readonly { readonly interactionId: string; readonly conversationId: string }[]): Promise<void>;
  close(): Promise<void>;
}

/** Rejects as `createKafkaVerdictSink`. */
export async function createKafkaVerdictEraser({
  topic,
  ...access
}: KafkaAccess & { readonly topic: string }): Promise<VerdictEraser> {
  const producer = await openTopicProducer(access, topic);
  return {
    erase: (interactions) =>
      producer.send(
        interactions.map(({ interactionId, conversationId }) => ({
          key: Buffer.from(interactionId),
          partition: partitionOf(conversationId, producer.partitions),
          value: null,
          headers: {},
        })),
      ),
    close: () => producer.close(),
  };
}

/** Names, on a tombstone, what was done about a dead letter. */
export const SETTLED_HEADER = 'plumbline-settled';

export interface SettlingDeadLetterSink extends DeadLetterSink {
  /** Says of dead letters that they need no more attention, by a tombstone under the key of each. */
  settle(sources: readonly SourceCoordinates[], how: string): Promise<void>;
}

/** Dead letters keyed by the coordinates of what they are about. Rejects as `createKafkaVerdictSink`. */
export async function createKafkaDeadLetterSink(
  options: KafkaSinkOptions<DeadLetter>,
): Promise<SettlingDeadLetterSink> {
  const { topic, encoder, ...access } = options;
  const producer = await openTopicProducer(access, topic);
  const placeOf = (source: SourceCoordinates): { readonly key: Buffer; readonly partition: number } => {
    const key = coordinatesKey(source);
    return { key: Buffer.from(key), partition: partitionOf(key, producer.partitions) };
  };
  return {
    publish: (letters) =>
      producer.send(letters.map((letter) => ({ ...placeOf(letter.source), ...encoder.encode(letter) }))),
    settle: (sources, how) =>
      producer.send(sources.map((source) => ({ ...placeOf(source), value: null, headers: { [SETTLED_HEADER]: how } }))),
    close: () => producer.close(),
  };
}

/** Takes sessions as they close; resolves when they are durable. */
export interface SessionSink {
  publish(sessions: readonly SessionOutcome[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Sessions keyed by session id, a repeated one under the same key, and placed by conversation id, so that one reader sees
 * a conversation's sessions in order. Rejects as `createKafkaVerdictSink`.
 */
export async function createKafkaSessionSink(options: KafkaSinkOptions<SessionOutcome>): Promise<SessionSink> {
  const { topic, encoder, ...access } = options;
  const producer = await openTopicProducer(access, topic);
  return {
    publish: (sessions) =>
      producer.send(
        sessions.map((session) => ({
          key: Buffer.from(session.sessionId),
          partition: partitionOf(session.conversationId, producer.partitions),
          ...encoder.encode(session),
        })),
      ),
    close: () => producer.close(),
  };
}

/** Takes alerts as they open, change and end; resolves when they are durable. */
export interface AlertSink {
  publish(alerts: readonly Alert[]): Promise<void>;
  close(): Promise<void>;
}

/** Alerts keyed by their id: a later version of an episode follows the earlier ones. Rejects as `createKafkaVerdictSink`. */
export async function createKafkaAlertSink(options: KafkaSinkOptions<Alert>): Promise<AlertSink> {
  const { topic, encoder, ...access } = options;
  const producer = await openTopicProducer(access, topic);
  return {
    publish: (alerts) =>
      producer.send(
        alerts.map((alert) => ({
          key: Buffer.from(alert.id),
          partition: partitionOf(alert.id, producer.partitions),
          ...encoder.encode(alert),
        })),
      ),
    close: () => producer.close(),
  };
}
