import { createTestKafka } from '../../../test/support/kafka/test-kafka';
import { type Consume, FETCH } from './consumer';

/** The limit of the client: kafkajs fetches and decompresses, and the records are only counted. */
export const consumeBare: Consume = async ({ brokers, topic, groupId, records }, stopwatch) => {
  const consumer = createTestKafka(brokers)
    .client()
    .consumer({ groupId, ...FETCH });
  consumer.on(consumer.events.GROUP_JOIN, () => stopwatch.start());
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let counted = 0;
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        counted += batch.messages.length;
        if (counted >= records) resolve();
        return Promise.resolve();
      },
    });
  });
  stopwatch.stop();
  await consumer.disconnect();
};
