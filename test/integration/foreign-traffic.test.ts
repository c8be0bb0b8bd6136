import { parse } from 'yaml';
import type { Inspection } from '../../src/compose/setup/inspect';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { conversation, openInferenceSpan, span, toJsonRecord, toProtoRecord } from '../support/otlp';
import { runCli } from '../support/run-cli';
import { killMonitors, startMonitor } from '../support/running-monitor';

/** The recipes of docs/recipes, from the topic to the first verdict. */
describeWithKafka('traffic of somebody else', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const inspect = async (topic: string): Promise<Inspection> => {
    const { stdout, stderr } = await runCli(['inspect', '--topic', topic, '--brokers', ...kafka().brokers, '--json']);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Inspection;
  };
  const judgedWith = async (topic: string, source: object, wanted: number): Promise<object> => {
    const prefix = freshName('foreign');
    const topics = { interactions: topic, behaviour: null };
    const monitor = await startMonitor({
      config: monitorConfig({
        ...readingKafka(prefix, { brokers: kafka().brokers }, { ...source, topics }),
        judges: threeJudges(judges.baseUrl),
        models: [{ match: 'model-x', family: 'acme' }],
      }),
    });
    const recordsOf = async (): Promise<Readonly<Record<string, number>>> => {
      const { report } = await monitor.status();
      if (report === null || report.records.in < wanted) throw new Error(`${report?.records.in ?? 0} of ${wanted}`);
      return report.records;
    };
    return eventually(recordsOf, { timeoutMs: 60_000 });
  };

  it('as JSON of its own shape: inspect proposes what then reads and judges every record', async () => {
    const topic = freshName('gateway');
    await kafka().createTopic(topic, 2);
    const records = Array.from({ length: 12 }, (_, index) => ({
      request_id: `r-${index}`,
      session: `s-${index % 3}`,
      ts: 1_767_225_600 + index,
      response: { model: 'model-x', answer: 'It leaves today.' },
      prompt: 'Where is my order? Write to jo@example.com',
      tokens_out: '5',
    }));
    await kafka().produceAll(
      topic,
      records.map((record) => ({ key: record.session, value: JSON.stringify(record) })),
    );
    const inspection = await inspect(topic);
    expect(inspection).toMatchObject({ records: 12, shape: 'json', outcomes: { interaction: 12 }, faults: [] });
    expect(inspection.interactions).toHaveLength(5);
    expect(inspection.interactions[0]?.input).toEqual([
      { role: 'user', content: 'Where is my order? Write to [email]' },
    ]);
    expect(inspection.fill).toContainEqual(expect.objectContaining({ field: 'conversation_id', fill: 1 }));
    const { source } = parse(inspection.config) as { readonly source: object };
    expect(await judgedWith(topic, source, 12)).toMatchObject({ in: 12, judged: 12, dead_lettered: 0 });
  });

  it('as spans of a Collector, Protobuf and JSON on one topic: turns are judged, other traces filtered', async () => {
    const topic = freshName('otlp');
    await kafka().createTopic(topic, 1);
    const http = span({ name: 'GET /', traceId: 'a'.repeat(32), attributes: { 'http.request.method': 'GET' } });
    const values = [
      toProtoRecord(conversation()),
      toJsonRecord([{ ...openInferenceSpan(), traceId: 'b'.repeat(32) }]),
      toProtoRecord([http]),
    ];
    await kafka().produceAll(
      topic,
      values.map((value) => ({ value })),
    );
    const inspection = await inspect(topic);
    expect(inspection).toMatchObject({ shape: 'otlp', outcomes: { interaction: 2, filtered: 1 } });
    const { source } = parse(inspection.config) as { readonly source: object };
    expect(await judgedWith(topic, source, 3)).toMatchObject({ in: 3, judged: 2, filtered: 1 });
  });

  it('says of an empty topic that there is nothing to look at', async () => {
    const topic = freshName('empty');
    await kafka().createTopic(topic, 1);
    expect(await inspect(topic)).toMatchObject({ records: 0, shape: 'unreadable', interactions: [] });
  });
});
