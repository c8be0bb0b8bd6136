import type { TopicPartition } from '../../src/domain/coordinates';
import { collect, lines } from '../contract/source-suite';
import { eventually } from '../support/eventually';
import { freeLoopbackPorts } from '../support/kafka/free-ports';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName, type TestKafka } from '../support/kafka/test-kafka';
import { openSource } from './open-source';

const PATIENT = { timeoutMs: 30_000 };

describeWithKafka('the start of a kafka source', (kafka) => {
  it('names the topic that is missing, and the command that creates it', async () => {
    const [present, missing] = [freshName('present'), freshName('missing')];
    await kafka().createTopic(present, 1);
    const source = openSource(kafka(), [present, missing], freshName('group'));
    const handlers = collect();
    await expect(source.start(handlers)).rejects.toMatchObject({
      code: 'TOPIC_MISSING',
      exitCode: 2,
      message: `topic ${missing} does not exist: create it with \`plumbline topics create\``,
    });
    expect(handlers.fatal).toEqual([]);
    expect(source.state().status).toBe('failed');
    await source.stop();
  });

  it('names the brokers that do not answer', async () => {
    const [port] = await freeLoopbackPorts(1);
    const source = openSource({ brokers: [`127.0.0.1:${port}`] }, ['any'], 'group');
    await expect(source.start(collect())).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
    await source.stop();
  });

  it('says when the broker does not accept the credentials', async () => {
    const sasl = { mechanism: 'plain', username: 'somebody', passwordEnv: 'PASSWORD' };
    const source = openSource(kafka(), ['any'], 'group', { sasl });
    await expect(source.start(collect())).rejects.toMatchObject({ code: 'KAFKA_DENIED' });
    await source.stop();
  });
});

describeWithKafka('records that no longer exist', (kafka) => {
  /** A topic of 10 records of which 4 are committed and 7 deleted. */
  const deletedBehindCommit = async (): Promise<{ at: TopicPartition; groupId: string }> => {
    const [topic, groupId] = [freshName('gap'), freshName('group')];
    const at = { topic, partition: 0 };
    await kafka().createTopic(topic, 1);
    await kafka().produceAll(topic, lines(0, 10));
    const delivered = collect();
    const source = openSource(kafka(), [topic], groupId);
    await source.start(delivered);
    await eventually(() => expect(delivered.records).toHaveLength(10), PATIENT);
    await source.commit([{ ...at, offset: 4n }], delivered.epoch());
    await source.stop();
    await deleteRecords(kafka(), at, 7n);
    return { at, groupId };
  };

  it('end the source, which commits nothing over them', async () => {
    const { at, groupId } = await deletedBehindCommit();
    const delivered = collect();
    const source = openSource(kafka(), [at.topic], groupId);
    await source.start(delivered);
    await eventually(() => expect(delivered.fatal).toHaveLength(1), PATIENT);
    expect(delivered.fatal[0]).toMatchObject({
      code: 'OFFSET_GAP',
      message: `${at.topic}/0 was to be read from offset 4, but holds 7 to 10: 3 records were deleted unread`,
    });
    await source.stop();
    expect(delivered.records).toEqual([]);
    expect((await kafka().committedOffsets(groupId, at.topic)).get(0)).toBe(4n);
  });

  it('are passed over and counted when that was asked for', async () => {
    const { at, groupId } = await deletedBehindCommit();
    const delivered = collect();
    const gaps: [TopicPartition, bigint][] = [];
    const more = {
      onOffsetGap: 'earliest',
      onGap: (gap: TopicPartition, lost: bigint) => void gaps.push([gap, lost]),
    } as const;
    const source = openSource(kafka(), [at.topic], groupId, {}, more);
    await source.start(delivered);
    await eventually(() => expect(delivered.records.map(({ offset }) => offset)).toEqual([7n, 8n, 9n]), PATIENT);
    expect(gaps).toEqual([[at, 3n]]);
    await source.commit([{ ...at, offset: 8n }], delivered.epoch());
    expect((await kafka().committedOffsets(groupId, at.topic)).get(0)).toBe(8n);
    await source.stop();
  });

  it('are noticed while a partition rests, too, though kafkajs goes on without a word', async () => {
    const topic = freshName('gap');
    const at = { topic, partition: 0 };
    await kafka().createTopic(topic, 1);
    await kafka().produceAll(topic, lines(0, 3));
    const delivered = collect();
    const source = openSource(kafka(), [topic], freshName('group'));
    await source.start(delivered);
    await eventually(() => expect(delivered.records).toHaveLength(3), PATIENT);
    source.pause([at]);
    await kafka().produceAll(topic, lines(3, 7));
    await deleteRecords(kafka(), at, 8n);
    source.resume([at]);
    await eventually(() => expect(delivered.fatal).toHaveLength(1), PATIENT);
    expect(delivered.fatal[0]).toMatchObject({
      code: 'OFFSET_GAP',
      message: expect.stringContaining('from offset 3, but holds 8 to 10: 5 records were deleted unread') as string,
    });
    expect(delivered.records).toHaveLength(3);
    await source.stop();
  });

  it('are noticed when the topic was made anew and is shorter than what was committed', async () => {
    const [topic, groupId] = [freshName('anew'), freshName('group')];
    await kafka().createTopic(topic, 1);
    const admin = kafka().client().admin();
    await admin.connect();
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '50' }] });
    await admin.disconnect();
    await kafka().produceAll(topic, lines(0, 2));
    const delivered = collect();
    const source = openSource(kafka(), [topic], groupId);
    await source.start(delivered);
    await eventually(() => expect(delivered.fatal).toHaveLength(1), PATIENT);
    expect(delivered.fatal[0]?.message).toContain('from offset 50, but holds 0 to 2: the log was cut off');
    await source.stop();
  });
});

async function deleteRecords(kafka: TestKafka, { topic, partition }: TopicPartition, below: bigint): Promise<void> {
  const admin = kafka.client().admin();
  await admin.connect();
  // kafkajs knows where the partition lies only after having looked.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(below) }] });
  await admin.disconnect();
}
