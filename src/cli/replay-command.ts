import { Command, InvalidArgumentError } from 'commander';
import { formatProgress } from '../compose/progress';
import { runReplay } from '../compose/replay/replay';
import { estimateReplay, type ReplayCost } from '../compose/replay/cost';
import type { ReplayInputs } from '../compose/replay/inputs';
import { compareRuns, readRunReport } from '../compose/replay/what-if';
import { MonitorError } from '../domain/error';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { parsePositive, parseTime } from './parse';
import { printPairs } from './print-pairs';
import { printReport } from './print-report';
import { printWhatIf } from './print-what-if';
import { abortOnStop } from './stop-signal';

interface ReplayFlags {
  readonly config: readonly string[];
  readonly input?: readonly string[];
  readonly speed: 'max' | number;
  readonly topic?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly rate?: number;
  readonly out?: string;
  readonly budget?: number;
  readonly compare?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function replayCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('replay')
    .description(
      'run the pipeline over recorded files, or over a stretch of a topic; writes verdicts, ledger, metrics and a report',
    )
    .option('-i, --input <files...>', 'files: .jsonl, .jsonl.gz or .avro')
    .addOption(configOption())
    .option('--speed <speed>', '`max`, or `Nx`: N times faster than event time; files only', parseSpeed, 'max')
    .option('--topic <topics...>', 'topics instead of files, read by a group of its own; the live ledger is left alone')
    .option('--from <time>', 'records from then on, by their Kafka timestamp, e.g. 2026-01-31T10:00Z', parseTime)
    .option('--to <time>', 'records before then', parseTime)
    .option('--rate <n>', 'records per second at most; topics only', parsePositive)
    .option('-o, --out <directory>', 'where the results go; those of an earlier run are replaced')
    .option('--budget <usd>', 'judge no more than this pays for, USD; default: no bound', readUsd)
    .option(
      '--compare <directory>',
      'the --out of a replay of the same records under another configuration: which alerts fire or vanish, which means move; where the answers differ too, pairs of them are judged (`replay.pairs`)',
    )
    .option('--dry-run', 'say what the run would cost and call no judge', false)
    .addOption(jsonOption())
    .action(async (flags: ReplayFlags) => {
      const inputs = inputsOf(flags, io);
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      if (flags.dryRun) {
        const cost = await estimateReplay(loaded, inputs);
        io.stdout(flags.json ? `${JSON.stringify(cost)}\n` : printCost(cost));
        return exit(EXIT_OK);
      }
      if (flags.out === undefined) throw new MonitorError('USAGE', 'say where the results go: --out DIRECTORY');
      const earlier = flags.compare === undefined ? null : await readRunReport(flags.compare);
      const report = await runReplay({
        loaded,
        inputs,
        outDir: flags.out,
        budgetUsd: flags.budget ?? null,
        compareWith: flags.compare ?? null,
        signal: abortOnStop(io),
        onProgress: (progress) => {
          if (io.interactive) io.stderr(`\r${formatProgress(progress)}\u001b[K`);
        },
      });
      if (io.interactive) io.stderr('\r\u001b[K');
      const whatIf = earlier && compareRuns(earlier, report);
      if (flags.json) io.stdout(`${JSON.stringify(whatIf === null ? report : { ...report, what_if: whatIf })}\n`);
      else {
        io.stdout(`${printReport(report)}\nwritten to ${flags.out}\n`);
        if (whatIf !== null) io.stdout(`\n${printWhatIf(whatIf, flags.compare ?? '')}`);
        if (report.pairs !== null) io.stdout(printPairs(report.pairs));
      }
      exit(EXIT_OK);
    });
}

function printCost({ interactions, sampled, atLeastUsd, expectedUsd, atMostUsd, escalation }: ReplayCost): string {
  return (
    `${interactions} interactions, ${sampled} of them judged: about $${expectedUsd.toFixed(2)} with ` +
    `${(100 * escalation).toFixed(0)}% escalated; $${atLeastUsd.toFixed(2)} if none is, $${atMostUsd.toFixed(2)} if all are\n`
  );
}

function readUsd(text: string): number {
  const usd = Number(text);
  if (!(usd > 0)) throw new InvalidArgumentError('wanted a positive number of USD');
  return usd;
}

function inputsOf({ input, speed, topic, from, to, rate }: ReplayFlags, io: CliIo): ReplayInputs {
  const isRange = topic !== undefined || from !== undefined || to !== undefined;
  if ((input !== undefined) === isRange) {
    throw new MonitorError('USAGE', 'replay what? give --input FILE…, or --topic T with --from and --to');
  }
  if (input !== undefined) return { kind: 'files', paths: input, speed };
  return {
    kind: 'topics',
    topics: topic ?? [],
    from: from ?? null,
    to: to ?? null,
    recordsPerSecond: rate ?? null,
    env: io.env,
  };
}

function parseSpeed(text: string): 'max' | number {
  if (text === 'max') return 'max';
  const times = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1];
  if (times === undefined || Number(times) <= 0) throw new InvalidArgumentError('wanted `max` or e.g. `10x`');
  return Number(times);
}
