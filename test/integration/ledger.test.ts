import { randomBytes } from 'node:crypto';
import type { LedgerRecord } from '../../src/domain/ledger-record';
import { createKafkaLedgerReader, createKafkaLedgerWriter } from '../../src/ledger/kafka';
import type { LedgerEntry } from '../../src/ledger/port';
import { silentLogger } from '../../src/platform/logger';
import type { KafkaAccess } from '../../src/source/kafka-client';
import { kafkaOptions } from '../../src/source/options';
import { ledgerContract } from '../contract/ledger-suite';
import { jsonCodec } from '../support/json-codec';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { ledgerMarker as marker } from '../support/ledger-marker';

function access(brokers: readonly string[]): KafkaAccess {
  return { kafka: kafkaOptions.parse({ brokers: [...brokers] }), environment: {}, logger: silentLogger };
}

describeWithKafka('a kafka ledger', (kafka) => {
  const writerOf = (topic: string) => createKafkaLedgerWriter({ ...access(kafka().brokers), topic, codec: jsonCodec });
  const readerOf = (topic: string) =>
    createKafkaLedgerReader({ ...access(kafka().brokers), topic, codec: jsonCodec, groupPrefix: 'ledger-reader' });
  const readAll = async (topic: string, from: bigint): Promise<LedgerEntry[]> => {
    const seen: LedgerEntry[] = [];
    await readerOf(topic).read({ from, follow: false, onEntries: (entries) => void seen.push(...entries) }).done;
    return seen;
  };

  ledgerContract('on a broker', async () => {
    const topic = freshName('ledger');
    await kafka().createTopic(topic, 1);
    return { openWriter: () => writerOf(topic), reader: () => readerOf(topic), close: () => Promise.resolve() };
  });

  it('refuses a topic of two partitions, to write and to read', async () => {
    const topic = freshName('ledger');
    await kafka().createTopic(topic, 2);
    const refusal = {
      code: 'TOPIC_UNSUITABLE',
      exitCode: 2,
      message: expect.stringContaining('has 2 partitions') as string,
    };
    await expect(writerOf(topic)).rejects.toMatchObject(refusal);
    await expect(readAll(topic, 0n)).rejects.toMatchObject(refusal);
  });

  it('names a topic that is missing, and does not create it', async () => {
    const topic = freshName('ledger');
    const missing = {
      code: 'TOPIC_MISSING',
      message: expect.stringContaining(`topic ${topic} does not exist`) as string,
    };
    await expect(writerOf(topic)).rejects.toMatchObject(missing);
    await expect(readAll(topic, 0n)).rejects.toMatchObject(missing);
  });

  it('splits an append that no broker would take as one batch', async () => {
    const topic = freshName('ledger');
    await kafka().createTopic(topic, 1);
    const writer = await writerOf(topic);
    // Random, so that it does not shrink when it is compressed.
    const records = Array.from({ length: 60 }, (_, index): LedgerRecord => {
      const body = randomBytes(40_000).toString('base64');
      return { kind: 'config', key: String(index), recordedAt: index, instance: 'test', configHash: '', body };
    });
    await writer.append(records);
    await writer.close();
    expect((await readAll(topic, 0n)).map(({ record }) => record)).toEqual(records);
  });

  it('starts at the oldest entry for position 0, and refuses another position that retention has deleted', async () => {
    const topic = freshName('ledger');
    await kafka().createTopic(topic, 1);
    const writer = await writerOf(topic);
    await writer.append([marker(0), marker(1), marker(2), marker(3)]);
    await writer.close();
    const admin = kafka().client().admin();
    await admin.connect();
    // kafkajs knows where the partition lies only after having looked.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    await admin.disconnect();
    expect((await readAll(topic, 0n)).map(({ position }) => position)).toEqual([3n]);
    await expect(readAll(topic, 1n)).rejects.toMatchObject({ code: 'OFFSET_GAP' });
    await expect(readAll(topic, 9n)).rejects.toMatchObject({ code: 'OFFSET_GAP' });
  });

  it('leaves no group behind', async () => {
    const topic = freshName('ledger');
    await kafka().createTopic(topic, 1);
    const writer = await writerOf(topic);
    await writer.append([marker(0)]);
    await writer.close();
    const prefix = freshName('throwaway');
    const options = { ...access(kafka().brokers), topic, codec: jsonCodec, groupPrefix: prefix };
    await createKafkaLedgerReader(options).read({ from: 0n, follow: false, onEntries: () => {} }).done;
    const admin = kafka().client().admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    const left = groups.filter(({ groupId }) => groupId.startsWith(prefix)).map(({ groupId }) => groupId);
    const states = left.length === 0 ? [] : (await admin.describeGroups(left)).groups;
    await admin.disconnect();
    // The broker sweeps empty groups without commits away by itself, a while later.
    expect(states.filter(({ members }) => members.length > 0)).toEqual([]);
  });
});
