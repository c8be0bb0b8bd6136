import { partitionKey, type TopicPartition } from '../../src/domain/coordinates';
import type { Source } from '../../src/source/port';
import { collect, lines, sourceContract, type SourceHarness } from '../contract/source-suite';
import { eventually } from '../support/eventually';
import { createSlowWorker } from '../support/fakes/slow-worker';
import { describeWithKafka, describeWithOwnKafka } from '../support/kafka/describe-with-kafka';
import { createTestKafka, freshName, type TestKafka } from '../support/kafka/test-kafka';
import { openSource } from './open-source';

const PATIENT = { timeoutMs: 45_000 };

describeWithKafka('a kafka source', (kafka) => {
  sourceContract('on a broker', () => createHarness(kafka()), { hasKeys: true, isEndless: true, keepsCommits: true });

  it('loses nothing, repeats nothing it kept and never commits backwards while a second member comes and goes', async () => {
    const [topic, groupId] = [freshName('rebalance'), freshName('group')];
    await kafka().createTopic(topic, 4);
    const commits = watchCommits(kafka(), groupId, topic);
    const first = createSlowWorker({ maxWorkMs: 400 });
    const second = createSlowWorker({ maxWorkMs: 400 });
    const stayer = openSource(kafka(), [topic], groupId);
    await stayer.start(first);
    const committing = first.run(stayer);

    let produced = 0;
    const produce = async (count: number): Promise<void> => {
      const batch = lines(produced, count).map((line, index) => ({ partition: index % 4, ...line }));
      await kafka().produceAll(topic, batch);
      produced += count;
    };
    await produce(200);
    for (let round = 0; round < 2; round++) {
      const guest = openSource(kafka(), [topic], groupId);
      await guest.start(second);
      const guestCommitting = second.run(guest);
      await produce(200);
      await eventually(() => expect(second.assignments.at(-1)).toHaveLength(2), PATIENT);
      await eventually(() => expect(first.assignments.at(-1)).toHaveLength(2), PATIENT);
      await produce(200);
      await guest.drain();
      await guestCommitting.stop();
      await guest.stop();
      second.onAssigned([], 0);
      await produce(100);
      await eventually(() => expect(first.assignments.at(-1)).toHaveLength(4), PATIENT);
    }
    await eventually(() => {
      const done = new Set([...first.finished, ...second.finished]);
      expect(done.size).toBe(produced);
    }, PATIENT);
    await committing.stop();
    expect([...(await kafka().committedOffsets(groupId, topic)).values()].reduce((sum, at) => sum + at, 0n)).toBe(
      BigInt(produced),
    );
    expect(first.repeated).toEqual([]);
    expect(second.repeated).toEqual([]);
    expect([...first.fatal, ...second.fatal]).toEqual([]);
    expect(await commits.stop()).toEqual([]);
    await stayer.stop();
  });

  it('keeps its membership and delivers nothing while all is paused for longer than the session', async () => {
    const [topic, groupId] = [freshName('pause'), freshName('group')];
    await kafka().createTopic(topic, 2);
    const at: TopicPartition[] = [0, 1].map((partition) => ({ topic, partition }));
    const delivered = collect();
    const source = openSource(kafka(), [topic], groupId);
    await source.start(delivered);
    await eventually(() => expect(source.state().status).toBe('consuming'), PATIENT);
    source.pause(at);
    await kafka().produceAll(
      topic,
      lines(0, 10).map((line, index) => ({ partition: index % 2, ...line })),
    );
    const until = performance.now() + 8_000;
    await eventually(() => performance.now() > until, { timeoutMs: 10_000, intervalMs: 500 });
    expect(delivered.records).toEqual([]);
    expect(delivered.assignments).toHaveLength(1);
    expect(source.state().status).toBe('consuming');
    source.resume(at);
    await eventually(() => expect(delivered.records).toHaveLength(10), PATIENT);
    await source.stop();
  });

  it('hands its partitions over at once when it stops', async () => {
    const [topic, groupId] = [freshName('leave'), freshName('group')];
    await kafka().createTopic(topic, 1);
    const leaving = openSource(kafka(), [topic], groupId, { sessionTimeoutMs: 60_000 });
    await leaving.start(collect());
    await leaving.stop();
    const delivered = collect();
    const next = openSource(kafka(), [topic], groupId);
    await next.start(delivered);
    await eventually(() => expect(delivered.assignments.at(-1)?.partitions).toHaveLength(1), PATIENT);
    await next.stop();
  });

  it('shows no lag and no stall for the markers that transactions leave', async () => {
    const [topic, groupId] = [freshName('transactions'), freshName('group')];
    await kafka().createTopic(topic, 1);
    const at = { topic, partition: 0 };
    const producer = kafka()
      .client()
      .producer({ transactionalId: freshName('tx'), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const delivered = collect();
    const source = openSource(kafka(), [topic], groupId, {}, { stallMs: 1_000 });
    await source.start(delivered);
    for (let round = 0; round < 2; round++) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: 'a' }, { value: 'b' }] });
      await (round === 0 ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    await eventually(() => expect(delivered.records.map(({ offset }) => offset)).toEqual([0n, 1n]), PATIENT);
    await eventually(async () => {
      await source.commit([{ ...at, offset: 2n }], delivered.epoch());
      // Two records, a marker, two aborted records, a marker.
      expect(await source.lag()).toEqual([{ ...at, committed: 6n, end: 6n, lagRecords: 0 }]);
    }, PATIENT);
    const until = performance.now() + 2_500;
    await eventually(() => performance.now() > until);
    expect(delivered.fatal).toEqual([]);
    await source.stop();
  });
});

describeWithOwnKafka('a kafka source whose broker fails', (start) => {
  it('survives kill -9 and restart, says meanwhile that it does not consume, and loses nothing', async () => {
    const cluster = await start();
    const kafka = createTestKafka(cluster.brokers);
    const [topic, groupId] = [freshName('restart'), freshName('group')];
    await kafka.createTopic(topic, 2);
    const commits = watchCommits(kafka, groupId, topic);
    const worker = createSlowWorker({ maxWorkMs: 300 });
    const source = openSource(kafka, [topic], groupId);
    await source.start(worker);
    const committing = worker.run(source);
    await kafka.produceAll(
      topic,
      lines(0, 100).map((line, index) => ({ partition: index % 2, ...line })),
    );
    await eventually(() => expect(worker.finished.length).toBeGreaterThan(20), PATIENT);

    await cluster.kill(1);
    await eventually(() => expect(source.state().status).toBe('joining'), PATIENT);
    expect(source.state().reason).toContain(cluster.brokers[0]);
    await cluster.restart(1);
    await kafka.produceAll(
      topic,
      lines(100, 100).map((line, index) => ({ partition: index % 2, ...line })),
    );

    await eventually(() => expect(new Set(worker.finished).size).toBe(200), PATIENT);
    expect(source.state()).toMatchObject({ status: 'consuming', reason: '' });
    await eventually(async () => {
      const committed = await kafka.committedOffsets(groupId, topic);
      expect([...committed.values()]).toEqual([100n, 100n]);
    }, PATIENT);
    expect(worker.repeated).toEqual([]);
    expect(worker.fatal).toEqual([]);
    expect(await commits.stop()).toEqual([]);
    await committing.stop();
    await source.stop();
    await kafka.close();
  }, 120_000);
});

async function createHarness(kafka: TestKafka): Promise<SourceHarness> {
  const [topic, groupId] = [freshName('source'), freshName('group')];
  await kafka.createTopic(topic, 2);
  return {
    partitions: [0, 1].map((partition): TopicPartition => ({ topic, partition })),
    append: ({ partition }, records) =>
      kafka.produceAll(
        topic,
        records.map((record) => ({ partition, ...record })),
      ),
    open: (): Source => openSource(kafka, [topic], groupId),
    committed: async ({ partition }) => (await kafka.committedOffsets(groupId, topic)).get(partition) ?? null,
    close: () => Promise.resolve(),
  };
}

/** Looks at the group's commits without pause; `stop` tells every step backwards that was seen. */
function watchCommits(kafka: TestKafka, groupId: string, topic: string): { stop(): Promise<string[]> } {
  const backwards: string[] = [];
  const highest = new Map<number, bigint>();
  let isWatching = true;
  const watch = async (): Promise<void> => {
    while (isWatching) {
      const committed = await kafka.committedOffsets(groupId, topic).catch(() => new Map<number, bigint>());
      for (const [partition, offset] of committed) {
        const before = highest.get(partition) ?? -1n;
        if (offset < before) backwards.push(`${partitionKey({ topic, partition })}: ${before} to ${offset}`);
        highest.set(partition, offset);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const watching = watch();
  return {
    async stop() {
      isWatching = false;
      await watching;
      return backwards;
    },
  };
}
