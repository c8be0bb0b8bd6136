import { systemClock } from '../../src/platform/clock';
import { type Logger, silentLogger } from '../../src/platform/logger';
import { createKafkaSource, type KafkaSourceOptions } from '../../src/source/kafka';
import { kafkaOptions, windowOptions } from '../../src/source/options';
import type { Source } from '../../src/source/port';

/** A source as production makes it, with a session of 6 s, the least that brokers allow. */
export function openSource(
  { brokers }: { readonly brokers: readonly string[] },
  topics: readonly string[],
  groupId: string,
  kafka: object = {},
  more: Partial<KafkaSourceOptions> = {},
): Source {
  return createKafkaSource({
    kafka: kafkaOptions.parse({
      brokers: [...brokers],
      sessionTimeoutMs: 6_000,
      connectionTimeoutMs: 2_000,
      ...kafka,
    }),
    environment: { PASSWORD: 'wrong' },
    topics,
    groupId,
    window: windowOptions.parse({}),
    logger: process.env['PLUMBLINE_TEST_LOG'] === '1' ? stderrLogger : silentLogger,
    clock: systemClock,
    onOffsetGap: 'fail',
    ...more,
  });
}

const write = (fields: object, message: string): void =>
  void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);

/** With PLUMBLINE_TEST_LOG=1, to see what the source and kafkajs did. */
const stderrLogger: Logger = { debug: write, info: write, warn: write, error: write };
