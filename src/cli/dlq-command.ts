import { Command, Option } from 'commander';
import { replayDeadLetters } from '../compose/ledger/dead-letter-replay';
import {
  assertAllFound,
  type LetterFilter,
  readDeadLetters,
  readLetterRecord,
  settleDeadLetters,
  type StoredLetter,
} from '../compose/ledger/dead-letters';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../domain/accounting';
import { skipUnreadableBatch } from '../compose/ledger/poison-batch';
import type { LoadedConfig } from '../config/load';
import type { TopicPartition } from '../domain/coordinates';
import { MonitorError } from '../domain/error';
import { configOption, EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { parseCount, parsePartition, parsePositive, parseTime } from './parse';
import { abortOnStop } from './stop-signal';

interface DlqFlags {
  readonly config: readonly string[];
  readonly reason?: DeadLetterReason;
  readonly since?: number;
  readonly limit: number;
  readonly all: boolean;
  readonly raw: boolean;
  readonly batch?: TopicPartition;
  readonly budget?: number;
  readonly json: boolean;
}

export function dlqCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('dlq').description('dead letters: records that could not be used');
  command
    .command('list')
    .description('dead letters that need attention, the latest last')
    .addOption(configOption())
    .addOption(reasonOption())
    .addOption(sinceOption())
    .option('--limit <n>', 'the latest so many', parseCount, 100)
    .option('--all', 'those that were replayed or skipped too', false)
    .addOption(jsonOption())
    .action((flags: DlqFlags) => list(io, exit, flags));
  command
    .command('show')
    .description('one dead letter, and whether the source still has its record')
    .argument('<id>', 'topic/partition/offset')
    .addOption(configOption())
    .option('--raw', 'write the bytes of the record, unredacted, to standard output instead', false)
    .addOption(jsonOption())
    .action((id: string, flags: DlqFlags) => show(io, exit, id, flags));
  command
    .command('replay')
    .description('judge dead letters again under the present configuration; what still fails stays one (exit code 1)')
    .argument('[ids...]', 'topic/partition/offset; else give --reason or --all')
    .addOption(configOption())
    .addOption(reasonOption())
    .addOption(sinceOption())
    .option('--all', 'all that need attention', false)
    .option(
      '--budget <usd>',
      'what judging them may cost; with a monthly budget at most what is left (default: one lease)',
      parsePositive,
    )
    .addOption(jsonOption())
    .action((ids: readonly string[], flags: DlqFlags) => replay(io, exit, ids, flags));
  command
    .command('skip')
    .description('say of dead letters that nothing will be done about them; `list` leaves them out from then on')
    .argument('[ids...]', 'topic/partition/offset')
    .option(
      '--batch <topic/partition>',
      'instead, take the stopped monitor past the first batch of a partition that no client can read (exit code 3)',
      parsePartition,
    )
    .addOption(configOption())
    .addOption(jsonOption())
    .action((ids: readonly string[], flags: DlqFlags) => skip(io, exit, ids, flags));
  return command;
}

async function list(io: CliIo, exit: (code: number) => void, flags: DlqFlags): Promise<void> {
  const loaded = loadOrExplain(io, flags.config);
  if (loaded === null) return exit(EXIT_USAGE);
  const stored = await readDeadLetters(loaded, io.env, { ...filterOf(flags), settledToo: flags.all });
  const shown = stored.slice(-flags.limit);
  if (flags.json) io.stdout(`${JSON.stringify({ total: stored.length, letters: shown.map(toJson) })}\n`);
  else if (shown.length === 0) io.stdout('no dead letters\n');
  else {
    const rows = shown.map(({ id, letter, settled }) => [
      id,
      new Date(letter.recordedAt).toISOString(),
      letter.reason,
      String(letter.sizeBytes),
      settled ?? '',
      letter.detail,
    ]);
    io.stdout(formatTable([['id', 'recorded', 'reason', 'bytes', 'settled', 'detail'], ...rows]));
    if (stored.length > shown.length) io.stdout(`the latest ${shown.length} of ${stored.length}\n`);
  }
  exit(EXIT_OK);
}

async function show(io: CliIo, exit: (code: number) => void, id: string, flags: DlqFlags): Promise<void> {
  const loaded = loadOrExplain(io, flags.config);
  if (loaded === null) return exit(EXIT_USAGE);
  const [stored] = await readDeadLetters(loaded, io.env, { ids: [id], settledToo: true });
  assertAllFound([id], stored === undefined ? [] : [stored]);
  if (stored === undefined) return exit(EXIT_USAGE);
  const record = await readLetterRecord(loaded, io.env, stored.letter);
  if (flags.raw) {
    if (record?.value) io.stdout(record.value.toString('utf8'));
    return exit(record === null ? EXIT_FAILED : EXIT_OK);
  }
  const fields = { ...toJson(stored), in_source: record !== null };
  if (flags.json) io.stdout(`${JSON.stringify(fields)}\n`);
  else io.stdout(formatTable(Object.entries(fields).map(([name, value]) => [name, String(value ?? '')])));
  exit(EXIT_OK);
}

async function replay(io: CliIo, exit: (code: number) => void, ids: readonly string[], flags: DlqFlags): Promise<void> {
  const loaded = loadOrExplain(io, flags.config);
  if (loaded === null) return exit(EXIT_USAGE);
  if (ids.length === 0 && !flags.all && flags.reason === undefined && flags.since === undefined) {
    throw new MonitorError('USAGE', 'which dead letters? give ids, --reason, --since or --all');
  }
  const stored = await readDeadLetters(loaded, io.env, { ...filterOf(flags), ...(ids.length > 0 ? { ids } : {}) });
  assertAllFound(ids, stored);
  const results = await replayDeadLetters(loaded, io.env, stored, abortOnStop(io), flags.budget ?? null);
  const replayed = results.filter(({ isReplayed }) => isReplayed).length;
  if (flags.json) {
    const letters = results.map(({ id, result, isReplayed }) => ({ id, result, replayed: isReplayed }));
    io.stdout(`${JSON.stringify({ replayed, left: results.length - replayed, letters })}\n`);
  } else {
    const rows = results.map(({ id, result, isReplayed }) => [
      id,
      isReplayed ? 'replayed' : 'dead letter still',
      result,
    ]);
    if (rows.length > 0) io.stdout(formatTable([['id', 'now', 'as'], ...rows]));
    io.stdout(`${replayed} of ${results.length} replayed\n`);
  }
  exit(replayed === results.length ? EXIT_OK : EXIT_FAILED);
}

async function skip(io: CliIo, exit: (code: number) => void, ids: readonly string[], flags: DlqFlags): Promise<void> {
  const loaded = loadOrExplain(io, flags.config);
  if (loaded === null) return exit(EXIT_USAGE);
  if (flags.batch !== undefined) return skipBatch(io, exit, loaded, flags.batch, flags.json);
  if (ids.length === 0) throw new MonitorError('USAGE', 'which dead letters? give ids, or --batch');
  const stored = await readDeadLetters(loaded, io.env, { ids, settledToo: true });
  assertAllFound(ids, stored);
  await settleDeadLetters(
    loaded,
    io.env,
    stored.filter(({ settled }) => settled === null),
    'skipped',
  );
  io.stdout(flags.json ? `${JSON.stringify({ skipped: stored.length })}\n` : `${stored.length} skipped\n`);
  exit(EXIT_OK);
}

async function skipBatch(
  io: CliIo,
  exit: (code: number) => void,
  loaded: LoadedConfig,
  at: TopicPartition,
  json: boolean,
): Promise<void> {
  const { topic, partition, from, to, before } = await skipUnreadableBatch(loaded, io.env, at);
  const fields = { topic, partition, from: Number(from), to: Number(to), skipped: Number(to - from), before };
  if (json) io.stdout(`${JSON.stringify(fields)}\n`);
  else {
    io.stdout(`${topic}/${partition}: passed over offsets ${from} to ${to - 1n}\n`);
    if (before > 0)
      io.stdout(`${before} records before them are dead letters: \`plumbline dlq replay --reason undecodable\`\n`);
  }
  exit(EXIT_OK);
}

function filterOf({ reason, since }: DlqFlags): LetterFilter {
  return { ...(reason === undefined ? {} : { reason }), ...(since === undefined ? {} : { since }) };
}

/** Field names are part of the interface. */
function toJson({ id, letter, settled }: StoredLetter): Record<string, unknown> {
  const { source, recordedAt, reason, detail, hash, sizeBytes, schemaId } = letter;
  return {
    id,
    topic: source.topic,
    partition: source.partition,
    offset: Number(source.offset),
    recorded_at: new Date(recordedAt).toISOString(),
    reason,
    detail,
    sha256: hash,
    size_bytes: sizeBytes,
    schema_id: schemaId,
    settled,
  };
}

function reasonOption(): Option {
  return new Option('--reason <reason>', 'only those of this reason').choices([...DEAD_LETTER_REASONS]);
}

function sinceOption(): Option {
  return new Option('--since <time>', 'only those recorded since then, e.g. 2026-01-31T10:00Z').argParser(parseTime);
}
