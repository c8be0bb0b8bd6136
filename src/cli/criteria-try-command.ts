import { Command, InvalidArgumentError } from 'commander';
import { named, tryCriterion, type TryReport, type TryRow } from '../compose/criteria/try';
import { configOption, EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatNumber, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { abortOnStop } from './stop-signal';

interface TryFlags {
  readonly config: readonly string[];
  readonly json: boolean;
  readonly judge?: string;
  readonly input: readonly string[];
  readonly rows: number;
  readonly repeats: number;
}

interface DiffFlags extends TryFlags {
  readonly config2: readonly string[];
}

export function criteriaTryCommand(io: CliIo, exit: (code: number) => void): Command {
  return withTryOptions(new Command('try'))
    .description(
      'ask a judge about a few rows with one criterion: verdict, rationale, spread over repeats, cost; exit code 1 when an example is judged otherwise than expected',
    )
    .action(async (name: string, flags: TryFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const { report } = await tryCriterion({ ...requestOf(name, flags, io), loaded, other: null });
      io.stdout(flags.json ? `${JSON.stringify(report)}\n` : tryText(report));
      exit(report.right === report.examples ? EXIT_OK : EXIT_FAILED);
    });
}

export function criteriaDiffCommand(io: CliIo, exit: (code: number) => void): Command {
  return withTryOptions(new Command('diff'))
    .description('ask a judge about the same rows under the old and the new wording of a criterion')
    .requiredOption('--config2 <files...>', 'configuration with the new wording')
    .action(async (name: string, flags: DiffFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      const changed = loadOrExplain(io, flags.config2);
      if (loaded === null || changed === null) return exit(EXIT_USAGE);
      const other = named(changed.config.criteria, name, 'criterion of --config2');
      const { report, other: after } = await tryCriterion({ ...requestOf(name, flags, io), loaded, other });
      if (after === null) return exit(EXIT_USAGE);
      const changes = report.rows.flatMap((row, i) => changeOf(row, after.rows[i]));
      if (flags.json) io.stdout(`${JSON.stringify({ before: report, after, changed: changes.length })}\n`);
      else io.stdout(diffText(report, after, changes));
      exit(EXIT_OK);
    });
}

function withTryOptions(command: Command): Command {
  return command
    .argument('<criterion>', 'its name in the configuration')
    .option('--input <files...>', 'recorded interactions; default: the examples of the criterion', [])
    .option('--rows <count>', 'rows of the input, drawn by hash', parseCount, 20)
    .option('--repeats <count>', 'times that each row is asked about', parseCount, 2)
    .option('--judge <name>', 'default: the first cheap judge')
    .addOption(configOption())
    .addOption(jsonOption());
}

function requestOf(criterion: string, flags: TryFlags, io: CliIo) {
  const { input: inputs, rows, repeats, judge = null } = flags;
  return { criterion, inputs, rows, repeats, judge, signal: abortOnStop(io) };
}

const MOST_CHARS = 60;

function tryText({ judge, rows, right, examples, flips, costUsd, usdPer1000 }: TryReport): string {
  const body = rows.map(({ item, answer, expected, verdicts, spread, rationale }) => [
    item,
    short(answer),
    expected ?? '',
    verdicts.join(' '),
    formatNumber(spread, 2),
    short(rationale ?? ''),
  ]);
  const table = formatTable([['row', 'answer', 'expected', `${judge} says`, 'spread', 'why'], ...body]);
  const known = examples === 0 ? '' : `${right} of ${examples} examples as expected; `;
  const cost = `${costUsd.toFixed(4)} USD, ${usdPer1000.toFixed(2)} USD per 1,000 calls`;
  return `${table}\n${known}${flips} of ${rows.length} rows waver between repeats; ${cost}\n`;
}

type Change = readonly [item: string, answer: string, before: string, after: string, why: string];

function changeOf(before: TryRow, after: TryRow | undefined): Change[] {
  const [was, is] = [before.verdicts[0], after?.verdicts[0]];
  if (was === undefined || is === undefined || was === is) return [];
  return [[before.item, short(before.answer), was, is, short(after?.rationale ?? '')]];
}

function diffText(before: TryReport, after: TryReport, changes: readonly Change[]): string {
  const table = changes.length === 0 ? '' : `${formatTable([['row', 'answer', 'old', 'new', 'why'], ...changes])}\n`;
  const share = (report: TryReport): string => {
    const passes = report.rows.filter(({ verdicts }) => verdicts[0] === 'pass').length;
    return `${passes} of ${report.rows.length} pass, ${report.flips} waver`;
  };
  const known =
    before.examples === 0 ? '' : `; examples as expected: ${before.right} and ${after.right} of ${before.examples}`;
  return `${table}old: ${share(before)}; new: ${share(after)}; ${changes.length} verdicts changed${known}\n`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS - 1)}…`;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('wanted a whole number from 1');
  return count;
}
