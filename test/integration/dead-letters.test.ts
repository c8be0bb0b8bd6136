import { readFile, writeFile } from 'node:fs/promises';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, pricedAt, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { runCli } from '../support/run-cli';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };

describeWithKafka('dead letters', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const codec = createRecordCodec('interaction');
  const record = (id: string): string => {
    const producer = { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' };
    return JSON.stringify(codec.toJson(buildInteraction({ interactionId: id, conversationId: id, producer })));
  };

  const configOf = (prefix: string, maxRecordBytes: number, budget = {}, each = {}): string =>
    monitorConfig({
      ...readingKafka(prefix, { brokers: kafka().brokers, sessionTimeoutMs: 6000 }, { maxRecordBytes }),
      judges: threeJudges(judges.baseUrl, { each }),
      budget,
    });

  async function dlq<T>(monitor: RunningMonitor, code: number, ...args: string[]): Promise<T> {
    const result = await runCli(['dlq', ...args, '--config', monitor.configPath, '--json']);
    expect({ code: result.code, stderr: result.code === code ? '' : result.stderr }).toEqual({ code, stderr: '' });
    return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as T;
  }

  it('are listed, shown, judged again once their cause is gone, and counted once', async () => {
    const prefix = freshName('dlq');
    const small = 2048;
    await kafka().createTopic(`${prefix}.in`, 1);
    const monitor = await startMonitor({ config: configOf(prefix, small) });
    const large = JSON.parse(record('large')) as object;
    await kafka().produceAll(`${prefix}.in`, [
      { value: record('a') },
      { value: JSON.stringify({ ...large, reference_answer: 'x'.repeat(small) }) },
      { value: '{"no": "interaction"}' },
      { value: record('b') },
    ]);
    const reportWith = (replays: object) =>
      eventually(async () => {
        const { report } = await monitor.status();
        expect(report?.records).toMatchObject({ in: 4, judged: 2, dead_lettered: 2 });
        expect(report?.replays).toEqual(replays);
        return report;
      }, SECONDS);
    await reportWith({});
    await eventually(async () => {
      expect((await kafka().committedOffsets(`${prefix}-score`, `${prefix}.in`)).get(0)).toBe(4n);
    }, SECONDS);

    const [tooLarge, invalid] = [`${prefix}.in/0/1`, `${prefix}.in/0/2`];
    const { letters } = await dlq<{ letters: { id: string; reason: string }[] }>(monitor, 0, 'list');
    expect(letters.map(({ id }) => id)).toEqual([tooLarge, invalid]);
    expect(letters[0]?.reason).toBe('too_large');
    expect(await dlq(monitor, 0, 'show', tooLarge)).toMatchObject({ reason: 'too_large', in_source: true });
    const raw = await runCli(['dlq', 'show', invalid, '--raw', '--config', monitor.configPath]);
    expect(raw.stdout).toBe('{"no": "interaction"}');

    // Under a configuration that takes larger records one of the two can be used.
    const text = await readFile(monitor.configPath, 'utf8');
    await writeFile(monitor.configPath, text.replace(`maxRecordBytes: ${small}`, `maxRecordBytes: 1000000`));
    expect(await dlq(monitor, 1, 'replay', '--all')).toMatchObject({
      replayed: 1,
      left: 1,
      letters: [
        { id: tooLarge, result: 'judged', replayed: true },
        { id: invalid, replayed: false },
      ],
    });
    const report = await reportWith({ judged: 1 });
    expect(report?.criteria['helpful']).toMatchObject({ scored: 3 });

    const left = await dlq<{ letters: { id: string }[] }>(monitor, 0, 'list');
    expect(left.letters.map(({ id }) => id)).toEqual([invalid]);
    await dlq(monitor, 0, 'skip', invalid);
    expect(await dlq(monitor, 0, 'list')).toMatchObject({ total: 0 });
    expect(await dlq(monitor, 0, 'list', '--all')).toMatchObject({
      letters: [{ settled: 'replayed' }, { settled: 'skipped' }],
    });
    const missing = await runCli(['dlq', 'replay', `${prefix}.in/0/0`, '--config', monitor.configPath]);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toContain('no dead letter');
    expect((await monitor.stop()).code).toBe(0);
  });

  it('are replayed for what is left of the budget, and stay dead letters beyond it', async () => {
    const prefix = freshName('dlq');
    const small = 1024;
    await kafka().createTopic(`${prefix}.in`, 1);
    const costly = { maxOutputTokens: 100, ...pricedAt(1000) };
    const budget = { monthlyUsd: 100, goldenShare: 0, pacing: 'none' };
    const monitor = await startMonitor({ config: configOf(prefix, small, budget, costly) });
    const large = (id: string): string => {
      const plain = JSON.parse(record(id)) as object;
      return JSON.stringify({ ...plain, reference_answer: 'x'.repeat(small) });
    };
    await kafka().produceAll(
      `${prefix}.in`,
      Array.from({ length: 10 }, (_, i) => ({ value: large(`large-${i}`) })),
    );
    await eventually(async () => {
      expect((await kafka().committedOffsets(`${prefix}-score`, `${prefix}.in`)).get(0)).toBe(10n);
    }, SECONDS);
    const text = await readFile(monitor.configPath, 'utf8');
    await writeFile(monitor.configPath, text.replace(`maxRecordBytes: ${small}`, `maxRecordBytes: 1000000`));
    interface Replayed {
      readonly replayed: number;
      readonly left: number;
      readonly letters: readonly { readonly result: string; readonly replayed: boolean }[];
    }
    // A dollar a thousand tokens: a cheap call and two more cost several dollars at their bound.
    const { replayed, left, letters } = await dlq<Replayed>(monitor, 1, 'replay', '--all', '--budget', '10');
    expect(replayed).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(0);
    expect(new Set(letters.filter((one) => !one.replayed).map(({ result }) => result))).toEqual(
      new Set(['over_budget']),
    );
    expect(await dlq(monitor, 0, 'list')).toMatchObject({ total: left });
    await eventually(async () => {
      const { report } = await monitor.status();
      expect(report?.replays).toEqual({ judged: replayed });
      expect(report?.judge_cost_usd).toBeLessThanOrEqual(10);
    }, SECONDS);
    expect((await monitor.stop()).code).toBe(0);
  });
});
