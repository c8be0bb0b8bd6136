import { execFileSync, type StdioOptions } from 'node:child_process';
import { CompressionCodecs, CompressionTypes, Partitioners } from 'kafkajs';
import createSnappyCodec from 'kafkajs-snappy';
import { MAX_UNPACKED_BYTES, registerCodecs, unpackBatch } from '../../src/source/kafka-codecs';
import { collect, type Delivered } from '../contract/source-suite';
import { eventually } from '../support/eventually';
import { skipLoudly } from '../support/kafka/availability';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName, type TestKafka } from '../support/kafka/test-kafka';
import { openSource } from './open-source';
import { produceCrowd } from './produce-crowd';

const QUIET = ['pipe', 'pipe', 'ignore'] satisfies StdioOptions;
const PATIENT = { timeoutMs: 30_000 };

interface Encoder {
  readonly buffer: Buffer;
}

/** For producing in tests; the product reads all of them and writes LZ4. */
function registerCompressors(): void {
  const register = (type: CompressionTypes, name: 'snappy' | 'lz4' | 'zstd', compress: (bytes: Buffer) => unknown) => {
    const codec = {
      compress: ({ buffer }: Encoder) => Promise.resolve(compress(buffer)),
      decompress: (bytes: Buffer) => unpackBatch(name, bytes),
    };
    (CompressionCodecs as Record<number, () => unknown>)[type] = () => codec;
  };
  const snappy = createSnappyCodec();
  register(CompressionTypes.Snappy, 'snappy', (buffer) => snappy.compress({ buffer }));
  register(CompressionTypes.LZ4, 'lz4', (input) => execFileSync('lz4', ['-z', '-c', '-B4'], { input, stdio: QUIET }));
  register(CompressionTypes.ZSTD, 'zstd', (input) => execFileSync('zstd', ['-c', '-q'], { input, stdio: QUIET }));
}

/** The packages that read lz4 and zstd write no frames that a broker takes, so these two need the tools. */
function hasTool(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    skipLoudly(`batches compressed with ${name}`, { kind: 'none', why: `${name} is not on PATH` });
    return false;
  }
}

describeWithKafka('batches of a kafka source', (kafka) => {
  beforeEach(() => registerCodecs());

  const consume = async (topic: string, handlers: Delivered = collect()) => {
    const source = openSource(kafka(), [topic], freshName('group'));
    registerCompressors();
    await source.start(handlers);
    return { source, delivered: handlers };
  };

  const codec = (name: string, type: CompressionTypes): [string, CompressionTypes] => [name, type];
  const codecs = [
    codec('gzip', CompressionTypes.GZIP),
    codec('snappy', CompressionTypes.Snappy),
    ...(hasTool('lz4') ? [codec('lz4', CompressionTypes.LZ4)] : []),
    ...(hasTool('zstd') ? [codec('zstd', CompressionTypes.ZSTD)] : []),
  ];

  it.each(codecs)('are read when compressed with %s, small and of several blocks', async (_name, compression) => {
    const topic = freshName('codec');
    await kafka().createTopic(topic, 1);
    registerCompressors();
    const values = [
      '{"text":"ä"}',
      ...Array.from({ length: 300 }, (_, n) => JSON.stringify({ n, text: 'word '.repeat(200) })),
    ];
    await produce(kafka(), topic, compression, values.slice(0, 1));
    await produce(kafka(), topic, compression, values.slice(1));
    const { source, delivered } = await consume(topic);
    await eventually(() => expect(delivered.records).toHaveLength(values.length), PATIENT);
    expect(delivered.records.map(({ value }) => String(value))).toEqual(values);
    await source.stop();
  });

  it('end the source with the place when they would unpack to more than memory should hold', async () => {
    const topic = freshName('bomb');
    await kafka().createTopic(topic, 1, { 'max.message.bytes': '10000000' });
    await produce(kafka(), topic, CompressionTypes.None, ['first']);
    await produce(kafka(), topic, CompressionTypes.GZIP, [Buffer.alloc(MAX_UNPACKED_BYTES + 1)]);
    const { source, delivered } = await consume(topic);
    await eventually(() => expect(delivered.fatal).toHaveLength(1), PATIENT);
    expect(delivered.fatal[0]).toMatchObject({ code: 'POISONED_INPUT', exitCode: 3 });
    expect(delivered.fatal[0]?.message).toMatch(
      /a gzip batch of \d+ bytes cannot be unpacked.*it is in bomb-\w+\/0 at offset 1: see/,
    );
    await source.stop();
  });

  it('end the source with the place when there are too many records in one for kafkajs', async () => {
    const topic = freshName('crowd');
    await kafka().createTopic(topic, 1);
    await produceCrowd(kafka().brokers[0] ?? '', topic, 200_000);
    const { source, delivered } = await consume(topic);
    await eventually(() => expect(delivered.fatal).toHaveLength(1), PATIENT);
    expect(delivered.fatal[0]).toMatchObject({
      code: 'POISONED_INPUT',
      message: expect.stringContaining(`it is in ${topic}/0 at offset 0`) as string,
    });
    await source.stop();
  });
});

async function produce(
  kafka: TestKafka,
  topic: string,
  compression: CompressionTypes,
  values: readonly (string | Buffer)[],
): Promise<void> {
  const producer = kafka.client().producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, compression, messages: values.map((value) => ({ partition: 0, value })) });
  await producer.disconnect();
}
