import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { silentLogger } from '../../src/platform/logger';
import type { KafkaAccess } from '../../src/source/kafka-client';
import { countPartitions } from '../../src/source/kafka-client-admin';
import { openTopicProducer } from '../../src/source/kafka-client-producer';
import { kafkaOptions } from '../../src/source/options';
import { collect } from '../contract/source-suite';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { describeWithOwnKafka } from '../support/kafka/describe-with-kafka';
import { passwordOf, type SecuredSetup, securedSetup, tokenFor } from '../support/kafka/secured-kafka';
import { createTestKafka, freshName, type TestKafka } from '../support/kafka/test-kafka';
import { killMonitors, startMonitor } from '../support/running-monitor';
import { openSource } from './open-source';

const SECONDS = { timeoutMs: 60_000 };

type Grant = readonly [
  resource: 'TOPIC' | 'GROUP',
  name: string,
  pattern: 'LITERAL' | 'PREFIXED',
  ...operations: readonly ('READ' | 'WRITE' | 'DESCRIBE')[],
];

/** What docs/operations.md says that a monitor needs. */
const needed = (prefix: string, input: string): Grant[] => [
  ['TOPIC', input, 'LITERAL', 'READ'],
  ['TOPIC', `${prefix}.`, 'PREFIXED', 'READ', 'WRITE'],
  ['GROUP', `${prefix}-`, 'PREFIXED', 'READ'],
];

describeWithOwnKafka('a cluster that asks who one is', (startKafka) => {
  const users = ['ann', 'monitor', 'reader', 'writer'];
  let setup: SecuredSetup;
  let admin: TestKafka;
  let secured: string[];
  let judges: JudgeServer;
  beforeAll(async () => {
    setup = securedSetup(users);
    const cluster = await startKafka(setup.options);
    admin = createTestKafka(cluster.brokers);
    secured = cluster.further;
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(async () => {
    await judges.close();
    await admin.close();
    rmSync(setup.folder, { recursive: true, force: true });
  });

  const grant = async (user: string, grants: readonly Grant[]): Promise<void> => {
    const open = admin.client().admin();
    await open.connect();
    const acl = grants.flatMap(([resource, resourceName, pattern, ...operations]) =>
      operations.map((operation) => ({
        resourceType: AclResourceTypes[resource],
        resourceName,
        resourcePatternType: ResourcePatternTypes[pattern],
        principal: `User:${user}`,
        host: '*',
        operation: AclOperationTypes[operation],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    );
    await open.createAcls({ acl });
    await open.disconnect();
  };

  const saslOf = (mechanism: string, user: string): object =>
    mechanism === 'oauthbearer'
      ? { mechanism, tokenFile: join(setup.folder, `${user}.token`) }
      : { mechanism, username: user, passwordEnv: 'KAFKA_PASSWORD' };

  const accessAs = (user: string, mechanism = 'scram-sha-512', password = passwordOf(user)): KafkaAccess => {
    writeFileSync(join(setup.folder, `${user}.token`), tokenFor(user, Date.now()));
    const kafka = { brokers: secured, tls: { caFile: setup.caFile }, sasl: saslOf(mechanism, user) };
    return { kafka: kafkaOptions.parse(kafka), environment: { KAFKA_PASSWORD: password }, logger: silentLogger };
  };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'])(
    'lets a source read and a producer write over TLS by %s',
    async (mechanism) => {
      const topic = freshName('secured');
      const groupId = freshName('group');
      await admin.createTopic(topic, 1);
      await grant('ann', [
        ['TOPIC', topic, 'LITERAL', 'READ', 'WRITE'],
        ['GROUP', groupId, 'LITERAL', 'READ'],
      ]);
      const access = accessAs('ann', mechanism);
      const producer = await openTopicProducer(access, topic);
      await producer.send([{ partition: 0, key: null, value: Buffer.from('one'), headers: {} }]);
      await producer.close();
      const delivered = collect();
      const source = openSource({ brokers: secured }, [topic], groupId, access.kafka, access);
      await source.start(delivered);
      await eventually(() => expect(delivered.records.map(({ value }) => String(value))).toEqual(['one']), SECONDS);
      await source.commit([{ topic, partition: 0, offset: 1n }], delivered.epoch());
      await source.stop();
      expect(await admin.committedOffsets(groupId, topic)).toEqual(new Map([[0, 1n]]));
    },
  );

  it.each([
    ['a wrong password', (access: KafkaAccess) => ({ ...access, environment: { KAFKA_PASSWORD: 'guess' } })],
    [
      'a mechanism that it does not have',
      (access: KafkaAccess) => ({
        ...access,
        kafka: kafkaOptions.parse({ ...access.kafka, sasl: saslOf('scram-sha-256', 'nobody') }),
      }),
    ],
  ])('refuses %s with KAFKA_DENIED, at once', async (_what, spoil) => {
    const startedAt = performance.now();
    await expect(countPartitions(spoil(accessAs('ann')), 'any')).rejects.toMatchObject({ code: 'KAFKA_DENIED' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('is not trusted without its certificate, and that is what the error says', async () => {
    const access = accessAs('ann');
    const trusting = { ...access, kafka: kafkaOptions.parse({ ...access.kafka, tls: true }) };
    await expect(countPartitions(trusting, 'any')).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      message: expect.stringContaining('self-signed certificate') as string,
    });
  });

  const configOf = (user: string, prefix: string, topic: string): string => {
    const sasl = { mechanism: 'scram-sha-512', username: user, passwordEnv: 'KAFKA_PASSWORD' };
    const kafka = { brokers: secured, tls: { caFile: setup.caFile }, sasl };
    return monitorConfig({
      ...readingKafka(prefix, kafka, { topics: { interactions: topic, behaviour: null } }),
      judges: threeJudges(judges.baseUrl),
    });
  };

  /** Topics as `topics create` makes them, but made by the administrator. */
  const createTopics = async (prefix: string, topic: string): Promise<void> => {
    await admin.createTopic(topic, 1);
    const ours = ['verdicts', 'ledger', 'dead-letters', 'state', 'policy', 'artifacts', 'sessions', 'alerts'];
    await Promise.all(ours.map((name) => admin.createTopic(`${prefix}.${name}`, 1)));
  };

  const startAs = (user: string, prefix: string, topic: string): ReturnType<typeof startMonitor> =>
    startMonitor({
      config: configOf(user, prefix, topic),
      createTopics: false,
      env: { KAFKA_PASSWORD: passwordOf(user) },
    });

  it('lets a monitor run with no more rights than the operations page says', async () => {
    const [prefix, topic] = [freshName('least'), freshName('input')];
    await createTopics(prefix, topic);
    await grant('monitor', needed(prefix, topic));
    const monitor = await startAs('monitor', prefix, topic);
    const record = createRecordCodec('interaction').toJson(
      buildInteraction({ producer: { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' } }),
    );
    await admin.produceAll(topic, [{ value: JSON.stringify(record) }]);
    await eventually(async () => expect((await monitor.status()).report?.records.judged).toBe(1), SECONDS);
    expect((await monitor.stop()).code).toBe(0);
    expect((await admin.committedOffsets(`${prefix}-score`, topic)).get(0)).toBe(1n);
  });

  it.each([
    ['read its input', (prefix: string, input: string) => `TOPIC ${input}`],
    ['write its ledger', (prefix: string) => `TOPIC ${prefix}.`],
    ['join its groups', (prefix: string) => `GROUP ${prefix}-`],
  ])('ends a monitor that may not %s with KAFKA_DENIED and the name of it', async (_what, withheld) => {
    const [prefix, topic] = [freshName('denied'), freshName('input')];
    await createTopics(prefix, topic);
    const without = withheld(prefix, topic);
    // What may be seen is there to be denied.
    await grant(
      'reader',
      needed(prefix, topic).map(([resource, name, pattern, ...operations]): Grant => {
        return `${resource} ${name}` === without
          ? [resource, name, pattern, 'DESCRIBE']
          : [resource, name, pattern, ...operations];
      }),
    );
    const monitor = await startAs('reader', prefix, topic);
    const { code, stderr } = await monitor.exited;
    expect(code).toBe(1);
    expect(stderr).toContain('KAFKA_DENIED');
    expect(stderr).toContain(without.split(' ')[1]);
  });

  it('ends a monitor that may not even see its input with KAFKA_DENIED, not as if it were missing', async () => {
    const [prefix, topic] = [freshName('unseen'), freshName('input')];
    await createTopics(prefix, topic);
    await grant('writer', needed(prefix, topic).slice(1));
    const { code, stderr } = await (await startAs('writer', prefix, topic)).exited;
    expect(code).toBe(1);
    expect(stderr).toContain('KAFKA_DENIED');
    expect(stderr).toContain(topic);
  });
});
