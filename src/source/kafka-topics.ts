import { type Admin, ConfigResourceTypes, type ITopicConfig } from 'kafkajs';
import { MonitorError } from '../domain/error';
import type { KafkaAccess } from './kafka-client';
import { delay } from './kafka-client-delay';
import { toMonitorError } from './kafka-client-errors';
import { assertVisible, describeMissing, withAdmin } from './kafka-client-admin';
import type { TopicOptions } from './options';

/** How one topic should be. */
export interface TopicPlan {
  readonly name: string;
  /** Whether the monitor refuses to start without it. */
  readonly isRequired: boolean;
  /** Partitions it is created with. */
  readonly partitions: number;
  /** True when another number of partitions would break it. */
  readonly isExactly: boolean;
  /** `cleanup.policy`; null leaves it to the broker, as for topics that belong to others. */
  readonly cleanupPolicy: 'compact' | 'delete' | 'compact,delete' | null;
  /** `retention.ms`; null leaves it to the broker. */
  readonly retentionMs: number | null;
}

const DAY_MS = 86_400_000;

/** Our topics by prefix and the input topics, e.g. `plumbline.ledger` with one partition kept for 90 days. */
export function requiredTopics(prefix: string, inputs: TopicOptions): TopicPlan[] {
  const ours = (name: string, plan: Omit<TopicPlan, 'name' | 'isExactly'>, isExactly = false): TopicPlan => {
    return { name: `${prefix}.${name}`, ...plan, isExactly };
  };
  const input = (name: string): TopicPlan => {
    return { name, isRequired: true, partitions: 6, isExactly: false, cleanupPolicy: null, retentionMs: null };
  };
  const compacted = { isRequired: false, partitions: 1, cleanupPolicy: 'compact', retentionMs: null } as const;
  const kept = { isRequired: false, partitions: 6, cleanupPolicy: 'delete', retentionMs: 90 * DAY_MS } as const;
  return [
    input(inputs.interactions),
    ...(inputs.behaviour === null ? [] : [input(inputs.behaviour)]),
    ours('verdicts', { isRequired: true, partitions: 6, cleanupPolicy: 'compact,delete', retentionMs: 30 * DAY_MS }),
    // One partition is the ledger's total order; compaction would make "the first record wins" false.
    ours('ledger', { isRequired: true, partitions: 1, cleanupPolicy: 'delete', retentionMs: 90 * DAY_MS }, true),
    ours('dead-letters', { isRequired: true, partitions: 1, cleanupPolicy: 'delete', retentionMs: 14 * DAY_MS }),
    ours('state', compacted),
    ours('policy', compacted),
    ours('artifacts', compacted),
    ours('sessions', kept),
    ours('alerts', { ...kept, partitions: 1 }),
  ];
}

export interface TopicFinding {
  readonly topic: string;
  readonly kind:
    'missing' | 'partitions' | 'cleanup_policy' | 'retention' | 'replication' | 'min_insync' | 'unreadable';
  /** With an error the monitor does not start; a warning is about records that could be lost. */
  readonly severity: 'error' | 'warning';
  /** One sentence: what is, and what is wanted. */
  readonly message: string;
}

/**
 * Creates what is missing and returns the names created. Existing topics are left as they are, whatever they are like.
 * Replicas: 3 with 2 in sync where there are three brokers, else one per broker and 1 in sync.
 * Rejects with KAFKA_UNREACHABLE or KAFKA_DENIED.
 */
export async function createTopics(access: KafkaAccess, plans: readonly TopicPlan[]): Promise<string[]> {
  return withAdmin(access, 'create topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = plans.filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return [];
    const replicas = Math.min(3, (await admin.describeCluster()).brokers.length);
    // kafkajs' own wait gives up when the broker that it asks has not heard of the topic yet.
    await admin.createTopics({ topics: missing.map((plan) => toTopicConfig(plan, replicas)), waitForLeaders: false });
    const names = missing.map(({ name }) => name);
    await untilServed(admin, names);
    return names;
  });
}

const SERVED_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/** Rejects with what stood in the way when the topics have no leaders in time. */
async function untilServed(admin: Admin, names: string[]): Promise<void> {
  for (let leftMs = SERVED_WITHIN_MS; ; leftMs -= LOOK_AGAIN_MS) {
    try {
      await admin.fetchTopicMetadata({ topics: names });
      return;
    } catch (failure) {
      if (leftMs <= 0) throw failure;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

function toTopicConfig(plan: TopicPlan, replicationFactor: number): ITopicConfig {
  const configEntries = [{ name: 'min.insync.replicas', value: replicationFactor >= 3 ? '2' : '1' }];
  if (plan.cleanupPolicy !== null) configEntries.push({ name: 'cleanup.policy', value: plan.cleanupPolicy });
  if (plan.retentionMs !== null) configEntries.push({ name: 'retention.ms', value: String(plan.retentionMs) });
  return { topic: plan.name, numPartitions: plan.partitions, replicationFactor, configEntries };
}

/** What is wrong with the topics, errors first; empty when all is well. Rejects as `createTopics`. */
export async function checkTopics(access: KafkaAccess, plans: readonly TopicPlan[]): Promise<TopicFinding[]> {
  return withAdmin(access, 'check topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    const present = plans.filter(({ name }) => existing.has(name));
    const lacking = plans.filter(({ name, isRequired }) => isRequired && !existing.has(name));
    if (lacking.length > 0)
      await assertVisible(
        access,
        lacking.map(({ name }) => name),
      );
    const facts = await describeTopics(admin, present);
    const findings = plans.flatMap((plan) => findingsOf(plan, facts.get(plan.name)));
    return findings.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  });
}

/** Throws TOPIC_MISSING or TOPIC_UNSUITABLE with all errors in one message; warnings pass. */
export function assertTopicsUsable(findings: readonly TopicFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const code = errors.some(({ kind }) => kind === 'missing') ? 'TOPIC_MISSING' : 'TOPIC_UNSUITABLE';
  throw new MonitorError(code, errors.map(({ message }) => message).join('; '));
}

/** How one topic is. */
export interface TopicFacts {
  readonly partitions: number;
  /** The least over its partitions. */
  readonly replicas: number;
  /** Null when its configuration may not be read. */
  readonly config: ReadonlyMap<string, string> | null;
}

async function describeTopics(admin: Admin, plans: readonly TopicPlan[]): Promise<Map<string, TopicFacts>> {
  if (plans.length === 0) return new Map();
  const names = plans.map(({ name }) => name);
  const [{ topics }, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    describeConfigs(admin, names),
  ]);
  return new Map(
    topics.map(({ name, partitions }) => {
      const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
      return [name, { partitions: partitions.length, replicas, config: configs?.get(name) ?? null }];
    }),
  );
}

async function describeConfigs(
  admin: Admin,
  names: readonly string[],
): Promise<Map<string, Map<string, string>> | null> {
  const resources = names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name }));
  try {
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    return new Map(
      described.resources.map(({ resourceName, configEntries }) => {
        return [resourceName, new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]))];
      }),
    );
  } catch (failure) {
    // Reading and writing a topic does not include the right to read its configuration.
    if (toMonitorError(failure, { brokers: [], action: 'read configs' }).code === 'KAFKA_DENIED') return null;
    throw failure;
  }
}

/** Pure: compares a topic as it is, or undefined where there is none, with how it should be. */
export function findingsOf(plan: TopicPlan, facts: TopicFacts | undefined): TopicFinding[] {
  const { name: topic } = plan;
  if (facts === undefined) {
    const severity = plan.isRequired ? 'error' : 'warning';
    return [{ topic, kind: 'missing', severity, message: describeMissing(topic) }];
  }
  const findings: TopicFinding[] = [];
  const find = (kind: TopicFinding['kind'], severity: TopicFinding['severity'], message: string): void => {
    findings.push({ topic, kind, severity, message: `topic ${topic} ${message}` });
  };
  if (plan.isExactly && facts.partitions !== plan.partitions) {
    find('partitions', 'error', `has ${facts.partitions} partitions and must have exactly ${plan.partitions}`);
  }
  if (facts.replicas < 3)
    find('replication', 'warning', `has ${facts.replicas} replicas; 3 survive the loss of a broker`);
  if (facts.config === null) {
    find('unreadable', 'warning', 'does not let us read its configuration, so its cleanup and retention are unchecked');
    return findings;
  }
  const insync = Number(facts.config.get('min.insync.replicas'));
  if (insync < 2) find('min_insync', 'warning', `acknowledges writes with ${insync} replica in sync; 2 are safe`);
  const cleanup = (facts.config.get('cleanup.policy') ?? '').split(',').sort().join(',');
  if (plan.cleanupPolicy !== null && cleanup !== plan.cleanupPolicy) {
    const severity = plan.isExactly && cleanup.includes('compact') ? 'error' : 'warning';
    find('cleanup_policy', severity, `has cleanup.policy=${cleanup}; wanted is ${plan.cleanupPolicy}`);
  }
  const retentionMs = Number(facts.config.get('retention.ms'));
  if (plan.retentionMs !== null && retentionMs >= 0 && retentionMs < plan.retentionMs) {
    find('retention', 'warning', `keeps records for ${days(retentionMs)}; wanted are ${days(plan.retentionMs)}`);
  }
  return findings;
}

function days(ms: number): string {
  return `${Math.round((ms / DAY_MS) * 10) / 10} days`;
}
