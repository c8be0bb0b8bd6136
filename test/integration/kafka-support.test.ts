import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { kafkaAvailability, skipLoudly } from '../support/kafka/availability';
import { describeWithKafka, describeWithOwnKafka } from '../support/kafka/describe-with-kafka';
import { createTestKafka, freshName, type TestKafka } from '../support/kafka/test-kafka';

describe('the choice of a broker', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });

  it('is the one that KAFKA_BROKERS names, if it names any', () => {
    process.env['KAFKA_BROKERS'] = 'one:9092, two:9092';
    expect(kafkaAvailability()).toEqual({ kind: 'external', brokers: ['one:9092', 'two:9092'] });
  });

  it('is none, with the reason, where nothing is named and nothing can be started', () => {
    delete process.env['KAFKA_BROKERS'];
    process.env['PATH'] = '';
    expect(kafkaAvailability()).toEqual({ kind: 'none', why: 'KAFKA_BROKERS is unset and mvn is not on PATH' });
  });

  it('never skips a suite in a run that requires all of them', () => {
    process.env['PLUMBLINE_REQUIRE_ALL'] = '1';
    expect(() => skipLoudly('"a suite"', { kind: 'none', why: 'mvn is not on PATH' })).toThrow(
      'PLUMBLINE_REQUIRE_ALL=1 forbids skipping "a suite": mvn is not on PATH',
    );
  });
});

describeWithKafka('the shared broker', (kafka) => {
  it('serves clients at the addresses it announces', async () => {
    const admin = kafka().client().admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();
    expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(expect.arrayContaining([...kafka().brokers]));
  });

  it('creates a topic with the partitions and the configuration asked for, once', async () => {
    const topic = freshName('topic');
    await kafka().createTopic(topic, 3, { 'cleanup.policy': 'compact' });
    await expect(kafka().createTopic(topic, 3)).rejects.toThrow(`the topic ${topic} exists already`);

    const admin = kafka().client().admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames: ['cleanup.policy'] }],
    });
    await admin.disconnect();
    expect(topics[0]?.partitions).toHaveLength(3);
    expect(resources[0]?.configEntries[0]?.configValue).toBe('compact');
  });

  it('gives back every message with its key, value, headers and timestamp, in order within a partition', async () => {
    const topic = freshName('topic');
    await kafka().createTopic(topic, 2);
    await kafka().produceAll(topic, [
      { partition: 1, key: 'b', value: 'first', timestamp: '1700000000123', headers: { trace: Buffer.of(0, 255) } },
      { partition: 0, key: 'a', value: 'only', headers: { tenant: 'acme', kind: 'chat' } },
      { partition: 1, key: 'b', value: null },
    ]);

    const records = await kafka().readAll(topic);

    expect(records.map(({ partition, offset }) => `${partition}/${offset}`)).toEqual(['0/0', '1/0', '1/1']);
    expect(records.map(({ key }) => key?.toString())).toEqual(['a', 'b', 'b']);
    expect(records.map(({ value }) => value?.toString())).toEqual(['only', 'first', undefined]);
    expect(records[0]?.headers).toEqual({ tenant: Buffer.from('acme'), kind: Buffer.from('chat') });
    expect(records[1]?.headers).toEqual({ trace: Buffer.of(0, 255) });
    expect(records[1]?.timestampMs).toBe(1_700_000_000_123);
  });

  it('takes more at once than fits into one batch of the protocol', async () => {
    const topic = freshName('topic');
    await kafka().createTopic(topic, 1);
    await kafka().produceAll(
      topic,
      Array.from({ length: 300 }, () => ({ value: Buffer.alloc(10_000) })),
    );
    expect(await kafka().readAll(topic)).toHaveLength(300);
  });

  it('reads an empty topic as no records', async () => {
    const topic = freshName('topic');
    await kafka().createTopic(topic, 4);
    expect(await kafka().readAll(topic)).toEqual([]);
  });

  it('tells what a group has committed, and nothing of partitions it has not', async () => {
    const topic = freshName('topic');
    const group = freshName('group');
    await kafka().createTopic(topic, 2);
    await kafka().produceAll(topic, [
      { partition: 1, value: 'handled' },
      { partition: 1, value: 'not yet' },
    ]);
    await commit(kafka(), group, topic, { partition: 1, offset: 1n });
    expect(await kafka().committedOffsets(group, topic)).toEqual(new Map([[1, 1n]]));
  });
});

describeWithOwnKafka('a broker of its own', (start) => {
  it('keeps records and commits through kill -9 and a restart at the same address', async () => {
    const cluster = await start();
    const kafka = createTestKafka(cluster.brokers);
    const topic = freshName('topic');
    const group = freshName('group');
    await kafka.createTopic(topic, 1);
    await kafka.produceAll(topic, [{ value: 'before' }, { value: 'the crash' }]);
    await commit(kafka, group, topic, { partition: 0, offset: 1n });

    await cluster.kill(1);
    await expect(answers(cluster.brokers)).resolves.toBe(false);
    await cluster.restart(1);

    const values = (await kafka.readAll(topic)).map(({ value }) => value?.toString());
    expect(values).toEqual(['before', 'the crash']);
    expect(await kafka.committedOffsets(group, topic)).toEqual(new Map([[0, 1n]]));
    await kafka.close();
  });

  it('leaves no process and no folder once it is stopped', async () => {
    const cluster = await start();
    const folder = folderOf(cluster.brokers);
    const pids = brokerAndReaper(folder);

    await cluster.stop();

    expect(existsSync(folder)).toBe(false);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('leaves no process and no folder when the process that started it is killed', async () => {
    const sandbox = mkdtempSync(join(tmpdir(), 'kafka-support-'));
    // It stays alive until it is killed: its brokers alone do not keep a process running.
    const script = `
      setInterval(() => undefined, 1_000);
      require('./test/support/kafka/kafka-broker').startKafka().then((cluster) => console.log(cluster.brokers[0]));
    `;
    const starter = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      cwd: join(__dirname, '../..'),
      env: { ...process.env, TMPDIR: sandbox },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [address] = (await once(starter.stdout, 'data')) as [Buffer];
    expect(await answers([address.toString().trim()])).toBe(true);
    expect(clusterFolders(sandbox)).toHaveLength(1);
    const pids = brokerAndReaper(sandbox);

    starter.kill('SIGKILL');

    await eventually(() => expect(clusterFolders(sandbox)).toEqual([]));
    await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
    rmSync(sandbox, { recursive: true });
  });

  it('says what the broker said when it cannot start', async () => {
    await expect(start({ properties: { 'log.segment.bytes': 'plenty' } })).rejects.toThrow(/plenty/);
  });
});

const itWhenSlow = process.env['PLUMBLINE_SLOW'] === '1' ? it : it.skip;

describeWithOwnKafka('three brokers (run with PLUMBLINE_SLOW=1)', (start) => {
  itWhenSlow('elect another leader when the leader is killed, and lose nothing', async () => {
    const cluster = await start({ nodes: 3 });
    const kafka = createTestKafka(cluster.brokers);
    const topic = freshName('topic');
    await kafka.createTopic(topic, 1);
    await kafka.produceAll(topic, [{ value: 'before' }]);
    const before = await describePartition(kafka, topic);
    expect(before.replicas).toHaveLength(3);

    await cluster.kill(before.leader);
    await eventually(
      async () => {
        const { leader } = await describePartition(kafka, topic);
        expect([1, 2, 3].filter((node) => node !== before.leader)).toContain(leader);
      },
      { timeoutMs: 20_000 },
    );
    await kafka.produceAll(topic, [{ value: 'after' }]);
    await cluster.restart(before.leader);

    expect((await kafka.readAll(topic)).map(({ value }) => value?.toString())).toEqual(['before', 'after']);
    await eventually(async () => expect((await describePartition(kafka, topic)).isr).toHaveLength(3));
    await kafka.close();
  });
});

async function commit(
  kafka: TestKafka,
  groupId: string,
  topic: string,
  { partition, offset }: { readonly partition: number; readonly offset: bigint },
): Promise<void> {
  const consumer = kafka.client().consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  const joined = new Promise((settle) => consumer.on(consumer.events.GROUP_JOIN, settle));
  await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
  await joined;
  await consumer.commitOffsets([{ topic, partition, offset: String(offset) }]);
  await consumer.disconnect();
}

async function describePartition(
  kafka: TestKafka,
  topic: string,
): Promise<{ leader: number; replicas: number[]; isr: number[] }> {
  const admin = kafka.client().admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partition = topics[0]?.partitions[0];
    if (partition === undefined) throw new Error(`${topic} has no partition`);
    return partition;
  } finally {
    await admin.disconnect();
  }
}

/** Whether anything accepts connections at the first address. */
async function answers([broker = '']: readonly string[]): Promise<boolean> {
  const [host, port] = broker.split(':');
  const socket = connect({ host: host ?? '', port: Number(port) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The temporary folder of the cluster with these addresses. */
function folderOf([broker = '']: readonly string[]): string {
  const config = (name: string): string => join(tmpdir(), name, 'node-1', 'server.properties');
  const isItsOwn = (name: string): boolean =>
    existsSync(config(name)) && readFileSync(config(name), 'utf8').includes(broker);
  const found = clusterFolders(tmpdir()).find(isItsOwn);
  if (found === undefined) throw new Error(`no folder belongs to ${broker}`);
  return join(tmpdir(), found);
}

function clusterFolders(parent: string): string[] {
  return readdirSync(parent).filter((name) => name.startsWith('plumbline-kafka-'));
}

/** The ids of the two processes whose command lines name the folder. */
function brokerAndReaper(folder: string): number[] {
  const listed = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  const found = listed.split('\n').filter((line) => line.includes(folder));
  expect(found).toHaveLength(2);
  return found.map((line) => Number.parseInt(line, 10));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
