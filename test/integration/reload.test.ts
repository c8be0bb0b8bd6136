import { readFile, writeFile } from 'node:fs/promises';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { killMonitors, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };

describeWithKafka('a running monitor', (kafka) => {
  let judges: JudgeServer;
  const asked: string[] = [];
  beforeAll(async () => {
    judges = await startJudgeServer((request) => {
      asked.push(request.user.includes('the user') || request.system.includes('the user') ? 'new' : 'old');
      return completion(verdicts(request, { verdict: 'pass', confidence: 95 }));
    });
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const codec = createRecordCodec('interaction');
  const producer = { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' };
  const record = (id: string): { value: string } => ({
    value: JSON.stringify(codec.toJson(buildInteraction({ interactionId: id, conversationId: id, producer }))),
  });

  it('takes a new configuration at SIGHUP as a whole, and keeps the old one when the new one is bad', async () => {
    const prefix = freshName('reload');
    const monitor = await startMonitor({
      config: monitorConfig({
        ...readingKafka(prefix, { brokers: kafka().brokers, sessionTimeoutMs: 6000 }),
        judges: threeJudges(judges.baseUrl),
      }),
    });
    await eventually(async () => expect(await monitor.readiness()).toMatchObject({ ready: true }), SECONDS);
    const judged = (count: number) =>
      eventually(async () => {
        const { report } = await monitor.status();
        expect(report?.criteria['helpful']?.scored).toBe(count);
      }, SECONDS);
    const configInForce = async (): Promise<string> =>
      /config_info\{hash="(\w+)"\}/.exec(await monitor.metrics())?.[1] ?? '';
    const reloads = async (result: string): Promise<number> =>
      Number(new RegExp(`config_reload_total\\{result="${result}"\\} (\\d+)`).exec(await monitor.metrics())?.[1]);

    await kafka().produceAll(`${prefix}.in`, [record('a')]);
    await judged(1);
    const [before, text] = [await configInForce(), await readFile(monitor.configPath, 'utf8')];

    await writeFile(monitor.configPath, `${text}\nnonsense: true\n`);
    monitor.signal('SIGHUP');
    await eventually(async () => expect(await reloads('invalid')).toBeGreaterThan(0), SECONDS);
    expect(await configInForce()).toBe(before);
    await kafka().produceAll(`${prefix}.in`, [record('b')]);
    await judged(2);
    expect(asked).not.toContain('new');

    await writeFile(monitor.configPath, text.replace('Does the answer help?', 'Does the answer help the user?'));
    monitor.signal('SIGHUP');
    await eventually(async () => expect(await reloads('ok')).toBe(1), SECONDS);
    await eventually(async () => expect(await configInForce()).not.toBe(before), SECONDS);
    await kafka().produceAll(`${prefix}.in`, [record('c')]);
    await judged(3);
    expect(asked.at(-1)).toBe('new');
    expect((await monitor.stop()).code).toBe(0);
  });
});
