import { Command, InvalidArgumentError } from 'commander';
import { freezeGoldenSet, type FreezePlan } from '../compose/golden/freeze';
import { type GoldenRunReport, goldenStatusOf, requestGoldenRun, runGoldenInDirectory } from '../compose/golden/run';
import { serverOf } from '../compose/on-call/contexts';
import { goldenOfServer } from '../compose/on-call/status';
import type { GoldenRunSummary, GoldenStanding } from '../domain/golden-standing';
import {
  configOption,
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE,
  jsonOption,
  recordedOption,
  recordedPlace,
} from './config-options';
import { formatNumber, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { type StateFlags, withState } from './state-options';
import { abortOnStop } from './stop-signal';

interface CommonFlags {
  readonly config: readonly string[];
  readonly json: boolean;
}

interface FreezeFlags extends CommonFlags {
  readonly data?: string;
  readonly out: string;
  readonly name: string;
  readonly size: number;
  readonly fresh: number;
  readonly keep?: string;
  readonly dryRun: boolean;
}

interface RunFlags extends CommonFlags {
  readonly data?: string;
  readonly id?: string;
}

type StatusFlags = CommonFlags & StateFlags;

export function goldenCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('golden')
    .description('a frozen set that judges are held against, again and again')
    .addCommand(freezeCommand(io, exit))
    .addCommand(runCommand(io, exit))
    .addCommand(statusCommand(io, exit));
}

function freezeCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('freeze')
    .description('pick items from verdicts, settle every judge’s scores in three runs, seal the set')
    .addOption(recordedOption())
    .requiredOption('--out <file>', 'the set to be written, e.g. golden.jsonl')
    .option('--name <name>', 'name of the set', 'main')
    .option('--size <items>', 'items, at least 400 recommended', parseCount, 400)
    .option('--fresh <share>', 'share of the items that the next freeze replaces', parseShare, 0.2)
    .option('--keep <file>', 'an earlier set: its items that are not fresh stay')
    .option('--dry-run', 'say what it would cost and ask no judge', false)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: FreezeFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const signal = abortOnStop(io);
      const result = await freezeGoldenSet({
        loaded,
        place: recordedPlace(flags, io),
        out: flags.out,
        name: flags.name,
        size: flags.size,
        freshShare: flags.fresh,
        keep: flags.keep ?? null,
        dryRun: flags.dryRun,
        onPlan: (plan) => io.stderr(planText(plan)),
        signal,
      });
      if (flags.json) io.stdout(`${JSON.stringify(result)}\n`);
      else if (result.seal !== null) {
        io.stdout(`${flags.out}: ${result.items} items sealed as ${result.seal.slice(0, 12)}…\n`);
        io.stdout(`${result.asked} calls, ${result.costUsd.toFixed(4)} USD\n`);
      }
      exit(result.seal === null && !flags.dryRun ? EXIT_FAILED : EXIT_OK);
    });
}

function planText({ candidates, items, strata, calls, atMostUsd, blindness }: FreezePlan): string {
  const what = `${items} of ${candidates} items in ${strata} strata; ${calls} calls, at most ${atMostUsd.toFixed(2)} USD\n`;
  return blindness === null ? what : `${what}warning: ${blindness}\n`;
}

function runCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('run')
    .description('ask every judge about the whole set; without --data the owner of the ledger is asked to do it')
    .option('--data <directory>', 'write to the ledger of this directory instead of Kafka')
    .option('--id <name>', 'name of the run; the same name goes on with one that was cut short (default: the date)')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: RunFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const id = flags.id ?? new Date(Date.now()).toISOString().slice(0, 10);
      if (flags.data === undefined) {
        await requestGoldenRun(loaded, io.env, id);
        io.stdout(flags.json ? `${JSON.stringify({ requested: id })}\n` : `asked for run ${id}; see golden status\n`);
        return exit(EXIT_OK);
      }
      const report = await runGoldenInDirectory({
        loaded,
        directory: flags.data,
        id,
        onPlan: ({ runs, calls, leftUsd }) => {
          const left = Number.isFinite(leftUsd) ? `; ${leftUsd.toFixed(2)} USD are left this month` : '';
          io.stderr(runs === 0 ? `run ${id} is complete already\n` : `${runs} judges, up to ${calls} calls${left}\n`);
        },
        signal: abortOnStop(io),
      });
      if (flags.json) io.stdout(`${JSON.stringify(report)}\n`);
      else io.stdout(reportText(report));
      exit(report.ended === 'complete' ? EXIT_OK : EXIT_FAILED);
    });
}

function reportText({ ended, asked, costUsd, runs }: GoldenRunReport): string {
  return `${ended}: ${asked} calls, ${costUsd.toFixed(4)} USD\n${runs.length === 0 ? '' : `\n${runsTable(runs)}`}`;
}

function statusCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('status').description('the last golden runs of every judge'))
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: StatusFlags) => {
      let standing: GoldenStanding;
      if (flags.data === undefined) standing = await goldenOfServer(await serverOf(io.env, flags));
      else {
        const loaded = loadOrExplain(io, flags.config);
        if (loaded === null) return exit(EXIT_USAGE);
        standing = await goldenStatusOf(flags.data, loaded);
      }
      io.stdout(flags.json ? `${JSON.stringify(standing)}\n` : statusText(standing));
      exit(EXIT_OK);
    });
}

function statusText({ runs, open, spentUsd, controls, shadows }: GoldenStanding): string {
  const parts = [runs.length === 0 ? 'no complete run\n' : runsTable(latestOf(runs))];
  for (const { judge, total, answered } of open) parts.push(`${judge}: ${answered.length} of ${total} answers\n`);
  for (const [month, usd] of Object.entries(spentUsd)) parts.push(`${month}: ${usd.toFixed(4)} USD\n`);
  if (controls.length > 0) {
    const rows = controls.map(({ kind, result, count }) => [kind, result, String(count)]);
    parts.push(formatTable([['control items', 'result', 'answers'], ...rows]));
  }
  if (shadows.length > 0) parts.push(shadowTable(shadows));
  return parts.join('\n');
}

/** Judges that are tried out, beside those they may replace. */
function shadowTable(shadows: GoldenStanding['shadows']): string {
  const rows = shadows.map(({ judge, beside, criterion, offset, agreement }) => [
    judge,
    beside,
    criterion,
    String(offset.n),
    formatNumber(offset.mean),
    `${formatNumber(offset.lower)} … ${formatNumber(offset.upper)}`,
    formatNumber(agreement),
  ]);
  return formatTable([['shadow', 'beside', 'criterion', 'n', 'offset', '95 %', 'same verdict'], ...rows]);
}

function latestOf(runs: readonly GoldenRunSummary[]): GoldenRunSummary[] {
  return [...new Map(runs.map((run) => [`${run.judge} ${run.criterion} ${run.variant}`, run])).values()];
}

function runsTable(runs: readonly GoldenRunSummary[]): string {
  const head = [
    'judge',
    'version',
    'criterion',
    'shown',
    'items',
    'score',
    'drift',
    '95 %',
    'up',
    'down',
    'noise',
    'when',
  ];
  const rows = runs.map((run) => [
    run.judge,
    run.reportedVersion ?? '',
    run.criterion,
    run.variant,
    `${run.scored}/${run.items}`,
    formatNumber(run.mean),
    formatNumber(run.drift?.mean ?? null),
    run.drift === null ? '' : `${formatNumber(run.drift.lower)} … ${formatNumber(run.drift.upper)}`,
    String(run.changed.up),
    String(run.changed.down),
    run.noise.pairs === 0 ? '' : `${run.noise.differing}/${run.noise.pairs}`,
    new Date(run.finishedAt).toISOString().slice(0, 16),
  ]);
  return formatTable([head, ...rows]);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('wanted a whole number from 1');
  return count;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('wanted a number in [0, 1]');
  return share;
}
