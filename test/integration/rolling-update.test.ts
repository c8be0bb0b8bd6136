import { ledgerMessages } from '../../src/compose/codecs';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { type Manifest, openManifest } from '../../src/watch/checkpoint-manifest';
import { STATE_VERSION } from '../../src/watch/state';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { buildOfOlderState, type OlderStateBuild } from '../support/older-state-build';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

const SECONDS = { timeoutMs: 60_000 };
const PARTITIONS = 2;

describeWithKafka('an update that rolls over two replicas', (kafka) => {
  let judges: JudgeServer;
  let older: OlderStateBuild;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => completion(verdicts(request, { verdict: 'pass', confidence: 95 })));
    older = buildOfOlderState();
  });
  afterEach(killMonitors);
  afterAll(async () => {
    older.remove();
    await judges.close();
  });

  const configOf = (prefix: string): string =>
    monitorConfig({
      ...readingKafka(prefix, { brokers: kafka().brokers, sessionTimeoutMs: 6000 }),
      judges: threeJudges(judges.baseUrl),
      detectors: { targets: { offsetGap: 1 } },
      telemetry: { logLevel: 'info' },
    });

  const interactions = createRecordCodec('interaction');
  const producer = { ...buildInteraction({}).producer, provider: 'openai', model: 'gpt-4.1' };

  /** As many records more, over all partitions. */
  const traffic = (prefix: string): ((count: number) => Promise<number>) => {
    let sent = 0;
    return async (count) => {
      const messages = Array.from({ length: count }, () => {
        const n = sent++;
        const one = buildInteraction({ interactionId: `i-${n}`, conversationId: `c-${n}`, producer });
        return { partition: n % PARTITIONS, value: JSON.stringify(interactions.toJson(one)) };
      });
      await kafka().produceAll(`${prefix}.in`, messages);
      return sent;
    };
  };

  const leaveGap = async (prefix: string): Promise<void> => {
    const transactional = kafka()
      .client()
      .producer({ transactionalId: freshName('gap'), idempotent: true, maxInFlightRequests: 1 });
    await transactional.connect();
    const transaction = await transactional.transaction();
    await transaction.send({ topic: `${prefix}.in`, messages: [{ partition: 0, value: 'taken back' }] });
    await transaction.abort();
    await transactional.disconnect();
  };

  /** In the order in which they were written. */
  const manifestsOf = async (prefix: string): Promise<Manifest[]> =>
    (await kafka().readAll(`${prefix}.state`)).flatMap(({ value }) => openManifest(value ?? Buffer.alloc(0)) ?? []);

  const told = async (prefix: string): Promise<string[]> => {
    const codec = createRecordCodec('alert');
    const alerts = (await kafka().readAll(`${prefix}.alerts`)).map(({ value, headers }) =>
      codec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema'])),
    );
    return alerts.map(({ id, state }) => `${id} ${state}`);
  };

  const counts = async (one: RunningMonitor, records: number): Promise<void> => {
    await eventually(async () => expect((await one.status()).report?.records.in).toBe(records), SECONDS);
  };

  it('loses nothing, counts nothing twice, upgrades the state once, and the old version refuses the new state', async () => {
    const prefix = freshName('rolling');
    await kafka().createTopic(`${prefix}.in`, PARTITIONS);
    const config = configOf(prefix);
    const produce = traffic(prefix);
    const startOld = (createTopics: boolean): Promise<RunningMonitor> =>
      startMonitor({ config, createTopics, main: older.main });
    const startNew = (): Promise<RunningMonitor> => startMonitor({ config, createTopics: false });

    await produce(20);
    const oldA = await startOld(true);
    await counts(oldA, 20);
    await leaveGap(prefix);
    await produce(20);
    await eventually(async () => expect(await told(prefix)).toHaveLength(1), SECONDS);
    const oldB = await startOld(false);
    await counts(oldB, 40);

    await produce(20);
    expect((await oldA.stop()).code).toBe(0);
    expect((await manifestsOf(prefix)).map(({ state }) => state)).toEqual(expect.arrayContaining([older.stateVersion]));
    const newA = await startNew();
    const together = await produce(20);
    await Promise.all([counts(newA, together), counts(oldB, together)]);
    const [ofOld, ofNew] = await Promise.all([oldB.status(), newA.status()]);
    expect(ofNew.report?.criteria).toEqual(ofOld.report?.criteria);

    await produce(20);
    expect((await oldB.stop()).code).toBe(0);
    const newB = await startNew();
    const all = await produce(20);
    await Promise.all([counts(newA, all), counts(newB, all)]);
    expect((await newA.stop()).code).toBe(0);
    expect((await newB.stop()).code).toBe(0);

    const versions = (await manifestsOf(prefix)).map(({ state }) => state);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(versions.at(-1)).toBe(STATE_VERSION);

    const stateBefore = await kafka().readAll(`${prefix}.state`);
    const ledgerBefore = await kafka().readAll(`${prefix}.ledger`);
    const wayBack = await startOld(false);
    expect(await wayBack.exited).toMatchObject({ code: 2, stderr: expect.stringContaining('NEWER_STATE') as string });
    expect(await kafka().readAll(`${prefix}.state`)).toEqual(stateBefore);
    expect(await kafka().readAll(`${prefix}.ledger`)).toEqual(ledgerBefore);

    const source = await kafka().readAll(`${prefix}.in`);
    expect(source).toHaveLength(all);
    const lines = ledgerBefore
      .map(({ value, headers }) =>
        ledgerMessages.decode(value ?? Buffer.alloc(0), { 'plumbline-schema': String(headers['plumbline-schema']) }),
      )
      .flatMap((record) => (record.kind === 'outcome' ? [record] : []));
    const winners = new Map<string, string>();
    for (const { source: at, outcome } of lines) {
      const key = `${at.partition}@${at.offset}`;
      if (!winners.has(key)) winners.set(key, outcome);
    }
    expect(new Set(winners.keys())).toEqual(new Set(source.map(({ partition, offset }) => `${partition}@${offset}`)));
    expect([...winners.values()].filter((outcome) => outcome === 'judged')).toHaveLength(all);
    expect(new Set(await told(prefix)).size).toBe(1);
  });
});
