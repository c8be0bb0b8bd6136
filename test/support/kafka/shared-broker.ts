/**
 * How the broker that one jest run shares gets from its global setup, in jest's own process, to the suites, in workers:
 * workers start after the setup and inherit its environment.
 */
const VARIABLE = 'PLUMBLINE_TEST_KAFKA';

export function announceSharedBroker(brokers: readonly string[]): void {
  process.env[VARIABLE] = brokers.join(',');
}

/** Throws when no global setup has announced a broker: the suite runs in a jest project that is not wired for one. */
export function sharedBroker(): string[] {
  const announced = process.env[VARIABLE];
  if (announced === undefined) {
    throw new Error(`${VARIABLE} is unset: this jest project needs test/support/kafka/global-setup.ts as globalSetup`);
  }
  return announced.split(',');
}
