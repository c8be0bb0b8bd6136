import type { RunReport } from '../../src/compose/replay/run-report';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, pricedAt, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { runCli } from '../support/run-cli';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

describeWithKafka('a monitor with a budget on Kafka', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    const usage = { prompt_tokens: 3000, completion_tokens: 50 };
    judges = await startJudgeServer((request) =>
      completion(verdicts(request, { verdict: 'pass', confidence: 95 }), { usage }),
    );
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const codec = createRecordCodec('interaction');
  const record = (index: number): Buffer =>
    Buffer.from(
      JSON.stringify(
        codec.toJson(
          buildInteraction({
            interactionId: `i${index}`,
            conversationId: `c${index}`,
            producer: { ...buildInteraction().producer, model: 'gpt-4.1' },
          }),
        ),
      ),
    );

  async function start(budget: object): Promise<{ monitor: RunningMonitor; topic: string }> {
    const prefix = freshName('policy');
    const prices = { each: { maxOutputTokens: 100, ...pricedAt(10) }, mini: pricedAt(1) };
    const monitor = await startMonitor({
      config: monitorConfig({
        ...readingKafka(prefix, { brokers: kafka().brokers }),
        judges: threeJudges(judges.baseUrl, prices),
        budget,
      }),
    });
    return { monitor, topic: `${prefix}.in` };
  }

  const produce = (topic: string, from: number, to: number): Promise<void> =>
    kafka().produceAll(
      topic,
      Array.from({ length: to - from }, (_, i) => ({ value: record(from + i) })),
    );

  const afterRecords = (monitor: RunningMonitor, count: number): Promise<RunReport> =>
    eventually(
      async () => {
        const { report } = await monitor.status();
        if (report === null || report.records.in < count) throw new Error(`${report?.records.in ?? 0} of ${count}`);
        return report;
      },
      { timeoutMs: 120_000 },
    );

  it('waits for its first lease, judges what the budget pays for, and leaves the rest unjudged', async () => {
    const { monitor, topic } = await start({ monthlyUsd: 1, goldenShare: 0, pacing: 'none' });
    await produce(topic, 0, 400);
    const report = await afterRecords(monitor, 400);
    const { scored, unjudged, unjudged_reasons } = report.criteria['helpful']!;
    expect(scored).toBeGreaterThan(0);
    expect(unjudged_reasons).toMatchObject({ over_budget: unjudged });
    expect(scored + unjudged).toBe(400);
    expect(report.judge_cost_usd).toBeLessThanOrEqual(1);
    expect((await monitor.stop()).code).toBe(0);
  });

  it('stops calling a judge that is paused, and goes on when it is resumed', async () => {
    const { monitor, topic } = await start({});
    await produce(topic, 0, 20);
    await afterRecords(monitor, 20);
    const say = (verb: string): ReturnType<typeof runCli> =>
      runCli(['judges', verb, 'mini', '--reason', 'drifts', '--config', monitor.configPath]);
    expect(await say('pause')).toMatchObject({ code: 0 });
    const paused = await eventually(
      async () => {
        const { report } = await monitor.status();
        const done = report?.records.in ?? 0;
        await produce(topic, done, done + 5);
        const { unjudged_reasons } = (await afterRecords(monitor, done + 5)).criteria['helpful']!;
        expect(unjudged_reasons).toMatchObject({ paused: expect.any(Number) as number });
        return done + 5;
      },
      { timeoutMs: 60_000 },
    );
    expect(await say('resume')).toMatchObject({ code: 0 });
    const before = (await afterRecords(monitor, paused)).criteria['helpful']!.scored;
    await eventually(
      async () => {
        const done = (await monitor.status()).report?.records.in ?? 0;
        await produce(topic, done, done + 5);
        expect((await afterRecords(monitor, done + 5)).criteria['helpful']!.scored).toBeGreaterThan(before);
      },
      { timeoutMs: 60_000 },
    );
    expect((await monitor.stop()).code).toBe(0);
  });
});
