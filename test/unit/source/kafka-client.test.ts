import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFields, Logger } from '../../../src/platform/logger';
import { silentLogger } from '../../../src/platform/logger';
import { createKafkaClient } from '../../../src/source/kafka-client';
import { batchesOf, sendUntilAnswered } from '../../../src/source/kafka-client-producer';
import { kafkaOptions } from '../../../src/source/options';

function create(options: object, environment: Record<string, string> = {}, logger: Logger = silentLogger) {
  return createKafkaClient({
    kafka: kafkaOptions.parse({ brokers: ['127.0.0.1:1'], ...options }),
    environment,
    logger,
  });
}

describe('the kafka client', () => {
  it('names the environment variable of a password that is not set', () => {
    const sasl = { mechanism: 'scram-sha-256', username: 'u', passwordEnv: 'KAFKA_PASSWORD' };
    expect(() => create({ sasl })).toThrow(
      'kafka.sasl.passwordEnv: the environment variable KAFKA_PASSWORD is not set',
    );
    expect(() => create({ sasl }, { KAFKA_PASSWORD: 'secret' })).not.toThrow();
  });

  it('names the certificate that cannot be read', () => {
    expect(() => create({ tls: { caFile: '/nowhere/ca.pem' } })).toThrow(
      'kafka.tls.caFile: cannot read /nowhere/ca.pem',
    );
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    writeFileSync(join(folder, 'ca.pem'), 'x');
    expect(() => create({ tls: { caFile: join(folder, 'ca.pem') } })).not.toThrow();
    rmSync(folder, { recursive: true });
  });

  it('writes what kafkajs has to say one level lower and without anything but known fields', () => {
    const lines: [string, LogFields, string][] = [];
    const at = (level: string) => (fields: LogFields, message: string) => void lines.push([level, fields, message]);
    const client = create({}, {}, { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
    const payload = { topic: 't', partition: 1, error: 'refused', stack: 'at x', payload: { text: 'private' } };
    client.logger().error('lost', payload);
    client.logger().error('lost', { error: new Error('private') });
    client.logger().warn('hm', {});
    client.logger().info('joined', {});
    client.logger().debug('bytes', {});
    expect(lines).toEqual([
      ['warn', { component: 'kafkajs', topic: 't', partition: 1, error: 'refused' }, 'lost'],
      ['warn', { component: 'kafkajs' }, 'lost'],
      ['info', { component: 'kafkajs' }, 'hm'],
      ['debug', { component: 'kafkajs' }, 'joined'],
    ]);
  });
});

describe('batches of a producer', () => {
  const record = (bytes: number) => ({ partition: 0, key: null, value: Buffer.alloc(bytes), headers: { a: 'b' } });

  it('stay below the limit with all that goes around a record, in order', () => {
    const batches = batchesOf(
      Array.from({ length: 10 }, () => record(100)),
      600,
    );
    expect(batches.map((batch) => batch.length)).toEqual([3, 3, 3, 1]);
  });

  it('hold a record over the limit alone, and none for nothing', () => {
    expect(batchesOf([record(10), record(5_000), record(10)], 600).map((batch) => batch.length)).toEqual([1, 1, 1]);
    expect(batchesOf([])).toEqual([]);
  });
});

describe('records for partitions of several leaders', () => {
  const messages = [0, 1, 2, 1].map((partition, n) => ({ partition, value: Buffer.from(String(n)) }));
  const textsOf = (sent: readonly { readonly value: Buffer | string | null }[]): string[] =>
    sent.map(({ value }) => String(value));

  it('go again, in their order, where no leader answered for them', async () => {
    const sent: string[][] = [];
    // What kafkajs does when the leader of partition 1 moves to one that has answered already.
    const answers = [[{ partition: 0 }, { partition: 2 }], [{ partition: 1 }]];
    await sendUntilAnswered(messages, (left) => {
      sent.push(textsOf(left));
      return Promise.resolve(answers[sent.length - 1] ?? []);
    });
    expect(sent).toEqual([
      ['0', '1', '2', '3'],
      ['1', '3'],
    ]);
  });

  it('go once where all answered, and never where there are none', async () => {
    let calls = 0;
    const send = (left: readonly { readonly partition?: number }[]) => {
      calls += 1;
      return Promise.resolve(left.map(({ partition = -1 }) => ({ partition })));
    };
    await sendUntilAnswered(messages, send);
    await sendUntilAnswered([], send);
    expect(calls).toBe(1);
  });

  it('fail where nobody answers for any of them, and as the client fails', async () => {
    await expect(sendUntilAnswered(messages, () => Promise.resolve([]))).rejects.toThrow('no broker answered');
    await expect(sendUntilAnswered(messages, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  });
});
