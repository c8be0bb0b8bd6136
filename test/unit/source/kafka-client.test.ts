import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFields, Logger } from '../../../src/platform/logger';
import { silentLogger } from '../../../src/platform/logger';
import { createKafkaClient } from '../../../src/source/kafka-client';
import { batchesOf } from '../../../src/source/kafka-client-producer';
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
