import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createMonitorTopics } from '../../src/compose/topics';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { type FakeRegistry, startFakeRegistry } from '../../test/support/fake-registry';
import { kafkaAvailability } from '../../test/support/kafka/availability';
import { startKafka } from '../../test/support/kafka/kafka-broker';
import { createTestKafka, freshName, type TestKafka } from '../../test/support/kafka/test-kafka';
import type { Job, Reading } from './consumers/consumer';
import { monitorConfig } from './consumers/monitor';
import type { Answer, ConsumerName } from './consumers/process';
import { type Encoded, interactionSchema, SCHEMA_ID } from './traffic';

/** A real broker with everything a run needs; consumers run in processes of their own. */
export interface BenchBroker {
  readonly kafka: TestKafka;
  readonly registry: FakeRegistry;
  /** A topic of four partitions that holds the records. */
  fill(records: readonly Encoded[]): Promise<string>;
  /** Topics of their own for whoever reads `topic`, with nothing in them; their prefix. */
  emptyOutputs(topic: string): Promise<string>;
  /** A consumer that reads one topic after the other, from the start each time. */
  consumer(name: ConsumerName): BenchConsumer;
  close(): Promise<void>;
}

export interface BenchConsumer {
  read(topic: string, records: number): Promise<Reading>;
}

const PARTITIONS = 4;

/** A broker of its own, or the one that KAFKA_BROKERS names; a string says why there is none. */
export async function openBroker(): Promise<BenchBroker | string> {
  const available = kafkaAvailability();
  if (available.kind === 'none') return available.why;
  const cluster = available.kind === 'maven' ? await startKafka() : null;
  const kafka = createTestKafka(available.kind === 'external' ? available.brokers : (cluster?.brokers ?? []));
  const registry = await startFakeRegistry();
  registry.byId.set(SCHEMA_ID, { schema: interactionSchema() });
  const outputPrefix = freshName('bench');
  const children: (() => void)[] = [];
  const shared = { brokers: kafka.brokers, outputPrefix, registryUrl: registry.url };
  const consumer = (name: ConsumerName): BenchConsumer => {
    const running = startConsumer(name);
    children.push(running.end);
    return {
      read: (topic, records) => running.ask({ ...shared, topic, records, groupId: freshName(`bench-${name}`) }),
    };
  };
  return {
    kafka,
    registry,
    async fill(records) {
      const topic = freshName('bench.interactions');
      await kafka.createTopic(topic, PARTITIONS);
      await kafka.produceAll(topic, [...records]);
      await createOutputs({ ...shared, topic, groupId: 'bench' });
      return topic;
    },
    async emptyOutputs(topic) {
      const prefix = freshName('bench');
      await createOutputs({ ...shared, outputPrefix: prefix, topic, groupId: 'bench' });
      return prefix;
    },
    consumer,
    async close() {
      for (const end of children) end();
      await registry.close();
      await kafka.close();
      await cluster?.stop();
    },
  };
}

async function createOutputs(job: Omit<Job, 'records'>): Promise<void> {
  const loaded = loadMonitorConfig({ text: { name: 'bench', text: monitorConfig(job) }, env: {} });
  if (!loaded.ok) throw new Error(`the configuration of the bench: ${JSON.stringify(loaded.error)}`);
  await createMonitorTopics(loaded.value.config, {});
}

/** PLUMBLINE_BENCH_PROFILE names a consumer whose profile is written; PLUMBLINE_BENCH_NODE_FLAGS go to all of them. */
function startConsumer(name: ConsumerName): { ask: (job: Job) => Promise<Reading>; end: () => void } {
  const profile = process.env['PLUMBLINE_BENCH_PROFILE'] === name ? ['--cpu-prof', '--cpu-prof-dir=.cache/prof'] : [];
  const flags = (process.env['PLUMBLINE_BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const child = fork(join(__dirname, 'consumers', 'process.js'), [name], {
    execArgv: ['--expose-gc', ...profile, ...flags],
  });
  return {
    ask: (job) =>
      new Promise((resolve, reject) => {
        const onExit = (): void => reject(new Error(`the consumer ${name} ended`));
        child.once('exit', onExit);
        child.once('message', (answer: Answer) => {
          child.off('exit', onExit);
          if ('reading' in answer) resolve(answer.reading);
          else reject(new Error(`the consumer ${name}: ${answer.failure}`));
        });
        child.send(job);
      }),
    end: () => child.disconnect(),
  };
}
