import { Command, InvalidArgumentError } from 'commander';
import { type Inspection, type InspectRequest, inspectRecords } from '../compose/setup/inspect';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatPercent, formatTable } from './format';
import type { CliIo } from './io';

interface InspectFlags {
  readonly topic?: string;
  readonly input?: string;
  readonly brokers: readonly string[];
  readonly count: number;
  readonly json: boolean;
}

export function inspectCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('inspect')
    .description('look at a topic or file, propose the mapping that reads it, show what it makes of five records')
    .option('--topic <topic>', 'the newest records of a topic; nothing is committed')
    .option('-i, --input <file>', 'the first records of a file: .jsonl, .jsonl.gz or .avro')
    .option('--brokers <hosts...>', 'bootstrap brokers as host:port', ['localhost:9092'])
    .option('--count <n>', 'how many records to look at', parseCount, 200)
    .addOption(jsonOption())
    .action(async (flags: InspectFlags) => {
      const from = sourceOf(flags);
      if (from === null) {
        io.stderr('give either --topic or --input\n');
        return exit(EXIT_USAGE);
      }
      const inspection = await inspectRecords({ from, count: flags.count, env: io.env });
      io.stdout(flags.json ? `${JSON.stringify(inspection)}\n` : printInspection(inspection));
      exit(inspection.interactions.length > 0 ? EXIT_OK : EXIT_FAILED);
    });
}

function sourceOf({ topic, input, brokers }: InspectFlags): InspectRequest['from'] | null {
  if ((topic === undefined) === (input === undefined)) return null;
  return topic === undefined ? { kind: 'file', path: input ?? '' } : { kind: 'topic', topic, brokers };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 10_000) throw new InvalidArgumentError('wanted 1 to 10000');
  return count;
}

const SHAPE: Readonly<Record<Inspection['shape'], string>> = {
  own: 'Records are in Plumbline’s own shape: no mapping is needed.',
  otlp: 'Records are OpenTelemetry spans as a Collector writes them.',
  json: 'Records have a shape of their own. Proposed, to be read before it is used:',
  unreadable: 'Records can be read neither as our Avro, nor as OpenTelemetry spans, nor as JSON.',
};

function printInspection(inspection: Inspection): string {
  const { records, shape, config, found, missing, outcomes, faults, interactions, fill } = inspection;
  const parts = [`${records} records. ${SHAPE[shape]}`];
  if (config !== '') parts.push(`# plumbline.yaml\n${config.trimEnd()}`);
  if (found.length > 0) {
    const rows = found.map((one) => [one.field, one.path, formatPercent(one.fill)]);
    parts.push(formatTable([['field', 'found in', 'there in'], ...rows]).trimEnd());
  }
  if (missing.length > 0) parts.push(`not found: ${missing.join(', ')}`);
  parts.push(
    formatTable([['outcome', 'records'], ...Object.entries(outcomes).map(([name, n]) => [name, String(n)])]).trimEnd(),
  );
  for (const fault of faults) parts.push(`fault: ${fault}`);
  for (const one of interactions) parts.push(shownInteraction(one));
  if (fill.length > 0) {
    const rows = fill.map((one) => [one.field, formatPercent(one.fill), one.fill < 1 ? one.without : '']);
    parts.push(formatTable([['field', 'filled', 'lost where it is missing'], ...rows]).trimEnd());
  }
  return `${parts.join('\n\n')}\n`;
}

function shownInteraction(one: Inspection['interactions'][number]): string {
  const question = one.input.findLast(({ role }) => role === 'user')?.content ?? '';
  const segments = Object.entries(one.segments).map(([name, value]) => `${name}=${value}`);
  return [
    `${one.interactionId}  ${new Date(one.occurredAt).toISOString()}  ${one.producer.provider}/${one.producer.model}  ${segments.join(' ')}`,
    `  conversation ${one.conversationKnown ? one.conversationId : '(none)'}, turn ${one.turnIndex}, ${one.context.length} documents, ${one.output.toolCalls.length} tool calls`,
    `  user: ${shorten(question)}`,
    `  answer: ${shorten(one.output.text)}`,
  ].join('\n');
}

const SHOWN_CHARACTERS = 160;

/** Control characters of a record must not steer the terminal. */
function shorten(text: string): string {
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ');
  return clean.length > SHOWN_CHARACTERS ? `${clean.slice(0, SHOWN_CHARACTERS)}…` : clean;
}
