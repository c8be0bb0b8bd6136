import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where the broker of a test run comes from: one that already runs, Maven's jars, or nowhere. */
export type KafkaAvailability =
  { readonly kind: 'external'; readonly brokers: readonly string[] } | { readonly kind: 'maven' } | KafkaUnavailable;

export interface KafkaUnavailable {
  readonly kind: 'none';
  /** One clause without a full stop, fit for "skipped: <why>". */
  readonly why: string;
}

/** Kafka 4's server runs on 17 and later: kafka.apache.org/41/getting-started/compatibility. */
const OLDEST_JAVA = 17;

/** `KAFKA_BROKERS` (comma-separated host:port) wins; else Java 17+ and mvn on this machine. */
export function kafkaAvailability(): KafkaAvailability {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',').flatMap((broker) => broker.trim() || []);
  if (brokers.length > 0) return { kind: 'external', brokers };
  const jars = jarAvailability();
  return jars.kind === 'maven' ? jars : { kind: 'none', why: `KAFKA_BROKERS is unset and ${jars.why}` };
}

/** Whether brokers can be started here, whatever `KAFKA_BROKERS` says: a suite that kills brokers needs its own. */
export function jarAvailability(): { readonly kind: 'maven' } | KafkaUnavailable {
  if (findOnPath('mvn') === undefined) return { kind: 'none', why: 'mvn is not on PATH' };
  const version = javaVersion();
  if (version === undefined) return { kind: 'none', why: 'java is not on PATH' };
  if (version < OLDEST_JAVA) return { kind: 'none', why: `java is ${version}, Kafka needs ${OLDEST_JAVA}` };
  return { kind: 'maven' };
}

/** Throws when the run must not skip anything (`PLUMBLINE_REQUIRE_ALL=1`), else says on stderr what is skipped and why. */
export function skipLoudly(what: string, { why }: KafkaUnavailable): void {
  if (process.env['PLUMBLINE_REQUIRE_ALL'] === '1') {
    throw new Error(`PLUMBLINE_REQUIRE_ALL=1 forbids skipping ${what}: ${why}`);
  }
  process.stderr.write(`SKIPPED ${what}: ${why}\n`);
}

export function findOnPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The feature number: 17 for `version "17.0.15"`; 1 for the old `version "1.8.0"`, which is too old either way. */
function javaVersion(): number | undefined {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const found = /version "(\d+)/.exec(stderr ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
