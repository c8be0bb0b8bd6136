import { partitionKey, type TopicPartition } from '../../src/domain/coordinates';
import { silentLogger } from '../../src/platform/logger';
import { systemClock } from '../../src/platform/clock';
import { createKafkaSource, type KafkaSourceOptions } from '../../src/source/kafka';
import { kafkaOptions, windowOptions } from '../../src/source/options';
import type { Source } from '../../src/source/port';
import { collect, type Delivered, lines, sourceContract, type SourceHarness } from '../contract/source-suite';
import { eventually } from '../support/eventually';
import { describeWithKafka, describeWithOwnKafka } from '../support/kafka/describe-with-kafka';
import { freshName, type TestKafka } from '../support/kafka/test-kafka';

function options(brokers: readonly string[], topic: string, groupId: string): KafkaSourceOptions {
  return {
    kafka: kafkaOptions.parse({ brokers: [...brokers], sessionTimeoutMs: 6_000, connectionTimeoutMs: 2_000 }),
    environment: {},
    topics: [topic],
    groupId,
    window: windowOptions.parse({}),
    logger: silentLogger,
    clock: systemClock,
    onOffsetGap: 'fail',
  };
}

describeWithKafka('a kafka source', (kafka) => {
  sourceContract('on a broker', () => createHarness(kafka()), { hasKeys: true, isEndless: true, keepsCommits: true });
});

async function createHarness(kafka: TestKafka): Promise<SourceHarness> {
  const [topic, groupId] = [freshName('source'), freshName('group')];
  await kafka.createTopic(topic, 2);
  return {
    partitions: [0, 1].map((partition): TopicPartition => ({ topic, partition })),
    append: ({ partition }, records) =>
      kafka.produceAll(
        topic,
        records.map((record) => ({ partition, ...record })),
      ),
    open: () => createKafkaSource(options(kafka.brokers, topic, groupId)),
    committed: async ({ partition }) => (await kafka.committedOffsets(groupId, topic)).get(partition) ?? null,
    close: () => Promise.resolve(),
  };
}
