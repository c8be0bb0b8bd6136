import { foldOptionsOf } from '../../src/compose/ledger/fold';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { Alert } from '../../src/domain/alert';
import { decodeCheckpoint, manifestsOf } from '../../src/watch/checkpoint';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { killMonitors, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };

describeWithKafka('alerts of a monitor on Kafka', (kafka) => {
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
      sampling: { rate: 0 },
      detectors: { targets: { offsetGap: 1 } },
    });

  const interactions = createRecordCodec('interaction');
  const produce = (prefix: string, ...ids: string[]): Promise<void> =>
    kafka().produceAll(
      `${prefix}.in`,
      ids.map((interactionId) => ({
        value: JSON.stringify(
          interactions.toJson(buildInteraction({ interactionId, occurredAt: Date.UTC(2026, 0, 1) })),
        ),
      })),
    );

  /** Two offsets that nothing is read from. */
  const leaveGap = async (prefix: string): Promise<void> => {
    const transactionalId = freshName('gap');
    const producer = kafka().client().producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: `${prefix}.in`, messages: [{ value: 'taken back' }] });
    await transaction.abort();
    await producer.disconnect();
  };

  const published = async (prefix: string): Promise<Alert[]> => {
    const codec = createRecordCodec('alert');
    return (await kafka().readAll(`${prefix}.alerts`)).map(({ value, headers }) =>
      codec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema'])),
    );
  };

  const checkpointed = async (prefix: string): Promise<Alert[]> => {
    const loaded = loadMonitorConfig({ text: { name: 'test', text: configOf(prefix) }, env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const stored = new Map<string, Buffer>();
    for (const { key, value } of await kafka().readAll(`${prefix}.state`)) {
      if (value === null) stored.delete(String(key));
      else stored.set(String(key), value);
    }
    const [latest] = manifestsOf(stored);
    if (latest === undefined) return [];
    const options = foldOptionsOf(loaded.value.config);
    const state = await decodeCheckpoint(
      latest,
      stored,
      options,
      () => Promise.resolve(),
      () => 0,
    );
    if (state === null) throw new Error('the latest checkpoint cannot be read');
    return [...state.alerts.alerts.values()];
  };

  it('are on their topic before a checkpoint covers them, and are one alert however often the monitor is killed', async () => {
    const prefix = freshName('alerts');
    await kafka().createTopic(`${prefix}.in`, 1);
    const config = configOf(prefix);
    await produce(prefix, 'a', 'b');

    const first = await startMonitor({ config, failpoint: 'alert_sent:1' });
    await eventually(async () => expect((await first.status()).report?.records.in).toBe(2), SECONDS);
    await leaveGap(prefix);
    await produce(prefix, 'c');
    expect((await first.exited).code).toBeNull();
    const [told, ...others] = await published(prefix);
    expect(told).toMatchObject({ state: 'firing', series: { kind: 'offset_gap', criterion: `${prefix}.in/0` } });
    expect(others).toEqual([]);
    expect(await checkpointed(prefix)).toEqual([]);

    const second = await startMonitor({ config, createTopics: false, failpoint: 'snapshot_acked:1' });
    expect((await second.exited).code).toBeNull();
    expect(await checkpointed(prefix)).toMatchObject([{ id: told?.id, state: 'firing' }]);
    const afterSecond = await published(prefix);

    const third = await startMonitor({ config, createTopics: false });
    await produce(prefix, 'd');
    await eventually(async () => expect((await third.status()).report?.records.in).toBe(4), SECONDS);
    expect((await third.stop()).code).toBe(0);
    const all = await published(prefix);
    expect(new Set(all.map(({ id, state }) => `${id} ${state}`))).toEqual(new Set([`${told?.id} firing`]));
    // What a checkpoint covers is not told again.
    expect(all).toHaveLength(afterSecond.length);
  });
});
