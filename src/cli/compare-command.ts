import { Command, InvalidArgumentError } from 'commander';
import { type Arm, armText, parseArm } from '../compare/arm';
import type { Comparison, Decision, SeriesComparison } from '../compare/compare';
import { compareDirectories } from '../compose/compare';
import { configOption, EXIT_OK, EXIT_UNDECIDED, EXIT_USAGE, EXIT_WORSE, jsonOption } from './config-options';
import { formatNumber, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface CompareFlags {
  readonly where?: Arm;
  readonly against?: Arm;
  readonly data: string;
  readonly againstData?: string;
  readonly maxDrop: number;
  readonly within?: number;
  readonly on?: readonly string[];
  readonly ratio?: number;
  readonly alpha: number;
  readonly seed: number;
  readonly config: readonly string[];
  readonly json: boolean;
}

const EXIT_OF: Readonly<Record<Decision, number>> = {
  no_worse: EXIT_OK,
  worse: EXIT_WORSE,
  undecided: EXIT_UNDECIDED,
};

export function compareCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('compare')
    .description(
      'one part of the traffic against another in the same period; exit code 0 no worse, 6 worse, 5 undecided',
    )
    .option('--where <conditions>', 'the part in question, e.g. release=v2,product=support', readArm)
    .option('--against <conditions>', 'what it is measured by, e.g. release=v1,product=support', readArm)
    .requiredOption('--data <directory>', 'a directory written by `replay`')
    .option('--against-data <directory>', 'a second replay of the same conversations: compared pair by pair')
    .option('--max-drop <points>', 'a fall by less than this is no fall, from 0 to 1', readShare, 0.05)
    .option('--within <time>', 'only what began so soon after the later part did, e.g. 4h, 30m, 2d', readTime)
    .option('--on <names...>', 'what decides: criteria and signals; default all criteria and not_abandoned')
    .option(
      '--ratio <first:second>',
      'how the traffic should be split, e.g. 1:1; a broken split decides nothing',
      readRatio,
    )
    .option('--alpha <probability>', 'of ever deciding wrongly', readShare, 0.05)
    .option('--seed <seed>', 'of the resampling', Number, 7)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: CompareFlags) => {
      const { where = [], against = [], againstData = null } = flags;
      if (againstData === null && (where.length === 0 || against.length === 0)) {
        io.stderr('wanted --where and --against, or --against-data: two parts to compare\n');
        return exit(EXIT_USAGE);
      }
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const comparison = await compareDirectories({
        loaded,
        directory: flags.data,
        otherDirectory: againstData,
        where,
        against,
        options: {
          maxDrop: flags.maxDrop,
          alpha: flags.alpha,
          on: flags.on ?? null,
          expectedShare: flags.ratio ?? null,
          withinMs: flags.within ?? null,
          seed: flags.seed,
        },
      });
      const figures = { where: armText(where), against: armText(against), ...toJson(comparison) };
      io.stdout(flags.json ? `${JSON.stringify(figures)}\n` : comparisonText(comparison, where, against));
      exit(EXIT_OF[comparison.verdict]);
    });
}

/** Field names are part of the interface. */
function toJson(comparison: Comparison): object {
  const { verdict, reason, design, sessions, crossed, sampleRatio } = comparison;
  return {
    verdict,
    reason,
    design,
    from: toIso(comparison.from),
    to: toIso(comparison.to),
    sessions,
    crossed,
    sample_ratio: sampleRatio && {
      expected: sampleRatio.expected,
      seen: sampleRatio.seen,
      broken: sampleRatio.isBroken,
    },
    series: comparison.series.map((one) => ({
      series: one.series,
      gated: one.isGated,
      n: one.n,
      mean: one.mean,
      difference: one.difference,
      interval: one.interval,
      fixed_interval: one.fixedInterval,
      permutation_p: one.permutationP,
      decision: one.decision,
    })),
    not_compared: comparison.notCompared,
  };
}

function comparisonText(comparison: Comparison, where: Arm, against: Arm): string {
  const { verdict, reason, design, sessions, crossed, sampleRatio, notCompared } = comparison;
  const pairs =
    design === 'paired' ? `${sessions.first} pairs` : `${sessions.first} against ${sessions.second} sessions`;
  const rows = comparison.series.map((one) => [
    one.series + (one.isGated ? ' *' : ''),
    `${one.n.first}/${one.n.second}`,
    formatNumber(one.mean?.first ?? null),
    formatNumber(one.mean?.second ?? null),
    formatNumber(one.difference),
    `${formatNumber(one.interval[0])} to ${formatNumber(one.interval[1])}`,
    one.fixedInterval === null ? '–' : `${formatNumber(one.fixedInterval[0])} to ${formatNumber(one.fixedInterval[1])}`,
    words(one),
  ]);
  return [
    `${armText(where)} against ${armText(against)}: ${pairs}, ${toIso(comparison.from) ?? '–'} to ${toIso(comparison.to) ?? '–'}`,
    ...(crossed > 0 ? [`${crossed} sessions saw both and are in neither`] : []),
    ...(sampleRatio === null
      ? []
      : [`share of the first ${formatNumber(sampleRatio.seen)}, wanted ${formatNumber(sampleRatio.expected)}`]),
    '',
    formatTable([['series (* decides)', 'n', 'first', 'second', 'difference', 'at any time', 'one look', ''], ...rows]),
    ...(notCompared.length > 0 ? [`of one side only, so not compared: ${notCompared.join(', ')}\n`] : []),
    `${verdict.replace('_', ' ')}: ${reason}\n`,
  ].join('\n');
}

function words({ decision }: SeriesComparison): string {
  return decision.replace('_', ' ');
}

function toIso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
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
  const found = /^(\d{1,6})(m|h|d)$/.exec(text);
  if (found === null) throw new InvalidArgumentError('wanted e.g. 30m, 4h or 2d');
  return Number(found[1]) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[found[2] as 'm' | 'h' | 'd'];
}

function readRatio(text: string): number {
  const found = /^(\d{1,9}):(\d{1,9})$/.exec(text);
  const [first, second] = [Number(found?.[1]), Number(found?.[2])];
  if (!(first > 0 && second > 0)) throw new InvalidArgumentError('wanted e.g. 1:1 or 5:95');
  return first / (first + second);
}
