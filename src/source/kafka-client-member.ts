import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { TopicPartition } from '../domain/coordinates';
import type { MonitorError } from '../domain/error';
import { stickyAssigners } from './kafka-assigner';
import { createKafkaClient, type KafkaAccess, PATIENT_RETRY } from './kafka-client';
import { delay } from './kafka-client-delay';
import { isUndecodable, toMonitorError } from './kafka-client-errors';
import { byTopic } from './kafka-partitions';

export interface KafkaMemberOptions extends KafkaAccess {
  readonly topics: readonly string[];
  readonly groupId: string;
  /** What one fetch brings at most, give or take a batch; 5 MiB, and 512 KiB of one partition, at most. */
  readonly maxFetchBytes: number;
  readonly events: MemberEvents;
}

/** All are called from inside kafkajs and must not throw. */
export interface MemberEvents {
  /** Nothing of the new assignment has been fetched yet: what is paused here never will be. */
  onJoin(assigned: readonly TopicPartition[]): void;
  /** Nothing is fetched from the broker that brought it until it returns, or resolves. */
  onBatch(payload: EachBatchPayload): void | Promise<void>;
  /** A batch whose records were all filtered: transaction markers, aborted or compacted records. */
  onEmptyBatch(at: TopicPartition, lastOffset: bigint): void;
  onHeartbeat(): void;
  onRebalance(): void;
  /** Out of the group, and trying to get back in. */
  onDown(error: MonitorError): void;
  /** Out of the group for good. */
  onGone(error: MonitorError): void;
}

/** One member of a consumer group, for as long as it takes. Calls while it is out of the group do nothing. */
export interface KafkaMember {
  /** Rejects with a MonitorError; a failure to join reaches `onDown` or `onGone` instead. */
  start(): Promise<void>;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  seek(at: TopicPartition, offset: bigint): void;
  stop(): Promise<void>;
}

/** A paused consumer sleeps this long between looks, so it bounds how late a resume takes effect. */
const MAX_WAIT_MS = 500;
const MAX_FETCH_BYTES = 5 * 1024 * 1024;
const RESTART_MS = 1_000;

export function createKafkaMember(options: KafkaMemberOptions): KafkaMember {
  const { kafka, topics, groupId, maxFetchBytes, events, logger } = options;
  const client = createKafkaClient(options);
  const stopping = new AbortController();
  let consumer: Consumer | null = null;
  let held: readonly TopicPartition[] = [];

  const explain = (failure: unknown): MonitorError => {
    const action = `consume ${topics.join(', ')} as group ${groupId}`;
    const otherwise = isUndecodable(failure) ? 'POISONED_INPUT' : 'CONSUMER_CRASHED';
    return toMonitorError(failure, { brokers: kafka.brokers, action, otherwise });
  };

  const open = async (): Promise<void> => {
    let isWorthRetrying = false;
    // kafkajs restarts itself after some failures but not after others of the same kind (kafkajs #1443): it only says
    // here what it thinks, and the restart is ours.
    const restartOnFailure = (): Promise<boolean> => {
      isWorthRetrying = true;
      return Promise.resolve(false);
    };
    const running = client.consumer({
      groupId,
      partitionAssigners: stickyAssigners(() => held),
      allowAutoTopicCreation: false,
      sessionTimeout: kafka.sessionTimeoutMs,
      rebalanceTimeout: 60_000,
      heartbeatInterval: Math.min(3_000, Math.floor(kafka.sessionTimeoutMs / 3)),
      maxWaitTimeInMs: MAX_WAIT_MS,
      maxBytes: Math.min(MAX_FETCH_BYTES, maxFetchBytes),
      maxBytesPerPartition: Math.min(512 * 1024, maxFetchBytes),
      retry: { ...PATIENT_RETRY, restartOnFailure },
    });
    consumer = running;
    // Whoever was out of the group claims nothing: others hold it by now.
    held = [];
    listen(running, () => isWorthRetrying);
    await running.connect();
    await running.subscribe({ topics: [...topics], fromBeginning: true });
    await running.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        if (running === consumer) await events.onBatch(payload);
      },
    });
  };

  const listen = (running: Consumer, isWorthRetrying: () => boolean): void => {
    const { GROUP_JOIN, REBALANCING, CRASH, HEARTBEAT, START_BATCH_PROCESS } = running.events;
    const isCurrent = (): boolean => running === consumer && !stopping.signal.aborted;
    running.on(GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      if (!isCurrent()) return;
      held = toPartitions(memberAssignment);
      events.onJoin(held);
    });
    running.on(REBALANCING, () => isCurrent() && events.onRebalance());
    running.on(HEARTBEAT, () => isCurrent() && events.onHeartbeat());
    running.on(START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (isCurrent() && batchSize === 0) events.onEmptyBatch({ topic, partition }, BigInt(lastOffset));
    });
    running.on(CRASH, ({ payload: { error } }) => {
      if (!isCurrent()) return;
      const explained = explain(error);
      consumer = null;
      if (explained.retriable || (isWorthRetrying() && explained.code === 'CONSUMER_CRASHED')) void reopen(explained);
      else events.onGone(explained);
    });
  };

  /** kafkajs has disconnected the old consumer; a failure to join the group comes back as another crash. */
  const reopen = async (error: MonitorError): Promise<void> => {
    events.onDown(error);
    logger.warn({ groupId, error: error.message }, 'out of the consumer group, joining again');
    await delay(RESTART_MS, stopping.signal);
    if (stopping.signal.aborted) return;
    try {
      await open();
    } catch (failure) {
      const explained = explain(failure);
      await closeQuietly(consumer);
      if (explained.retriable) void reopen(explained);
      else events.onGone(explained);
    }
  };

  /** kafkajs throws when it is not running; the next join starts from what its owner wants then. */
  const whileRunning = (act: (running: Consumer) => void): void => {
    try {
      if (consumer !== null) act(consumer);
    } catch (failure) {
      logger.debug({ groupId, error: String(failure) }, 'the consumer is not running');
    }
  };

  return {
    async start() {
      try {
        await open();
      } catch (failure) {
        throw explain(failure);
      }
    },
    pause(partitions) {
      if (partitions.length > 0) whileRunning((running) => running.pause(byTopic(partitions)));
    },
    resume(partitions) {
      if (partitions.length > 0) whileRunning((running) => running.resume(byTopic(partitions)));
    },
    seek: (at, offset) => whileRunning((running) => running.seek({ ...at, offset: String(offset) })),
    async stop() {
      stopping.abort();
      await closeQuietly(consumer);
    },
  };
}

function toPartitions(assignment: Readonly<Record<string, readonly number[]>>): TopicPartition[] {
  return Object.entries(assignment).flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })));
}

async function closeQuietly(consumer: Consumer | null): Promise<void> {
  await consumer?.disconnect().catch(() => {});
}
