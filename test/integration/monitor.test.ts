import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RunReport } from '../../src/compose/replay/run-report';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { Producer } from '../../src/domain/interaction';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { startFakeRegistry } from '../support/fake-registry';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freeLoopbackPorts } from '../support/kafka/free-ports';
import { freshName } from '../support/kafka/test-kafka';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };

/** A model of a family that none of the judges belongs to. */
const SERVED: Producer = {
  provider: 'openai',
  model: 'gpt-4.1',
  modelVersion: null,
  route: 'primary',
  release: null,
  promptVersion: null,
};

/** Keys `format` and `mapping` of the `source` section of an example. */
function exampleSource(name: string): object {
  const text = readFileSync(join(__dirname, '..', '..', 'examples', name), 'utf8');
  return (parse(text) as { source: object }).source;
}

describeWithKafka('a monitor on Kafka', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const configOf = (prefix: string, source = {}, baseUrl = judges.baseUrl): string =>
    monitorConfig({
      ...readingKafka(prefix, { brokers: kafka().brokers }, source),
      judges: threeJudges(baseUrl),
    });
  const json = (value: unknown): string => JSON.stringify(value);
  const interactions = createRecordCodec('interaction');
  const interactionJson = (over: Parameters<typeof buildInteraction>[0]): Record<string, unknown> =>
    interactions.toJson(buildInteraction({ producer: SERVED, ...over })) as Record<string, unknown>;

  async function reportOnce(monitor: RunningMonitor, records: number): Promise<RunReport> {
    return eventually(async () => {
      const { report } = await monitor.status();
      if (report === null || report.records.in < records)
        throw new Error(`${report?.records.in ?? 0} of ${records} records`);
      return report;
    }, SECONDS);
  }

  /** A monitor on a fresh topic of the shape that an example maps. */
  async function startOnExample(name: string): Promise<{ prefix: string; monitor: RunningMonitor }> {
    const prefix = freshName('example');
    const monitor = await startMonitor({ config: configOf(prefix, exampleSource(name)) });
    return { prefix, monitor };
  }

  it('refuses to start without its topics, names them and the command that creates them', async () => {
    const prefix = freshName('missing');
    const monitor = await startMonitor({ createTopics: false, config: configOf(prefix) });
    const { code, stderr } = await monitor.exited;
    expect(code).toBe(2);
    expect(stderr).toContain(`topic ${prefix}.in does not exist: create it with \`plumbline topics create\``);
  });

  it('starts while a judge is down, is not ready and says why', async () => {
    const prefix = freshName('down');
    const [deaf] = await freeLoopbackPorts(1);
    const monitor = await startMonitor({ config: configOf(prefix, {}, `http://127.0.0.1:${deaf}/v1`) });
    await eventually(async () => {
      const { ready, reasons } = await monitor.readiness();
      expect(ready).toBe(false);
      expect(reasons).toContain(`judge mini at 127.0.0.1:${deaf} cannot be reached: ECONNREFUSED`);
      expect(reasons.filter((reason) => !reason.startsWith('judge '))).toEqual([]);
    }, SECONDS);
    await kafka().produceAll(`${prefix}.in`, [{ key: 'a', value: json(interactionJson({ interactionId: 'a' })) }]);
    const report = await reportOnce(monitor, 1);
    expect(report.records.judged).toBe(1);
    expect(report.criteria['helpful']).toMatchObject({ scored: 0, unjudged: 1, unjudged_reasons: { error: 1 } });
    expect((await monitor.stop()).code).toBe(0);
  });

  it('gives every kind of bad record its own place in the accounting and goes on', async () => {
    const prefix = freshName('bad');
    const registry = await startFakeRegistry();
    const topic = `${prefix}.in`;
    await kafka().createTopic(topic, 1, { 'max.message.bytes': '4194304' });
    const monitor = await startMonitor({ config: configOf(prefix, { registry: { url: registry.url } }) });
    const unknownSchema = Buffer.concat([Buffer.from([0, 0, 0, 0x27, 0x0f]), Buffer.from('anything')]);
    const good = interactionJson({ interactionId: 'good' });
    await kafka().produceAll(topic, [
      { key: 'k', value: Buffer.from([0xff, 0xfe, 0x01]) },
      { key: 'k', value: unknownSchema },
      { key: 'k', value: json({ ...good, interaction_id: 'typed', turn_index: 'three' }) },
      { key: 'k', value: json({ ...good, interaction_id: 'big', reference_answer: 'x'.repeat(2_000_000) }) },
      { key: 'k', value: json(good) },
      { key: 'k', value: json(good) },
      { key: 'k', value: json({ ...good, interaction_id: 'after' }) },
    ]);
    const report = await reportOnce(monitor, 7);
    expect(report.records).toMatchObject({ in: 7, judged: 2, dead_lettered: 4, duplicate: 1 });
    expect(report.criteria['helpful']).toMatchObject({ scored: 2, pass: 2 });
    expect((await monitor.stop()).code).toBe(0);
    const codec = createRecordCodec('dead-letter');
    const letters = (await kafka().readAll(`${prefix}.dead-letters`)).map(({ value, headers }) =>
      codec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema'])),
    );
    const byOffset = letters.sort((a, b) => Number(a.source.offset - b.source.offset));
    expect(byOffset.map(({ reason }) => reason)).toEqual(['undecodable', 'unknown_schema', 'wrong_type', 'too_large']);
    expect(byOffset[2]?.detail).toContain('turn_index');
    expect(byOffset[1]?.schemaId).toBe(9999);
    expect(byOffset[3]?.sizeBytes).toBeGreaterThan(2_000_000);
    await registry.close();
  });

  it('publishes each session to a topic as it closes', async () => {
    const prefix = freshName('sessions');
    const topic = `${prefix}.in`;
    await kafka().createTopic(topic, 1);
    const monitor = await startMonitor({ config: configOf(prefix) });
    const start = Date.UTC(2026, 0, 1);
    const record = (id: string, conversationId: string, minute: number): { key: string; value: string } => {
      const occurredAt = start + minute * 60_000;
      const interaction = interactionJson({ interactionId: id, conversationId, conversationKnown: true, occurredAt });
      return { key: conversationId, value: json(interaction) };
    };
    await kafka().produceAll(topic, [record('a', 'one', 0), record('b', 'one', 1), record('c', 'two', 120)]);
    const codec = createRecordCodec('session-outcome');
    await eventually(async () => {
      const sessions = (await kafka().readAll(`${prefix}.sessions`)).map(({ key, value, headers }) => ({
        key: String(key),
        ...codec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema'])),
      }));
      expect(sessions).toMatchObject([{ key: `one@${start}`, conversationId: 'one', turns: 2, ending: 'ended' }]);
    }, SECONDS);
    expect((await monitor.stop()).code).toBe(0);
  });

  it('reads a log of chat completions by configuration alone', async () => {
    const { prefix, monitor } = await startOnExample('openai-log.yaml');
    const exchange = {
      ts: 1767225600,
      session: 'c-81',
      turn: 2,
      tags: { product: 'support', locale: 'en' },
      request: { model: 'gpt-4.1', messages: [{ role: 'user', content: 'Where is my order?' }] },
      response: {
        id: 'chatcmpl-1',
        model: 'gpt-4.1-2025-04-14',
        choices: [
          { finish_reason: 'stop', message: { role: 'assistant', content: 'It leaves today.', refusal: null } },
        ],
        usage: { prompt_tokens: 412, completion_tokens: 18 },
      },
    };
    await kafka().produceAll(`${prefix}.in`, [
      { value: json(exchange) },
      { value: json({ ts: 1767225601, request: { model: 'text-embedding-3' } }) },
      { value: json({ ...exchange, response: { ...exchange.response, id: undefined } }) },
    ]);
    const report = await reportOnce(monitor, 3);
    expect(report.records).toMatchObject({ judged: 1, filtered: 1, dead_lettered: 1 });
    expect(report.criteria['helpful']).toMatchObject({ scored: 1, pass: 1 });
    expect(report.estimates.map(({ segment }) => segment)).toContain('model=gpt-4.1-2025-04-14');
    expect((await monitor.stop()).code).toBe(0);
  });

  it('reads the flat log of a gateway by configuration alone', async () => {
    const { prefix, monitor } = await startOnExample('gateway-log.yaml');
    const call = {
      request_id: 'r-1',
      timestamp: '2026-01-01T00:00:00Z',
      app: 'support',
      provider: 'groq',
      model: 'llama-3.3-70b-versatile',
      prompt: 'Where is my order?',
      completion: 'It leaves today.',
      stop_reason: 'eos',
      tokens_in: '412',
      status: 200,
    };
    await kafka().produceAll(`${prefix}.in`, [
      { value: json(call) },
      { value: json({ ...call, request_id: 'r-2', status: 500 }) },
      { value: json({ ...call, request_id: 'r-3', app: 'internal' }) },
    ]);
    const report = await reportOnce(monitor, 3);
    expect(report.records).toMatchObject({ judged: 1, filtered: 2 });
    expect((await monitor.stop()).code).toBe(0);
  });
});
