import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { Interaction } from '../../src/domain/interaction';
import { eventually } from '../../test/support/eventually';
import { startFakeRegistry } from '../../test/support/fake-registry';
import { freeLoopbackPorts } from '../../test/support/kafka/free-ports';
import { startKafka } from '../../test/support/kafka/kafka-broker';
import { createTestKafka, freshName } from '../../test/support/kafka/test-kafka';
import { kafkaConfig } from './recorded-config';
import { runCli, startCli } from '../../test/support/run-cli';
import type { WrittenVerdict } from './verdict-projection';

export interface KafkaReplay {
  readonly verdicts: readonly WrittenVerdict[];
  /** What is left to read at the end; 0 when everything was committed. */
  readonly lagRecords: number;
  /** Exit code after SIGTERM. */
  readonly exitCode: number | null;
}

const PARTITIONS = 4;
const DEADLINE_MS = 180_000;

/**
 * The interactions as Avro on a real broker, consumed by `plumbline run`, stopped by SIGTERM once all are committed.
 * Starts a broker of its own unless `brokers` names one.
 */
export async function replayThroughKafka(
  interactions: readonly Interaction[],
  judgesUrl: string,
  brokers: readonly string[] | null,
): Promise<KafkaReplay> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const cluster = brokers === null ? await startKafka() : null;
    if (cluster !== null) closing.push(() => cluster.stop());
    const kafka = createTestKafka(brokers ?? cluster?.brokers ?? []);
    closing.push(() => kafka.close());
    const registry = await startFakeRegistry();
    closing.push(() => registry.close());
    const directory = await mkdtemp(join(tmpdir(), 'plumbline-eval-'));
    closing.push(() => rm(directory, { recursive: true, force: true }));

    const prefix = freshName('eval');
    const topic = `${prefix}.interactions`;
    const [port = 0, apiPort = 0] = await freeLoopbackPorts(2);
    const config = join(directory, 'plumbline.yaml');
    const names = { brokers: kafka.brokers, prefix, topic, registryUrl: registry.url, port, apiPort };
    await writeFile(config, kafkaConfig(judgesUrl, names));
    await kafka.createTopic(topic, PARTITIONS);
    const created = await runCli(['topics', 'create', '--config', config]);
    if (created.code !== 0) throw new Error(`topics create: ${created.stderr}`);

    const codec = createRecordCodec('interaction');
    const schemaId = 1;
    registry.byId.set(schemaId, { schema: codec.schemaJson() });
    await kafka.produceAll(
      topic,
      interactions.map((interaction) => ({
        key: interaction.conversationId,
        value: frame(schemaId, codec.encode(interaction)),
      })),
    );
    const monitor = startCli(['run', '--config', config]);
    closing.push(async () => {
      if (monitor.child.exitCode === null) monitor.child.kill('SIGKILL');
      await monitor.exited;
    });
    const lagRecords = async (): Promise<number> => {
      const committed = await kafka.committedOffsets(`${prefix}-score`, topic);
      return interactions.length - [...committed.values()].reduce((sum, offset) => sum + Number(offset), 0);
    };
    const died = once(monitor.child, 'exit').then(async () => {
      throw new Error(`the monitor ended early: ${(await monitor.exited).stderr}`);
    });
    died.catch(() => {});
    await Promise.race([
      died,
      eventually(
        async () => {
          const left = await lagRecords();
          if (left !== 0) throw new Error(`${left} records are not committed yet`);
        },
        { timeoutMs: DEADLINE_MS },
      ),
    ]);
    monitor.child.kill('SIGTERM');
    const { code } = await monitor.exited;
    const verdictCodec = createRecordCodec('verdict');
    const written = await kafka.readAll(`${prefix}.verdicts`);
    return {
      verdicts: written.map(
        ({ value, headers }) =>
          JSON.parse(
            JSON.stringify(
              verdictCodec.toJson(verdictCodec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema']))),
            ),
          ) as WrittenVerdict,
      ),
      lagRecords: await lagRecords(),
      exitCode: code,
    };
  } finally {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  }
}

/** Confluent wire format: a zero byte, the schema id, the Avro bytes. */
function frame(schemaId: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeInt32BE(schemaId, 1);
  return Buffer.concat([head, bytes]);
}
