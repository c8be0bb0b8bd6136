import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Kafka, type KafkaConfig, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import { MonitorError } from '../domain/error';
import type { Logger } from '../platform/logger';
import { registerCodecs } from './kafka-codecs';
import type { KafkaOptions } from './options';

/** What it takes to talk to the brokers; every Kafka shell takes these three. */
export interface KafkaAccess {
  readonly kafka: KafkaOptions;
  /** Environment variables, for the secrets that options name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/**
 * How often kafkajs tries one step again: about 25 s in all, waits growing from 0.3 s to 5 s. Said in full because
 * kafkajs has other defaults when NODE_ENV is `test`.
 */
export const PATIENT_RETRY = { initialRetryTime: 300, multiplier: 2, factor: 0.2, maxRetryTime: 5_000, retries: 8 };

/** For a start and for questions somebody waits for: gives up after about 3 s of refused connections. */
export const BRISK_RETRY = { ...PATIENT_RETRY, maxRetryTime: 1_000, retries: 4 };

/**
 * A kafkajs client; connects to nothing yet. Throws MonitorError FILE_UNREADABLE for a certificate that cannot be read
 * and CONFIG_INVALID for a secret whose environment variable is not set.
 */
export function createKafkaClient({ kafka, environment, logger }: KafkaAccess, retry = PATIENT_RETRY): Kafka {
  registerCodecs();
  const sasl = toSasl(kafka.sasl, environment);
  return new Kafka({
    clientId: kafka.clientId,
    brokers: [...kafka.brokers],
    connectionTimeout: kafka.connectionTimeoutMs,
    authenticationTimeout: kafka.connectionTimeoutMs,
    requestTimeout: 30_000,
    retry,
    ssl: toSsl(kafka.tls),
    ...(sasl === undefined ? {} : { sasl }),
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => write(logger, entry),
  });
}

function toSsl(tls: KafkaOptions['tls']): NonNullable<KafkaConfig['ssl']> {
  if (typeof tls === 'boolean') return tls;
  return {
    ...(tls.caFile === undefined ? {} : { ca: [readPem('tls.caFile', tls.caFile)] }),
    ...(tls.certFile === undefined ? {} : { cert: readPem('tls.certFile', tls.certFile) }),
    ...(tls.keyFile === undefined ? {} : { key: readPem('tls.keyFile', tls.keyFile) }),
  };
}

function readPem(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `kafka.${key}: cannot read ${path}`, { cause });
  }
}

function toSasl(sasl: KafkaOptions['sasl'], environment: KafkaAccess['environment']): SASLOptions | undefined {
  if (sasl === undefined) return undefined;
  if (sasl.mechanism === 'oauthbearer') {
    const { tokenFile } = sasl;
    // Read at every authentication, so a token that was rotated in place is picked up.
    const oauthBearerProvider = async (): Promise<{ value: string }> => {
      try {
        return { value: (await readFile(tokenFile, 'utf8')).trim() };
      } catch (cause) {
        throw new MonitorError('FILE_UNREADABLE', `kafka.sasl.tokenFile: cannot read ${tokenFile}`, { cause });
      }
    };
    return { mechanism: 'oauthbearer', oauthBearerProvider };
  }
  const { mechanism, username, passwordEnv } = sasl;
  const password = environment[passwordEnv];
  if (password === undefined || password === '') {
    throw new MonitorError(
      'CONFIG_INVALID',
      `kafka.sasl.passwordEnv: the environment variable ${passwordEnv} is not set`,
    );
  }
  return { mechanism, username, password };
}

/** kafkajs puts whole errors, requests and offsets into its log entries; only these fields are known to hold no text. */
const SAFE_FIELDS = ['groupId', 'memberId', 'topic', 'partition', 'broker', 'retryCount', 'retryTime', 'duration'];

/**
 * One level below what kafkajs thinks: it reports every lost connection as an error and retries it, and what does end
 * its work reaches us as an exception or a CRASH event, which is logged where it is handled.
 */
function write(logger: Logger, { level, namespace, log }: LogEntry): void {
  const fields: Record<string, unknown> = { component: namespace ? `kafkajs ${namespace}` : 'kafkajs' };
  for (const name of SAFE_FIELDS) if (log[name] !== undefined) fields[name] = log[name];
  if (typeof log['error'] === 'string') fields['error'] = log['error'];
  if (level <= logLevel.ERROR) logger.warn(fields, log.message);
  else if (level <= logLevel.WARN) logger.info(fields, log.message);
  else logger.debug(fields, log.message);
}
