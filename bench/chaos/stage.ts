import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Producer } from 'kafkajs';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../../test/support/builders/interaction';
import { eventually } from '../../test/support/eventually';
import { type KafkaCluster, startKafka } from '../../test/support/kafka/kafka-broker';
import { createTestKafka, freshName, type TestKafka } from '../../test/support/kafka/test-kafka';
import { runCli } from '../../test/support/run-cli';
import { createInstance, type Instance } from './instance';
import { type JudgeDouble, startJudgeDouble } from './judge-double';

export const PARTITIONS = 4;
export const SESSION_TIMEOUT_MS = 6_000;
const JUDGE_MS = 300;
const USERS = 200;

/**
 * For whoever looks for a level of memory: conversations close after a minute of silence, or as soon as 500 are open, and
 * are forgotten then; ids are remembered for minutes; baselines are learned from 200 values, which are kept until then; the
 * evidence store holds 10 MB, all of which its page cache (64 MB at most) takes in. Under the defaults it takes a day until
 * as much is forgotten as comes, and a week until baselines are learned: docs/capacity.md has the bound of each.
 */
const BRIEF_MEMORY = `
sessions: { idleMinutes: 1, latenessMinutes: 0, amendmentHours: 0, maxOpen: 500 }
watch: { idWindow: 1000 }`;
const BRIEF_LEARNING = ', reference: 200, referenceDays: 0';
const BRIEF_STORE_MB = 10;

/** A cluster, a judge, two instances of one monitor, and traffic that never stops. */
export interface Stage {
  readonly cluster: KafkaCluster;
  readonly kafka: TestKafka;
  readonly judge: JudgeDouble;
  readonly prefix: string;
  readonly topic: string;
  readonly groupId: string;
  readonly a: Instance;
  readonly b: Instance;
  /** Records handed to the broker so far. */
  produced(): number;
  /** Resolves when the group has committed all that was there when it was called. */
  caughtUp(timeoutMs: number): Promise<void>;
  stopTraffic(): Promise<void>;
  /** Makes two offsets that nothing will ever be read from, on one partition after the other: each is worth an alert. */
  leaveGap(): Promise<void>;
  /** How many were made. */
  gaps(): number;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly nodes: 1 | 3;
  readonly recordsPerSecond: number;
  /** Added to each answer, so that bytes are what fills the window. */
  readonly padding?: number;
  /** Whether the instances remember little, so that their memory comes to its level within minutes. */
  readonly isBrief?: boolean;
  /** A folder to keep the instances' logs in. */
  readonly logs?: string;
}

export async function openStage({
  nodes,
  recordsPerSecond,
  padding = 0,
  isBrief = false,
  logs,
}: StageOptions): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let one = closing.pop(); one !== undefined; one = closing.pop()) await one().catch(() => {});
  };
  try {
    const cluster = await startKafka({ nodes });
    closing.push(() => cluster.stop());
    const kafka = createTestKafka(cluster.brokers);
    closing.push(() => kafka.close());
    const judge = await startJudgeDouble(JUDGE_MS);
    closing.push(() => judge.close());
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-chaos-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const prefix = freshName('chaos');
    const topic = `${prefix}.interactions`;
    await kafka.createTopic(topic, PARTITIONS);
    const instance = (name: string): Promise<Instance> =>
      createInstance(name, folder, {
        config: configOf(prefix, topic, kafka.brokers, judge.urlFor(name), isBrief),
        ...(isBrief ? { storeMb: BRIEF_STORE_MB } : {}),
        ...(logs === undefined ? {} : { logs }),
      });
    const a = await instance('a');
    const b = await instance('b');
    for (const one of [a, b]) {
      closing.push(() => {
        one.signal('SIGKILL');
        return Promise.resolve();
      });
    }
    const created = await runCli(['topics', 'create', '--config', a.configPath]);
    if (created.code !== 0) throw new Error(`topics create: ${created.stderr}`);
    const traffic = await startTraffic(kafka, topic, recordsPerSecond, padding);
    closing.push(() => traffic.stop());
    const groupId = `${prefix}-score`;
    let gaps = 0;
    return {
      cluster,
      kafka,
      judge,
      prefix,
      topic,
      groupId,
      a,
      b,
      produced: traffic.produced,
      stopTraffic: traffic.stop,
      async leaveGap() {
        await abortOne(kafka, topic, gaps % PARTITIONS);
        gaps += 1;
      },
      gaps: () => gaps,
      async caughtUp(timeoutMs) {
        const goal = await eventually(() => endsOf(kafka, topic), { timeoutMs });
        await eventually(
          async () => {
            const committed = await kafka.committedOffsets(groupId, topic);
            for (const [partition, end] of goal) {
              if ((committed.get(partition) ?? 0n) < end) throw new Error(`partition ${partition} is behind ${end}`);
            }
          },
          { timeoutMs, intervalMs: 200 },
        );
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An aborted transaction: its record and its marker take an offset each, and readers get neither. */
async function abortOne(kafka: TestKafka, topic: string, partition: number): Promise<void> {
  const transactionalId = freshName('gap');
  const producer = kafka.client().producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition, value: 'taken back' }] });
  await transaction.abort();
  await producer.disconnect();
}

async function endsOf(kafka: TestKafka, topic: string): Promise<Map<number, bigint>> {
  const admin = kafka.client().admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  } finally {
    await admin.disconnect();
  }
}

interface Traffic {
  readonly produced: () => number;
  readonly stop: () => Promise<void>;
}

/** A steady trickle over all partitions; what a broker outage delays is sent again, perhaps twice, as producers do. */
async function startTraffic(
  kafka: TestKafka,
  topic: string,
  recordsPerSecond: number,
  padding: number,
): Promise<Traffic> {
  const filler = ' word'.repeat(padding / 5);
  const codec = createRecordCodec('interaction');
  const producer: Producer = kafka.client({ retry: { retries: 50, maxRetryTime: 2_000 } }).producer();
  await producer.connect();
  let sent = 0;
  let stopped = false;
  let stopping: Promise<void> | null = null;
  const message = (n: number): { key: string; partition: number; value: string } => {
    const interaction = buildInteraction({
      interactionId: `chaos-${n}`,
      conversationId: `conversation-${n >> 2}`,
      turnIndex: n & 3,
      userHash: `user-${(n >> 2) % USERS}`,
      occurredAt: Date.now(),
      // Of no family that judges here, so that every judge may be asked.
      producer: { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' },
      output: { ...buildInteraction({}).output, text: `The answer to question chaos-${n} is in the manual.${filler}` },
    });
    return {
      key: interaction.conversationId,
      partition: (n >> 2) % PARTITIONS,
      value: JSON.stringify(codec.toJson(interaction)),
    };
  };
  const TICK_MS = 200;
  const run = async (): Promise<void> => {
    while (!stopped) {
      const count = Math.max(1, Math.round((recordsPerSecond * TICK_MS) / 1000));
      const messages = Array.from({ length: count }, (_, i) => message(sent + i));
      await producer.send({ topic, acks: -1, messages });
      sent += count;
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  };
  const done = run();
  return {
    produced: () => sent,
    stop: () =>
      (stopping ??= (async () => {
        stopped = true;
        await done;
        await producer.disconnect();
      })()),
  };
}

function configOf(
  prefix: string,
  topic: string,
  brokers: readonly string[],
  judgeUrl: string,
  isBrief: boolean,
): string {
  const judge = (name: string, model: string): string =>
    `  - { name: ${name}, model: ${model}, baseUrl: "${judgeUrl}", maxConcurrent: 4 }`;
  return `
instance: { name: chaos, topicPrefix: ${prefix}, groupPrefix: ${prefix} }
source:
  kafka: { brokers: [${brokers.map((one) => JSON.stringify(one)).join(', ')}], sessionTimeoutMs: ${SESSION_TIMEOUT_MS} }
  topics: { interactions: ${topic}, behaviour: null }
sampling: { rate: 1 }
criteria:
  - { name: helpful, rubric: Does the answer help? }
judges:
${judge('mini', 'mistral-small')}
${judge('gemini', 'gemini-pro')}
${judge('qwen', 'qwen-max')}
cascade: { cheap: [[mini]], ensemble: [[gemini, qwen]] }
detectors: { targets: { offsetGap: 1 }${isBrief ? BRIEF_LEARNING : ''} }
alerts: { resolveMinutes: 1 }
telemetry: { logLevel: info }${isBrief ? BRIEF_MEMORY : ''}`;
}
