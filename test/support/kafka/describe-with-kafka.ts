import { jarAvailability, kafkaAvailability, type KafkaUnavailable, skipLoudly } from './availability';
import { type KafkaCluster, type KafkaOptions, startKafka } from './kafka-broker';
import { sharedBroker } from './shared-broker';
import { createTestKafka, type TestKafka } from './test-kafka';

/** On a busy two-core machine one step can take tens of seconds, and a broker that is not ready must get to say so. */
const TEST_TIMEOUT_MS = 120_000;

/**
 * A `describe` whose tests talk to the broker that the whole run shares; where there is none, it is skipped with a line
 * on stderr. `kafka()` may be called in hooks and tests, not while they are being declared. Sets the file's test timeout
 * to 120 s.
 */
export function describeWithKafka(title: string, declare: (kafka: () => TestKafka) => void): void {
  const availability = kafkaAvailability();
  if (availability.kind === 'none') return skip(title, availability, declare);
  describe(title, () => {
    jest.setTimeout(TEST_TIMEOUT_MS);
    let opened: TestKafka | undefined;
    declare(() => (opened ??= createTestKafka(sharedBroker())));
    // After the suite's own hooks: jest runs afterAll in the order of declaration.
    afterAll(() => opened?.close());
  });
}

/**
 * A `describe` whose tests start brokers of their own, to stop and kill them; skipped with a line on stderr where none
 * can be started. Whatever `start` started is stopped after the last test.
 */
export function describeWithOwnKafka(
  title: string,
  declare: (start: (options?: KafkaOptions) => Promise<KafkaCluster>) => void,
): void {
  const availability = jarAvailability();
  if (availability.kind === 'none') return skip(title, availability, declare);
  describe(title, () => {
    jest.setTimeout(TEST_TIMEOUT_MS);
    const started: KafkaCluster[] = [];
    declare(async (options) => {
      const cluster = await startKafka(options);
      started.push(cluster);
      return cluster;
    });
    afterAll(() => Promise.all(started.map((cluster) => cluster.stop())));
  });
}

function skip(title: string, why: KafkaUnavailable, declare: (unavailable: () => never) => void): void {
  skipLoudly(`"${title}"`, why);
  // Declared all the same, so that the report counts the tests that did not run.
  describe.skip(title, () =>
    declare(() => {
      throw new Error(why.why);
    }),
  );
}
