import { kafkaAvailability, skipLoudly } from './availability';
import { type KafkaCluster, startKafka } from './kafka-broker';
import { announceSharedBroker } from './shared-broker';

declare global {
  /** Set by the global setup, stopped by the global teardown: jest runs both in one process, outside any suite. */
  var plumblineSharedKafka: KafkaCluster | undefined;
}

/** jest's globalSetup of the project `broker`: jest calls it only when a suite of that project is going to run. */
export default async function globalSetup(): Promise<void> {
  const availability = kafkaAvailability();
  switch (availability.kind) {
    case 'external':
      announceSharedBroker(availability.brokers);
      break;
    case 'maven':
      globalThis.plumblineSharedKafka = await startKafka();
      announceSharedBroker(globalThis.plumblineSharedKafka.brokers);
      break;
    case 'none':
      skipLoudly('every suite that needs Kafka', availability);
  }
}
