import { createRecordCodec, type RecordCodec } from '../decode/avro-codec';
import { describeShapeFault } from '../decode/shape-fault';
import type { DeadLetter } from '../domain/dead-letter';
import { MonitorError } from '../domain/error';
import type { LedgerRecord } from '../domain/ledger-record';
import type { Alert } from '../domain/alert';
import type { PolicyRecord } from '../policy/policy';
import type { SessionOutcome } from '../domain/session-outcome';
import type { Verdict } from '../domain/verdict';
import type { LedgerLineCodec, LedgerMessageCodec } from '../ledger/codec';
import type { MessageEncoder } from '../outputs/kafka-sinks';
import type { WithJson } from '../store/port';

/** Names the schema of a message of ours, e.g. `verdict.v1`. */
const SCHEMA_HEADER = 'plumbline-schema';

const verdicts = createRecordCodec('verdict');
const deadLetters = createRecordCodec('dead-letter');
const sessions = createRecordCodec('session-outcome');
const alerts = createRecordCodec('alert');
const policies = createRecordCodec('policy');
const ledgerRecords = createRecordCodec('ledger-record');

export const verdictLine = (verdict: Verdict): string => JSON.stringify(verdicts.toJson(verdict));
export const deadLetterLine = (letter: DeadLetter): string => JSON.stringify(deadLetters.toJson(letter));

export const sessionLine = (session: SessionOutcome): string => JSON.stringify(sessions.toJson(session));

export const alertLine = (alert: Alert): string => JSON.stringify(alerts.toJson(alert));

/** A verdict from its JSON; what we wrote ourselves and cannot read is a bug. */
export const verdictFromJson = (json: string): Verdict => readJson(verdicts, json, 'a verdict');

export const alertFromJson = (json: string): Alert => readJson(alerts, json, 'an alert');

export const sessionFromJson = (json: string): SessionOutcome => readJson(sessions, json, 'a session');

function readJson<T>(codec: RecordCodec<T>, json: string, what: string): T {
  const value = codec.fromJson(JSON.parse(json));
  if (!value.ok) throw new MonitorError('INTERNAL', `not ${what}: ${describeShapeFault(value.error)}`);
  return value.value;
}

export const ledgerLines: LedgerLineCodec = {
  toJson: (record) => JSON.stringify(ledgerRecords.toJson(record)),
  fromJson(line) {
    const record = ledgerRecords.fromJson(JSON.parse(line));
    if (!record.ok) throw new MonitorError('INTERNAL', `not a ledger record: ${describeShapeFault(record.error)}`);
    return record.value;
  },
};

export const verdictMessages: MessageEncoder<Verdict> = messagesOf(verdicts);

export const alertMessages: MessageEncoder<Alert> = messagesOf(alerts);
export const sessionMessages: MessageEncoder<SessionOutcome> = messagesOf(sessions);

export const deadLetterMessages: MessageEncoder<DeadLetter> = messagesOf(deadLetters);

/** Throws POISONED_INPUT when the message is not one of ours. */
export function readDeadLetter(value: Buffer, headers: Readonly<Record<string, string>>): DeadLetter {
  return deadLetters.decode(value, headers[SCHEMA_HEADER] ?? '');
}

export const policyMessages = {
  ...messagesOf(policies),
  /** The topic's key says what a record is about; compacted topics keep no headers we could rely on. */
  decode: (value: Buffer): PolicyRecord => policies.decode(value, policies.schemaName),
};

export const ledgerMessages: LedgerMessageCodec = {
  ...messagesOf(ledgerRecords),
  decode: (value, headers): LedgerRecord => ledgerRecords.decode(value, headers[SCHEMA_HEADER] ?? ''),
};

/** Reads messages of ours by the schema that their header names. */
export const readVerdictMessage = messageReader(verdicts, verdictLine);
export const readSessionMessage = messageReader(sessions, sessionLine);
export const readAlertMessage = messageReader(alerts, alertLine);

function messageReader<T>(
  codec: RecordCodec<T>,
  toJson: (value: T) => string,
): (message: { readonly value: Buffer; readonly headers: Readonly<Record<string, string>> }) => WithJson<T> {
  return ({ value: bytes, headers }) => {
    const value = codec.decode(bytes, headers[SCHEMA_HEADER] ?? '');
    return { value, json: toJson(value) };
  };
}

function messagesOf<T>(codec: RecordCodec<T>): MessageEncoder<T> {
  const headers = { [SCHEMA_HEADER]: codec.schemaName };
  return { encode: (value) => ({ value: codec.encode(value), headers }) };
}
