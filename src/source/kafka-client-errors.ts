import { type ErrorCode, MonitorError } from '../domain/error';

export interface FailedAction {
  readonly brokers: readonly string[];
  /** What was being done, to follow "cannot": `join the group plumbline-score`. */
  readonly action: string;
  /** For what is neither unreachable nor denied; default INTERNAL. */
  readonly otherwise?: ErrorCode;
}

/**
 * Any failure of kafkajs as one of ours, by what lies at the bottom of its chain of causes:
 * KAFKA_DENIED (authentication, authorization), TOPIC_MISSING, KAFKA_UNREACHABLE (connections, timeouts, no leader), a
 * MonitorError that we threw inside of kafkajs, or `otherwise`.
 */
export function toMonitorError(
  failure: unknown,
  { brokers, action, otherwise = 'INTERNAL' }: FailedAction,
): MonitorError {
  const causes = causesOf(failure);
  const ours = causes.find((cause) => cause instanceof MonitorError);
  if (ours !== undefined) return ours;
  const told = causes.find(isDenial) ?? causes.at(-1);
  const message = `cannot ${action} (brokers ${brokers.join(', ')}): ${told?.message ?? String(failure)}`;
  return new MonitorError(codeOf(causes) ?? otherwise, message, { cause: failure });
}

/** What kafkajs throws on bytes it cannot make sense of; RangeError also for a batch of too many records (PR #1723). */
const UNDECODABLE = new Set(['RangeError', 'KafkaJSNotImplemented', 'KafkaJSUnsupportedMagicByteInMessageSet']);

/** True for a failure of a consumer that lies in what was fetched, so that fetching it again cannot help. */
export function isUndecodable(failure: unknown): boolean {
  return causesOf(failure).some(({ name }) => UNDECODABLE.has(name));
}

const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP']);

/** True when the broker will refuse the same records each time. */
export function isRefused(failure: unknown): boolean {
  return causesOf(failure).some(({ type }) => type !== undefined && REFUSED.has(type));
}

interface KafkaFailure extends Error {
  /** The broker's name for a protocol error, e.g. `GROUP_AUTHORIZATION_FAILED`. */
  readonly type?: string;
  /** Node's name for a socket error, e.g. `ECONNREFUSED`. */
  readonly code?: string | number;
  readonly errors?: readonly unknown[];
}

function codeOf(causes: readonly KafkaFailure[]): ErrorCode | undefined {
  if (causes.some(isDenial)) return 'KAFKA_DENIED';
  if (causes.some(({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION')) return 'TOPIC_MISSING';
  return causes.some(isUnreachable) ? 'KAFKA_UNREACHABLE' : undefined;
}

const DENIED = /AUTHORIZATION_FAILED|AUTHENTICATION_FAILED|ILLEGAL_SASL_STATE|UNSUPPORTED_SASL_MECHANISM/;

function isDenial({ name, type }: KafkaFailure): boolean {
  return name === 'KafkaJSSASLAuthenticationError' || (type !== undefined && DENIED.test(type));
}

const UNREACHABLE_NAMES = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
]);
const UNREACHABLE_TYPES = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'BROKER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_CONTROLLER',
]);

function isUnreachable({ name, type, code }: KafkaFailure): boolean {
  if (UNREACHABLE_NAMES.has(name) || (type !== undefined && UNREACHABLE_TYPES.has(type))) return true;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code);
}

/** The failure and everything below it, outermost first. */
function causesOf(failure: unknown): KafkaFailure[] {
  const causes: KafkaFailure[] = [];
  const open: unknown[] = [failure];
  while (open.length > 0) {
    const next = open.shift();
    if (!isFailure(next) || causes.includes(next)) continue;
    causes.push(next);
    open.push(next.cause, ...(next.errors ?? []));
  }
  return causes;
}

/** By shape: errors of Node and of packages are not always instances of the Error we see. */
function isFailure(candidate: unknown): candidate is KafkaFailure {
  return typeof candidate === 'object' && candidate !== null && 'message' in candidate && 'name' in candidate;
}
