import type { DeadLetter } from '../../src/domain/dead-letter';
import type { Interaction } from '../../src/domain/interaction';
import type { Verdict } from '../../src/domain/verdict';
import { createKafkaDeadLetterSink, createKafkaVerdictSink, type MessageEncoder } from '../../src/outputs/kafka-sinks';
import { silentLogger } from '../../src/platform/logger';
import type { KafkaAccess } from '../../src/source/kafka-client';
import {
  assertTopicsUsable,
  checkTopics,
  createTopics,
  requiredTopics,
  type TopicPlan,
} from '../../src/source/kafka-topics';
import { kafkaOptions } from '../../src/source/options';
import { sinkContract, verdict } from '../contract/sinks-suite';
import { fromJson, toJson } from '../support/json-codec';
import { freeLoopbackPorts } from '../support/kafka/free-ports';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';

function access(brokers: readonly string[], more: object = {}): KafkaAccess {
  return {
    kafka: kafkaOptions.parse({ brokers: [...brokers], ...more }),
    environment: { PASSWORD: 'x' },
    logger: silentLogger,
  };
}

function jsonEncoder<T>(schema: string): MessageEncoder<T> {
  return { encode: (value) => ({ value: Buffer.from(toJson(value)), headers: { 'plumbline-schema': schema } }) };
}

describeWithKafka('topics on a broker', (kafka) => {
  const plans = (prefix: string) =>
    requiredTopics(prefix, { interactions: `${prefix}.in`, behaviour: `${prefix}.behaviour` });

  it('are reported when missing, created once, and then found to be in order but for a single broker', async () => {
    const prefix = freshName('p');
    const before = await checkTopics(access(kafka().brokers), plans(prefix));
    expect(before.filter(({ severity }) => severity === 'error').map(({ topic }) => topic)).toEqual(
      ['in', 'behaviour', 'verdicts', 'ledger', 'dead-letters'].map((name) => `${prefix}.${name}`),
    );
    expect(() => assertTopicsUsable(before)).toThrow(
      `topic ${prefix}.in does not exist: create it with \`plumbline topics create\``,
    );

    const created = await createTopics(access(kafka().brokers), plans(prefix));
    expect(created.sort()).toEqual(
      plans(prefix)
        .map(({ name }) => name)
        .sort(),
    );
    expect(await createTopics(access(kafka().brokers), plans(prefix))).toEqual([]);

    const after = await checkTopics(access(kafka().brokers), plans(prefix));
    expect(new Set(after.map(({ kind, severity }) => `${severity} ${kind}`))).toEqual(
      new Set(['warning replication', 'warning min_insync']),
    );
    expect(() => assertTopicsUsable(after)).not.toThrow();
  });

  it('are refused when the ledger has two partitions or is compacted', async () => {
    const prefix = freshName('p');
    const wrong = plans(prefix).map((plan): TopicPlan => {
      return plan.name === `${prefix}.ledger` ? { ...plan, partitions: 2, cleanupPolicy: 'compact' } : plan;
    });
    await createTopics(access(kafka().brokers), wrong);
    const findings = await checkTopics(access(kafka().brokers), plans(prefix));
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ kind }) => kind)).toEqual(['partitions', 'cleanup_policy']);
    expect(() => assertTopicsUsable(findings)).toThrow(`topic ${prefix}.ledger has 2 partitions`);
  });

  it('cannot be looked up where no broker listens', async () => {
    const [port] = await freeLoopbackPorts(1);
    const broker = `127.0.0.1:${port}`;
    await expect(checkTopics(access([broker]), plans('p'))).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      message: expect.stringContaining(broker) as string,
    });
  });

  it('cannot be looked up by whom the broker does not let in', async () => {
    const sasl = { mechanism: 'plain', username: 'nobody', passwordEnv: 'PASSWORD' };
    await expect(checkTopics(access(kafka().brokers, { sasl }), plans('p'))).rejects.toMatchObject({
      code: 'KAFKA_DENIED',
    });
  });

  describe('sinks', () => {
    sinkContract('kafka', {
      async verdicts() {
        const topic = freshName('verdicts');
        await kafka().createTopic(topic, 3);
        return {
          open: () =>
            createKafkaVerdictSink({ ...access(kafka().brokers), topic, encoder: jsonEncoder<Verdict>('verdict.v1') }),
          published: async () => (await kafka().readAll(topic)).map(({ value }) => fromJson(String(value))),
          close: () => Promise.resolve(),
        };
      },
      async deadLetters() {
        const topic = freshName('dead-letters');
        await kafka().createTopic(topic, 1);
        const encoder = jsonEncoder<DeadLetter>('dead-letter.v1');
        return {
          open: () => createKafkaDeadLetterSink({ ...access(kafka().brokers), topic, encoder }),
          published: async () => (await kafka().readAll(topic)).map(({ value }) => fromJson(String(value))),
          close: () => Promise.resolve(),
        };
      },
    });

    it('key verdicts by interaction, place them by conversation as Kafka would, and name the schema', async () => {
      const topic = freshName('verdicts');
      await kafka().createTopic(topic, 5);
      const encoder = jsonEncoder<Verdict>('verdict.v1');
      const sink = await createKafkaVerdictSink({ ...access(kafka().brokers), topic, encoder });
      const conversations = Array.from({ length: 40 }, (_, index) => `conversation-${index}-ü`);
      await sink.publish(conversations.flatMap((id) => [verdict(`${id}-1`, id), verdict(`${id}-2`, id)]));
      await sink.close();
      const published = await kafka().readAll(topic);
      expect(published).toHaveLength(80);

      // Keyed by conversation id and left to kafkajs' own partitioner.
      const reference = freshName('reference');
      await kafka().createTopic(reference, 5);
      await kafka().produceAll(
        reference,
        conversations.map((key) => ({ key, value: '' })),
      );
      const expected = new Map(
        (await kafka().readAll(reference)).map(({ key, partition }) => [String(key), partition]),
      );
      for (const { key, partition, headers, value } of published) {
        const { interactionId, conversationId } = fromJson(String(value)) as Verdict;
        expect(String(key)).toBe(interactionId);
        expect(partition).toBe(expected.get(conversationId));
        expect(String(headers['plumbline-schema'])).toBe('verdict.v1');
      }
    });

    it('publish a verdict that is too large without its interaction', async () => {
      const topic = freshName('verdicts');
      await kafka().createTopic(topic, 1);
      const encoder = jsonEncoder<Verdict>('verdict.v1');
      const sink = await createKafkaVerdictSink({ ...access(kafka().brokers), topic, encoder });
      const interaction = { facts: 'x'.repeat(2_000_000) } as unknown as Interaction;
      await sink.publish([{ ...verdict('large'), interaction }]);
      await sink.close();
      const [published] = await kafka().readAll(topic);
      expect(fromJson(String(published?.value))).toEqual(verdict('large'));
    });
  });
});
