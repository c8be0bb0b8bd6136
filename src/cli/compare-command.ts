import { Command, InvalidArgumentError } from 'commander';
import { type Arm, parseArm } from '../compare/arm';
import type { ComparisonJson } from '../compare/to-json';
import { type AskedOptions, compareAnswers, compareDirectories, compareOnServer } from '../compose/replay/compare';
import { serverOf } from '../compose/on-call/contexts';
import type { PairwiseReport } from '../compose/replay/pairwise';
import { configOption, EXIT_OK, EXIT_UNDECIDED, EXIT_USAGE, EXIT_WORSE, jsonOption } from './config-options';
import { formatNumber, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { printPairs } from './print-pairs';
import { type StateFlags, withState } from './state-options';
import { abortOnStop } from './stop-signal';

interface CompareFlags extends StateFlags {
  readonly where?: Arm;
  readonly against?: Arm;
  readonly againstData?: string;
  readonly every: number;
  readonly maxDrop: number;
  readonly within?: number;
  readonly on?: readonly string[];
  readonly ratio?: number;
  readonly alpha: number;
  readonly seed: number;
  readonly pairwise: boolean;
  readonly config: readonly string[];
  readonly json: boolean;
}

const EXIT_OF: Readonly<Record<ComparisonJson['verdict'], number>> = {
  no_worse: EXIT_OK,
  worse: EXIT_WORSE,
  undecided: EXIT_UNDECIDED,
};

export function compareCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('compare'))
    .description(
      'one part of the traffic against another in the same period; exit code 0 no worse, 6 worse, 5 undecided',
    )
    .option('--where <conditions>', 'the part in question, e.g. release=v2,product=support', readArm)
    .option('--against <conditions>', 'what it is measured by, e.g. release=v1,product=support', readArm)
    .option(
      '--against-data <directory>',
      'with --data: a second replay of the same conversations, compared pair by pair',
    )
    .option('--max-drop <points>', 'a fall by less than this is no fall, from 0 to 1', readShare, 0.05)
    .option(
      '--within <time>',
      'only what began so soon after the later part did, e.g. 4h, 30m, 2d; with a server, waits so long for a decision',
      readTime,
    )
    .option('--every <time>', 'between two looks while waiting', readTime, 30_000)
    .option('--on <names...>', 'what decides: criteria and signals; default all criteria and not_abandoned')
    .option(
      '--ratio <first:second>',
      'how the traffic should be split, e.g. 1:1; a broken split decides nothing',
      readRatio,
    )
    .option('--alpha <probability>', 'of ever deciding wrongly', readShare, 0.05)
    .option(
      '--pairwise',
      'with --data: also have answers to the same inputs judged as pairs, in both orders (`replay.pairs`)',
      false,
    )
    .option('--seed <seed>', 'of the resampling', Number, 7)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: CompareFlags) => {
      const { where = [], against = [], againstData = null, data } = flags;
      if ((againstData === null || data === undefined) && (where.length === 0 || against.length === 0)) {
        io.stderr('wanted --where and --against, or --data and --against-data: two parts to compare\n');
        return exit(EXIT_USAGE);
      }
      const asked = { where, against, options: optionsOf(flags) };
      let comparison: ComparisonJson;
      let pairs: PairwiseReport | null = null;
      if (flags.pairwise && data === undefined) {
        io.stderr('--pairwise needs --data: a server does not hand out texts to be judged again\n');
        return exit(EXIT_USAGE);
      }
      if (data === undefined) {
        const { every: everyMs } = flags;
        const place = await serverOf(io.env, flags);
        const signal = abortOnStop(io);
        const onWaiting = ({ reason }: ComparisonJson): void => io.stderr(`undecided, waiting: ${reason}\n`);
        comparison = await compareOnServer({ ...asked, place, everyMs, signal, onWaiting });
      } else {
        const loaded = loadOrExplain(io, flags.config);
        if (loaded === null) return exit(EXIT_USAGE);
        const request = { ...asked, loaded, directory: data, otherDirectory: againstData };
        comparison = await compareDirectories(request);
        if (flags.pairwise) pairs = await compareAnswers(request, abortOnStop(io));
      }
      if (flags.json) io.stdout(`${JSON.stringify(pairs === null ? comparison : { ...comparison, pairs })}\n`);
      else io.stdout(`${comparisonText(comparison)}${pairs === null ? '' : printPairs(pairs)}`);
      exit(EXIT_OF[comparison.verdict]);
    });
}

function optionsOf({ maxDrop, alpha, on, ratio, within, seed }: CompareFlags): AskedOptions {
  return { maxDrop, alpha, on: on ?? null, expectedShare: ratio ?? null, withinMs: within ?? null, seed };
}

function comparisonText(comparison: ComparisonJson): string {
  const { where, against, verdict, reason, design, sessions, crossed, sample_ratio: ratio, from, to } = comparison;
  const pairs =
    design === 'paired' ? `${sessions.first} pairs` : `${sessions.first} against ${sessions.second} sessions`;
  const rows = comparison.series.map((one) => [
    one.series + (one.gated ? ' *' : ''),
    `${one.n.first}/${one.n.second}`,
    formatNumber(one.mean?.first ?? null),
    formatNumber(one.mean?.second ?? null),
    formatNumber(one.difference),
    intervalText(one.interval),
    intervalText(one.fixed_interval),
    one.decision.replace('_', ' '),
  ]);
  return [
    `${where} against ${against}: ${pairs}, ${from ?? '–'} to ${to ?? '–'}`,
    ...(crossed > 0 ? [`${crossed} sessions saw both and are in neither`] : []),
    ...(ratio === null
      ? []
      : [`share of the first ${formatNumber(ratio.seen)}, wanted ${formatNumber(ratio.expected)}`]),
    '',
    formatTable([['series (* decides)', 'n', 'first', 'second', 'difference', 'at any time', 'one look', ''], ...rows]),
    ...(comparison.not_compared.length > 0
      ? [`of one side only, so not compared: ${comparison.not_compared.join(', ')}\n`]
      : []),
    `${verdict.replace('_', ' ')}: ${reason}\n`,
  ].join('\n');
}

function intervalText(interval: readonly [number, number] | null): string {
  return interval === null ? '–' : `${formatNumber(interval[0])} to ${formatNumber(interval[1])}`;
}

function readArm(text: string): Arm {
  const arm = parseArm(text);
  if (!arm.ok) throw new InvalidArgumentError(arm.error);
  return arm.value;
}

function readShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError('wanted a number from 0 to 1');
  return share;
}

function readTime(text: string): number {
  const found = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  if (found === null) throw new InvalidArgumentError('wanted e.g. 45s, 30m, 4h or 2d');
  return Number(found[1]) * { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[found[2] as 's' | 'm' | 'h' | 'd'];
}

function readRatio(text: string): number {
  const found = /^(\d{1,9}):(\d{1,9})$/.exec(text);
  const [first, second] = [Number(found?.[1]), Number(found?.[2])];
  if (!(first > 0 && second > 0)) throw new InvalidArgumentError('wanted e.g. 1:1 or 5:95');
  return first / (first + second);
}
