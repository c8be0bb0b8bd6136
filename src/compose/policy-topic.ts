import type { LoadedConfig } from '../config/load';
import { MonitorError } from '../domain/error';
import { type KafkaPolicyTopic, openKafkaPolicy } from '../ledger/kafka-policy';
import type { Logger } from '../platform/logger';
import type { PolicyRecord } from '../policy/policy';
import type { KafkaAccess } from '../source/kafka-client';
import type { Closers } from './closers';
import { policyMessages } from './codecs';
import { hasBudget, type PolicyDesk, policyKey } from './policy-desk';

export interface PolicySetup {
  readonly loaded: LoadedConfig;
  readonly access: KafkaAccess;
  readonly desk: PolicyDesk;
  readonly logger: Logger;
  readonly closers: Closers;
}

/**
 * Publishes in the order given; what could not be written goes with the next records, of each key the latest alone. Never
 * rejects.
 */
export type PolicyPublisher = (records: readonly PolicyRecord[]) => void;

/**
 * Everything said so far is on the desk when this resolves, and what is said later comes to it. Without the topic judging
 * goes on under the initial policy, unless there is a budget to keep: then it rejects with TOPIC_MISSING.
 */
export async function followPolicy({ loaded, access, desk, logger, closers }: PolicySetup): Promise<PolicyPublisher> {
  const { instance, budget } = loaded.config;
  let topic: KafkaPolicyTopic;
  try {
    topic = await openKafkaPolicy({
      ...access,
      topic: `${instance.topicPrefix}.policy`,
      groupPrefix: `${instance.groupPrefix}-policy-reader`,
      onRecord: (value) => desk.onRecord(policyMessages.decode(value)),
    });
  } catch (error) {
    if (!(error instanceof MonitorError) || error.code !== 'TOPIC_MISSING' || hasBudget(budget)) throw error;
    logger.warn({ problem: error.message }, 'judging follows no policy: judges cannot be paused');
    return () => {};
  }
  closers.add(() => topic.close());
  topic.reading.done.catch((error: unknown) => logger.error({ err: error }, 'the policy cannot be read any further'));
  await topic.reading.caughtUp;
  return publisherTo(topic, logger);
}

export function publisherTo(topic: Pick<KafkaPolicyTopic, 'write'>, logger: Logger): PolicyPublisher {
  const waiting = new Map<string, PolicyRecord>();
  let isWriting = false;
  const write = async (): Promise<void> => {
    if (isWriting || waiting.size === 0) return;
    isWriting = true;
    const records = [...waiting];
    try {
      await topic.write(records.map(([key, record]) => ({ key, value: policyMessages.encode(record).value })));
      for (const [key, record] of records) if (waiting.get(key) === record) waiting.delete(key);
    } catch (error) {
      logger.warn({ err: error }, 'the policy could not be published, it goes with the next one');
    } finally {
      isWriting = false;
    }
  };
  return (records) => {
    for (const record of records) {
      if (record.policy !== null) logger.info({ ...record.policy }, 'a new policy');
      waiting.delete(policyKey(record));
      waiting.set(policyKey(record), record);
    }
    void write();
  };
}
