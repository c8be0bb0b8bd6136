import { once } from 'node:events';
import { connect } from 'node:net';
import { CompressionTypes } from 'kafkajs';

/** The parts of kafkajs that write a produce request; its producer groups records in quadratic time. */
interface Encoded {
  readonly buffer: Buffer;
}
type ProduceRequest = (options: object) => object;
type Frame = (options: object) => Promise<Encoded>;

/** Puts `count` empty records into partition 0 as one gzip batch, with one request on a connection of its own. */
export async function produceCrowd(broker: string, topic: string, count: number): Promise<void> {
  const toRequest = (await loaded('kafkajs/src/protocol/requests/produce/v7/request.js')) as ProduceRequest;
  const toFrame = (await loaded('kafkajs/src/protocol/request.js')) as Frame;
  const value = Buffer.alloc(0);
  const messages = Array.from({ length: count }, () => ({ key: null, value, headers: {} }));
  const request = toRequest({
    acks: -1,
    timeout: 30_000,
    compression: CompressionTypes.GZIP,
    topicData: [{ topic, partitions: [{ partition: 0, messages }] }],
  });
  const frame = await toFrame({ correlationId: 1, clientId: 'crowd', request });
  const [host, port] = broker.split(':');
  const socket = connect(Number(port), host);
  socket.write(frame.buffer);
  await once(socket, 'data');
  socket.destroy();
}

async function loaded(path: string): Promise<unknown> {
  return ((await import(path)) as { readonly default: unknown }).default;
}
