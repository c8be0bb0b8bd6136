import type { MonitorConfig } from '../config/config';
import type { Environment } from '../config/secrets';
import { MonitorError } from '../domain/error';
import { silentLogger } from '../platform/logger';
import type { KafkaAccess } from '../source/kafka-client';
import {
  assertTopicsUsable,
  checkTopics,
  createTopics,
  requiredTopics,
  type TopicFinding,
  type TopicPlan,
} from '../source/kafka-topics';

export async function createMonitorTopics(config: MonitorConfig, environment: Environment): Promise<string[]> {
  return createTopics(accessOf(config, environment), plansOf(config));
}

export async function checkMonitorTopics(config: MonitorConfig, environment: Environment): Promise<TopicFinding[]> {
  return checkTopics(accessOf(config, environment), plansOf(config));
}

/**
 * Resolves when the topics are there and fit. A broker that cannot be reached is waited for, since Kafka and its monitor
 * often start together; a missing or unfit topic is not: rejects with TOPIC_MISSING or TOPIC_UNSUITABLE.
 */
export async function awaitMonitorTopics(
  config: MonitorConfig,
  access: KafkaAccess,
  signal: AbortSignal,
  onWaiting: (problem: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return assertTopicsUsable(await checkTopics(access, plansOf(config)));
    } catch (error) {
      if (!(error instanceof MonitorError) || error.code !== 'KAFKA_UNREACHABLE') throw error;
      onWaiting(error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, UNREACHABLE_PAUSE_MS));
  }
}

const UNREACHABLE_PAUSE_MS = 1_000;

/** How to reach the brokers. Throws CONFIG_INVALID when the configuration names none. */
export function accessOf(config: MonitorConfig, environment: Environment, logger = silentLogger): KafkaAccess {
  const { kafka } = config.source;
  if (kafka === undefined) {
    throw new MonitorError(
      'CONFIG_INVALID',
      'source.kafka is missing: name the brokers, e.g. `brokers: [localhost:9092]`',
    );
  }
  return { kafka, environment, logger };
}

function plansOf(config: MonitorConfig): TopicPlan[] {
  return requiredTopics(config.instance.topicPrefix, config.source.topics);
}
