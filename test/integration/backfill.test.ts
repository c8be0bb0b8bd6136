import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerMessages } from '../../src/compose/codecs';
import type { RunReport } from '../../src/compose/replay/run-report';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, pricedAt, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { runCli } from '../support/run-cli';
import { killMonitors, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };
const NOON = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;

describeWithKafka('a backfill from a topic', (kafka) => {
  let judges: JudgeServer;
  let out: string;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
    out = await mkdtemp(join(tmpdir(), 'plumbline-backfill-'));
  });
  afterEach(killMonitors);
  afterAll(async () => {
    await judges.close();
    await rm(out, { recursive: true, force: true });
  });

  const codec = createRecordCodec('interaction');
  const producer = { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' };
  /** One a minute from noon on, on two partitions in turn, with that time in Kafka and in the record. */
  const message = (n: number): { partition: number; timestamp: string; value: string } => {
    const occurredAt = NOON + n * MINUTE;
    const interaction = buildInteraction({ interactionId: `i-${n}`, conversationId: `c-${n}`, occurredAt, producer });
    return { partition: n % 2, timestamp: String(occurredAt), value: JSON.stringify(codec.toJson(interaction)) };
  };

  it('reads a stretch of time beside the live monitor, into a ledger of its own, at event time', async () => {
    const prefix = freshName('backfill');
    const topic = `${prefix}.in`;
    await kafka().createTopic(topic, 2);
    await kafka().produceAll(
      topic,
      Array.from({ length: 60 }, (_, n) => message(n)),
    );
    const monitor = await startMonitor({
      config: monitorConfig({
        ...readingKafka(prefix, { brokers: kafka().brokers, sessionTimeoutMs: 6000 }),
        judges: threeJudges(judges.baseUrl, { mini: pricedAt(1000) }),
      }),
    });
    const committed = async (): Promise<bigint> =>
      [...(await kafka().committedOffsets(`${prefix}-score`, topic)).values()].reduce((a, b) => a + b, 0n);
    await eventually(async () => expect(await committed()).toBe(60n), SECONDS);

    const replay = async (...args: string[]): Promise<RunReport> => {
      const range = ['--topic', topic, '--from', '2026-03-01T12:10:00Z', '--to', '2026-03-01T12:40:00Z'];
      const result = await runCli([
        'replay',
        '--config',
        monitor.configPath,
        ...range,
        '--out',
        out,
        '--json',
        ...args,
      ]);
      expect({ code: result.code, stderr: result.code === 0 ? '' : result.stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(result.stdout) as RunReport;
    };
    const startedAt = Date.now();
    const report = await replay('--rate', '10');
    expect(report.records).toMatchObject({ in: 30, judged: 30 });
    expect(report.criteria['helpful']).toMatchObject({ scored: 30 });
    // 30 records at 10 a second.
    expect(Date.now() - startedAt).toBeGreaterThan(2_500);

    const sessions = (await readFile(join(out, 'sessions.jsonl'), 'utf8')).trim().split('\n');
    expect(sessions).toHaveLength(30);
    const first = JSON.parse(sessions[0] ?? '') as Record<string, unknown>;
    expect(JSON.stringify(first)).toContain(String(NOON + 10 * MINUTE));

    // The live ledger and the live group know nothing of it.
    const lines = (await kafka().readAll(`${prefix}.ledger`)).map(({ value, headers }) =>
      ledgerMessages.decode(value ?? Buffer.alloc(0), { 'plumbline-schema': String(headers['plumbline-schema']) }),
    );
    expect(lines.filter(({ kind }) => kind === 'outcome')).toHaveLength(60);
    expect(await committed()).toBe(60n);

    const bounded = await replay('--budget', '0.000001');
    expect(bounded.records.in).toBe(30);
    expect(bounded.judge_calls).toBe(0);

    const nothing = await runCli([
      'replay',
      '--config',
      monitor.configPath,
      ...['--topic', topic, '--from', '2026-03-02T12:00:00Z', '--out', out, '--json'],
    ]);
    expect(nothing.code).toBe(0);
    expect((JSON.parse(nothing.stdout) as RunReport).records.in).toBe(0);
    expect(nothing.stderr).toContain('the topics hold no records of that time');
    expect((await monitor.stop()).code).toBe(0);
  });
});
