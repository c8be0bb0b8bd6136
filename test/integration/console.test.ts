import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { killMonitors, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };
const HOUR_MS = 3_600_000;

interface Rows {
  readonly rows: readonly { readonly interaction_id: string; readonly worst_score: number | null }[];
}

interface AlertRows {
  readonly rows: readonly { readonly alert: { readonly state: string; readonly series: { readonly kind: string } } }[];
}

interface Detail {
  readonly conversation: readonly { readonly answered: string | null }[];
  readonly sessions: readonly object[];
}

/** Topics → store → API: what the demo shows from files, on a real broker. */
describeWithKafka('the console of a monitor on Kafka', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const configOf = (prefix: string): string =>
    monitorConfig({
      ...readingKafka(prefix, { brokers: kafka().brokers, sessionTimeoutMs: 6000 }),
      judges: threeJudges(judges.baseUrl),
      detectors: { targets: { offsetGap: 1 } },
      alerts: { observeDays: 0 },
      store: { path: ':memory:' },
    });

  const interactions = createRecordCodec('interaction');
  const produce = (prefix: string, id: string, conversationId: string, occurredAt: number): Promise<void> => {
    const base = buildInteraction({ interactionId: id, conversationId, occurredAt });
    // Of a family that none of the judges belongs to.
    const producer = { ...base.producer, provider: 'openai', model: 'gpt-4.1' };
    const interaction = { ...base, producer, output: { ...base.output, text: `the answer of ${id}` } };
    return kafka().produceAll(`${prefix}.in`, [{ value: JSON.stringify(interactions.toJson(interaction)) }]);
  };
  /** An offset that nothing is read from. */
  const leaveGap = async (prefix: string): Promise<void> => {
    const producer = kafka().client().producer({ transactionalId: prefix, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: `${prefix}.in`, messages: [{ value: 'taken back' }] });
    await transaction.abort();
    await producer.disconnect();
  };

  it('shows verdicts, sessions and alerts from their topics, and nothing more of what is erased', async () => {
    const prefix = freshName('console');
    await kafka().createTopic(`${prefix}.in`, 1);
    const monitor = await startMonitor({ config: configOf(prefix) });
    const start = Date.UTC(2026, 0, 1);
    await produce(prefix, 'first', 'c-1', start);
    await eventually(async () => expect((await monitor.status()).report?.records.in).toBe(1), SECONDS);
    await leaveGap(prefix);
    // Event time goes on, so that the session before is over.
    await produce(prefix, 'second', 'c-2', start + 3 * HOUR_MS);

    await eventually(async () => {
      const { rows } = await monitor.read<Rows>('/interactions?order=recent');
      expect(rows.map(({ interaction_id: id }) => id)).toEqual(['second', 'first']);
      expect(rows.every(({ worst_score: score }) => score !== null && score > 0.5)).toBe(true);
      const detail = await monitor.read<Detail>('/interactions/first');
      expect(detail.conversation).toMatchObject([{ answered: 'the answer of first' }]);
      expect(detail.sessions).toMatchObject([{ conversation_id: 'c-1' }]);
      const alerts = await monitor.read<AlertRows>('/alerts');
      expect(alerts.rows).toMatchObject([{ alert: { state: 'firing', series: { kind: 'offset_gap' } } }]);
    }, SECONDS);
    expect((await monitor.read<Rows>('/interactions?q=answer')).rows).toHaveLength(2);

    const receipt = await monitor.read<{ readonly places: readonly object[] }>('/erasures', {
      kind: 'conversation',
      id: 'c-1',
    });
    expect(receipt.places).toContainEqual(
      expect.objectContaining({ place: `${prefix}.verdicts: tombstones`, erased: 1 }),
    );
    const left = await monitor.read<Rows>('/interactions?q=answer');
    expect(left.rows.map(({ interaction_id: id }) => id)).toEqual(['second']);
    const tombstones = (await kafka().readAll(`${prefix}.verdicts`)).filter(({ value }) => value === null);
    expect(tombstones.map(({ key }) => String(key))).toEqual(['first']);
    expect((await monitor.stop()).code).toBe(0);
  });
});
