import type { DeadLetterReason, UnjudgedReason } from '../src/domain/accounting';
import { MonitorError } from '../src/domain/error';
import type { ErrorCode } from '../src/domain/error';

interface Entry {
  readonly meaning: string;
  readonly action: string;
}

/** A code without an entry does not compile. */
const ERRORS: Readonly<Record<ErrorCode, Entry>> = {
  CONFIG_INVALID: {
    meaning: 'The configuration has faults; all of them are listed.',
    action: 'Correct what is listed; `plumbline config check` repeats the check without starting.',
  },
  USAGE: { meaning: 'The command line is not understood.', action: 'See `plumbline <command> --help`.' },
  TOPIC_MISSING: {
    meaning: 'A topic that is read or written does not exist.',
    action: '`plumbline topics create`, or correct `source.topics` or `instance.topicPrefix`.',
  },
  TOPIC_UNSUITABLE: {
    meaning: 'A topic exists with settings that would lose records or order, e.g. a ledger of several partitions.',
    action: '`plumbline topics check` says what differs; change the topic, or choose another prefix.',
  },
  FOREIGN_LEDGER: {
    meaning: 'The ledger was written by another instance.',
    action: 'Choose another `instance.topicPrefix`, or give the instance its old name back.',
  },
  NEWER_STATE: {
    meaning: 'The stored state was written by a later version of the program.',
    action: 'Start that version or a later one; UPGRADING.md says how to go back.',
  },
  KAFKA_UNREACHABLE: {
    meaning: 'No bootstrap broker answers.',
    action: 'Check `source.kafka.brokers`, DNS, TLS and the network; the start can simply be repeated.',
  },
  KAFKA_DENIED: {
    meaning: 'The cluster refuses the user or an operation.',
    action: 'Check the credentials and the ACLs: read on sources and groups, write on our topics.',
  },
  CONSUMER_CRASHED: {
    meaning: 'The consumer ended with an error it cannot recover from.',
    action: 'Read the cause in the log; a restart goes on from the last commit.',
  },
  POISONED_INPUT: {
    meaning: 'A record brings the process down whenever it is read; topic, partition and offset are named.',
    action: 'Look at the record; skip it explicitly if it cannot be repaired.',
  },
  OFFSET_GAP: {
    meaning: 'The committed offset no longer exists: records were deleted before they were read.',
    action: 'Lengthen the retention of the source. To go on: `source.onOffsetGap: earliest`.',
  },
  DRAIN_FAILED: {
    meaning: 'The last marker or checkpoint could not be written while stopping.',
    action: 'Nothing is lost: the records since the last commit are read again at the next start.',
  },
  SCHEMA_REGISTRY_UNAVAILABLE: {
    meaning: 'The schema registry does not answer.',
    action: 'Check `source.registry`; partitions wait meanwhile and nothing is dead-lettered.',
  },
  FILE_UNREADABLE: { meaning: 'A named file cannot be read.', action: 'Check the path and the permissions.' },
  PORT_IN_USE: {
    meaning: 'Another process listens on the telemetry port.',
    action: 'Set `server.port` to a free one; 0 takes any.',
  },
  STORE_FULL: {
    meaning: 'The evidence store has no room on its disk. Judging, figures and alerts go on without it.',
    action: 'Free space, or lower `store.maxMegabytes`; the store goes on where it stopped by itself.',
  },
  STORE_FAILED: {
    meaning: 'The evidence store cannot be read or written.',
    action: 'Read the cause. The store may be deleted: it is filled again from the topics, as far as they reach back.',
  },
  INTERNAL: {
    meaning: 'A bug of this program.',
    action: 'Report it with the log line. A restart goes on from the last commit.',
  },
};

const DEAD_LETTERS: Readonly<Record<DeadLetterReason, Entry>> = {
  undecodable: { meaning: 'The bytes are neither Avro nor JSON as configured.', action: 'Check `source.format`.' },
  unknown_schema: {
    meaning: 'The registry does not know the schema id in the record.',
    action: 'Register the schema, then replay the dead letters.',
  },
  wrong_type: {
    meaning: 'A field holds another type than its schema or mapping says.',
    action: 'Correct the producer, or `source.mapping`.',
  },
  unmapped: {
    meaning: 'The mapping found no value for a field that is needed.',
    action: 'Extend `source.mapping`; the detail names the field.',
  },
  too_large: { meaning: 'Larger than `source.maxRecordBytes`.', action: 'Raise the limit, or send less.' },
  too_deep: { meaning: 'Nested deeper than `source.maxDepth`.', action: 'Raise the limit, or flatten the record.' },
  invalid: {
    meaning: 'A value is outside its range, e.g. a sampling probability of 0.',
    action: 'Correct the producer; the detail names the field.',
  },
  handler_error: {
    meaning: 'A bug: the record could not be worked on for another reason.',
    action: 'Report it with the detail and the log line.',
  },
};

const UNJUDGED: Readonly<Record<UnjudgedReason, Entry>> = {
  timeout: { meaning: 'The judge did not answer within `timeoutMs`.', action: 'Raise it, or ask the provider.' },
  rate_limited: {
    meaning: 'The provider refused for too many requests, retries included.',
    action: 'Lower `maxConcurrent` or `sampling.rate`, or raise the quota.',
  },
  refused: {
    meaning: 'The judge declined to judge the content.',
    action: 'Look at the items; a rise may be an attack or a change of the judge.',
  },
  truncated: { meaning: 'The answer was cut off.', action: 'Raise `maxOutputTokens`.' },
  unreadable: {
    meaning: 'The answer did not have the form that was asked for.',
    action: 'Look at the judge; models change under one name.',
  },
  not_independent: {
    meaning: 'No panel is independent of the model that served.',
    action: 'Add a judge of another family to `cascade`.',
  },
  over_budget: { meaning: 'The budget is spent.', action: 'Wait, raise it, or lower `sampling.rate`.' },
  paused: { meaning: 'The judge is paused.', action: 'Resume it when its cause is gone.' },
  missing_context: {
    meaning: 'The criterion needs something that this interaction lacks.',
    action: 'Check the mapping of the fields that the criterion requires.',
  },
  unsupported_content: {
    meaning: 'A message holds a part that is no text, such as an image.',
    action: 'Set `criteria[].unseenInput: judge` where the text says enough.',
  },
  too_long: { meaning: 'Too long even when shortened.', action: 'Lower `cascade.inputBudgetChars`.' },
  deadline: {
    meaning: 'The item was not done within `cascade.deadlineMs`.',
    action: 'Raise it, or look at slow judges and the lag.',
  },
  error: { meaning: 'The provider failed in another way.', action: 'Read the log; retries were made.' },
};

/** docs/errors.md, from the closed lists of codes and reasons. */
export function errorDocs(): string {
  const codes = (Object.entries(ERRORS) as [ErrorCode, Entry][]).map(([code, { meaning, action }]) => {
    const { retriable, exitCode } = new MonitorError(code, '');
    return `| \`${code}\` | ${meaning} | ${retriable ? 'yes' : 'no'} | ${exitCode} | ${action} |`;
  });
  return `# Errors and reasons

<!-- Generated by scripts/docs.ts; do not edit. -->

## Codes

An error that ends a command or the process. *Retriable*: trying the same again can help.

| code | meaning | retriable | exit code | what to do |
| --- | --- | --- | --- | --- |
${codes.join('\n')}

## Dead letters

Why a record could not be used (\`plumbline_dead_letters_total{reason}\`).

${reasonTable(DEAD_LETTERS)}

## Unjudged

Why a sampled criterion has no score (\`plumbline_unjudged_total{criterion,reason}\`). Never counted as a pass or a fail.

${reasonTable(UNJUDGED)}
`;
}

function reasonTable(reasons: Readonly<Record<string, Entry>>): string {
  const rows = Object.entries(reasons).map(
    ([reason, { meaning, action }]) => `| \`${reason}\` | ${meaning} | ${action} |`,
  );
  return ['| reason | meaning | what to do |', '| --- | --- | --- |', ...rows].join('\n');
}
