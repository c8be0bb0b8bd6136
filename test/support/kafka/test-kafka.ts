import { randomBytes } from 'node:crypto';
import {
  type Admin,
  type Consumer,
  type IHeaders,
  Kafka,
  type KafkaConfig,
  type KafkaMessage,
  logLevel,
  type Message,
  Partitioners,
  type Producer,
} from 'kafkajs';
import { registerCodecs } from '../../../src/source/kafka-codecs';
import { eventually } from '../eventually';

/** A record as a test wants to look at it. */
export interface TestRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The last value where a name was repeated. */
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** What suites say to a broker. Every function rejects when the broker does not answer within some 15 s. */
export interface TestKafka {
  readonly brokers: readonly string[];
  /** A kafkajs of one's own, silent and patient unless told otherwise. */
  client(config?: Partial<KafkaConfig>): Kafka;
  /** Resolves when every partition serves; rejects when the topic exists. Replication is the broker's default; `config` is Kafka's topic configuration. */
  createTopic(name: string, partitions: number, config?: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves when every in-sync replica has all of them, in the order given per partition. */
  produceAll(topic: string, messages: readonly Message[]): Promise<void>;
  /**
   * The records from the beginning up to the end offsets at the time of the call, by partition and then offset; none
   * for an empty topic. Not for topics written in transactions: their last offset is a marker that is never delivered.
   */
  readAll(topic: string): Promise<TestRecord[]>;
  /** The group's next offset by partition; partitions without a commit are absent. */
  committedOffsets(group: string, topic: string): Promise<Map<number, bigint>>;
  /** Closes the connections that the functions above have opened; not those of `client()`. */
  close(): Promise<void>;
}

/** `freshName('orders')` is `orders-3f61c0a2b9d4`: no two tests share a topic or a group, so none needs an empty broker. */
export function freshName(kind: string): string {
  return `${kind}-${randomBytes(6).toString('hex')}`;
}

export function createTestKafka(brokers: readonly string[]): TestKafka {
  // What the product writes has to be read too.
  registerCodecs();
  const client = (config: Partial<KafkaConfig> = {}): Kafka =>
    new Kafka({
      clientId: 'test',
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 5_000,
      // Said in full, because kafkajs has other defaults when NODE_ENV is "test".
      retry: { initialRetryTime: 100, multiplier: 1.5, factor: 0.2, retries: 12, maxRetryTime: 2_000 },
      ...config,
    });
  const admin = openOnce(() => client().admin());
  const producer = openOnce(() => client().producer({ createPartitioner: Partitioners.DefaultPartitioner }));
  // A broker names itself leader in its metadata a moment before it serves the partition, and kafkajs does not try
  // again when the leader of a partition refuses to be it.
  const watermarks: Admin['fetchTopicOffsets'] = async (topic) => {
    const open = await admin.get();
    return eventually(() => open.fetchTopicOffsets(topic), { timeoutMs: 15_000 });
  };

  return {
    brokers,
    client,
    async createTopic(topic, numPartitions, config = {}) {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      const created = await (
        await admin.get()
      ).createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, configEntries }] });
      if (!created) throw new Error(`the topic ${topic} exists already`);
      await watermarks(topic);
    },
    async produceAll(topic, messages) {
      const open = await producer.get();
      // Refused by one partition, kafkajs sends the whole request again, and the others have their records twice.
      await watermarks(topic);
      for (const chunk of chunksOf(messages)) await open.send({ topic, acks: -1, messages: chunk });
    },
    async readAll(topic) {
      const ends = new Map<number, bigint>();
      for (const { partition, low, high } of await watermarks(topic)) {
        if (BigInt(high) > BigInt(low)) ends.set(partition, BigInt(high));
      }
      if (ends.size === 0) return [];
      const consumer = client().consumer({ groupId: freshName('read-all'), maxWaitTimeInMs: 100 });
      await consumer.connect();
      try {
        return await readUntil(consumer, topic, ends);
      } finally {
        await consumer.disconnect();
      }
    },
    async committedOffsets(groupId, topic) {
      const topics = await (await admin.get()).fetchOffsets({ groupId, topics: [topic] });
      const committed = topics.flatMap(({ partitions }) => partitions).filter(({ offset }) => offset !== '-1');
      return new Map(committed.map(({ partition, offset }) => [partition, BigInt(offset)]));
    },
    async close() {
      await Promise.all([admin.close(), producer.close()]);
    },
  };
}

async function readUntil(consumer: Consumer, topic: string, ends: ReadonlyMap<number, bigint>): Promise<TestRecord[]> {
  const records: TestRecord[] = [];
  const unfinished = new Map(ends);
  const crashed = new AbortController();
  // Without this a consumer that gave up for good looks like a topic that is slow to read.
  consumer.on(consumer.events.CRASH, ({ payload }) => crashed.abort(payload.error));
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const end = unfinished.get(batch.partition);
      if (end === undefined) return;
      records.push(
        ...batch.messages
          .filter(({ offset }) => BigInt(offset) < end)
          .map((message) => toTestRecord(batch.partition, message)),
      );
      if (BigInt(batch.lastOffset()) + 1n >= end) unfinished.delete(batch.partition);
    },
  });
  const isFinished = (): void => {
    if (unfinished.size === 0) return;
    throw new Error(`partitions ${[...unfinished.keys()].join(', ')} of ${topic} are not read to their end`);
  };
  await eventually(isFinished, { timeoutMs: 30_000, intervalMs: 10, signal: crashed.signal });
  return records.sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1));
}

function toTestRecord(partition: number, { offset, timestamp, key, value, headers = {} }: KafkaMessage): TestRecord {
  return { partition, offset: BigInt(offset), timestampMs: Number(timestamp), key, value, headers: toBuffers(headers) };
}

function toBuffers(headers: IHeaders): Record<string, Buffer> {
  const buffers: Record<string, Buffer> = {};
  for (const [name, values] of Object.entries(headers)) {
    const last = Array.isArray(values) ? values.at(-1) : values;
    if (last !== undefined) buffers[name] = Buffer.from(last);
  }
  return buffers;
}

/** kafkajs makes one batch per partition of all it is given, and the broker refuses batches over 1 MB. */
function chunksOf(messages: readonly Message[]): Message[][] {
  const maxBytes = 512 * 1024;
  const chunks: Message[][] = [];
  let current: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = 100 + Buffer.byteLength(message.value ?? '') + Buffer.byteLength(message.key ?? '');
    if (current.length > 0 && bytes + size > maxBytes) {
      chunks.push(current);
      [current, bytes] = [[], 0];
    }
    current.push(message);
    bytes += size;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

interface Opened<T> {
  /** The connected client, made on first use. */
  get(): Promise<T>;
  close(): Promise<void>;
}

function openOnce<T extends Admin | Producer>(create: () => T): Opened<T> {
  let opening: Promise<T> | undefined;
  const open = async (): Promise<T> => {
    const made = create();
    await made.connect();
    return made;
  };
  return {
    get: () => (opening ??= open()),
    async close() {
      await (await opening)?.disconnect();
      opening = undefined;
    },
  };
}
