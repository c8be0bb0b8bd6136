import { lines } from '../contract/source-suite';
import { eventually } from '../support/eventually';
import { createSlowWorker } from '../support/fakes/slow-worker';
import { describeWithOwnKafka } from '../support/kafka/describe-with-kafka';
import { createTestKafka, freshName } from '../support/kafka/test-kafka';
import { openSource } from './open-source';

const OUTAGE_MS = 60_000;

describeWithOwnKafka('a kafka source without any broker for a minute', (start) => {
  it('goes on by itself when they are back, long after kafkajs has given up, with its work still valid', async () => {
    const cluster = await start();
    const kafka = createTestKafka(cluster.brokers);
    const [topic, groupId] = [freshName('outage'), freshName('group')];
    await kafka.createTopic(topic, 1);
    const worker = createSlowWorker({ maxWorkMs: 300 });
    const source = openSource(kafka, [topic], groupId);
    await source.start(worker);
    const committing = worker.run(source);
    await kafka.produceAll(topic, lines(0, 50));
    await eventually(() => expect(worker.finished.length).toBeGreaterThan(0));

    await cluster.kill(1);
    const until = performance.now() + OUTAGE_MS;
    await eventually(() => performance.now() > until, { timeoutMs: OUTAGE_MS + 5_000, intervalMs: 500 });
    expect(worker.fatal).toEqual([]);
    expect(source.state().status).toBe('joining');
    await cluster.restart(1);
    const backAt = performance.now();
    await kafka.produceAll(topic, lines(50, 50));

    await eventually(() => expect(new Set(worker.finished).size).toBe(100), { timeoutMs: 60_000 });
    expect(performance.now() - backAt).toBeLessThan(45_000);
    await eventually(async () => {
      expect((await kafka.committedOffsets(groupId, topic)).get(0)).toBe(100n);
    });
    expect(worker.repeated).toEqual([]);
    expect(worker.fatal).toEqual([]);
    await committing.stop();
    await source.stop();
    await kafka.close();
  }, 240_000);
});
