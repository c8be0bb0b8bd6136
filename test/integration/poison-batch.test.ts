import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompressionTypes, Partitioners } from 'kafkajs';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { MAX_UNPACKED_BYTES, registerCodecs } from '../../src/source/kafka-codecs';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { runCli } from '../support/run-cli';
import { killMonitors, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };

describeWithKafka('a batch that no client can read', (kafka) => {
  let judges: JudgeServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'poison-'));
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(async () => {
    await judges.close();
    await rm(folder, { recursive: true, force: true });
  });

  const codec = createRecordCodec('interaction');
  const producerModel = { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' };
  const record = (id: string): string =>
    JSON.stringify(codec.toJson(buildInteraction({ interactionId: id, conversationId: id, producer: producerModel })));

  const configOf = (prefix: string): string =>
    monitorConfig({
      ...readingKafka(prefix, { brokers: kafka().brokers, sessionTimeoutMs: 6000 }),
      judges: threeJudges(judges.baseUrl),
    });

  /** One batch of three records that unpack to more than memory should hold. */
  const produceBomb = async (topic: string): Promise<void> => {
    registerCodecs();
    const producer = kafka().client().producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const value = Buffer.alloc(Math.ceil(MAX_UNPACKED_BYTES / 3) + 1);
    const messages = [value, value, value].map((each) => ({ partition: 0, value: each }));
    await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
    await producer.disconnect();
  };

  it('ends the monitor with its place, is passed over when told to, and every offset is accounted for', async () => {
    const prefix = freshName('poison');
    const topic = `${prefix}.in`;
    await kafka().createTopic(topic, 1, { 'max.message.bytes': '10000000' });
    await kafka().produceAll(topic, [{ value: record('a') }, { value: record('b') }]);
    await produceBomb(topic);
    await kafka().produceAll(topic, [{ value: record('c') }]);
    const monitor = await startMonitor({ config: configOf(prefix) });
    const { code, stderr } = await monitor.exited;
    expect(code).toBe(3);
    expect(stderr).toContain(`it is in ${topic}/0 at offset 2`);

    const configPath = join(folder, 'plumbline.yaml');
    await writeFile(configPath, configOf(prefix));
    const dlq = async (wanted: number, ...args: string[]): Promise<Record<string, unknown>> => {
      const result = await runCli(['dlq', ...args, '--config', configPath, '--json']);
      expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: wanted });
      return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    };
    expect(await dlq(0, 'skip', '--batch', `${topic}/0`)).toEqual({
      topic,
      partition: 0,
      from: 2,
      to: 5,
      skipped: 3,
      before: 2,
    });

    const after = await startMonitor({ config: configOf(prefix), createTopics: false });
    const reportWith = (wanted: object): Promise<void> =>
      eventually(async () => expect((await after.status()).report).toMatchObject(wanted), SECONDS);
    await reportWith({ records: { in: 6, judged: 1, dead_lettered: 5 } });
    const running = await runCli(['dlq', 'skip', '--batch', `${topic}/0`, '--config', configPath]);
    expect(running).toMatchObject({ code: 2, stderr: expect.stringContaining('stop all replicas first') as string });

    // Those before the batch are judged after all; the letter that stands for the batch asks for nothing.
    expect(await dlq(0, 'list')).toMatchObject({ total: 2 });
    expect(await dlq(0, 'replay', '--all')).toMatchObject({ replayed: 2, left: 0 });
    await reportWith({ records: { in: 6, judged: 1, dead_lettered: 5 }, replays: { judged: 2 } });
    expect((await after.stop()).code).toBe(0);
    const nothing = await runCli(['dlq', 'skip', '--batch', `${topic}/0`, '--config', configPath]);
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing to skip') as string });
  });
});
