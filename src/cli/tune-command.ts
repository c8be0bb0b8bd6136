import { Command, InvalidArgumentError } from 'commander';
import { type TuneReport, tuneFromLabels } from '../compose/tune';
import {
  configOption,
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE,
  jsonOption,
  recordedOption,
  recordedPlace,
} from './config-options';
import { formatNumber, formatPercent, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface TuneFlags {
  readonly data?: string;
  readonly criterion?: string;
  readonly alpha: number;
  readonly delta: number;
  readonly maxCost?: number;
  readonly config: readonly string[];
  readonly json: boolean;
}

export function tuneCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('tune')
    .description('the widest set of verdicts that the cheap stage may decide alone, with a guarantee, from labels')
    .addOption(recordedOption())
    .option('--criterion <name>', 'default: the first one')
    .option('--alpha <share>', 'share of kept verdicts that may differ from people’s', parseShare, 0.1)
    .option('--delta <chance>', 'chance allowed that the tuned point breaks alpha', parseShare, 0.05)
    .option('--max-cost <usd>', 'most that a judged item may cost on average, USD', Number)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: TuneFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const report = await tuneFromLabels({
        loaded,
        place: recordedPlace(flags, io),
        criterion: flags.criterion ?? loaded.config.criteria[0]?.name ?? '',
        alpha: flags.alpha,
        delta: flags.delta,
        costCeilingUsd: flags.maxCost ?? null,
      });
      io.stdout(flags.json ? `${JSON.stringify(report)}\n` : tuneText(report, flags));
      exit(report.tuning.kind === 'tuned' ? EXIT_OK : EXIT_FAILED);
    });
}

function tuneText(report: TuneReport, { alpha, delta }: TuneFlags): string {
  const { tuning, labels, patch, criterion } = report;
  const head = ['confidence from', 'kept', 'differ', 'p', 'cost/item USD', ''];
  const rows = tuning.frontier.map((point) => [
    formatNumber(point.tau),
    formatPercent(point.coverage),
    `${point.disagreements}/${point.kept}`,
    formatNumber(point.p, 4),
    formatNumber(point.costPerItem, 5),
    point.passed ? 'holds' : '',
  ]);
  const table = rows.length === 0 ? '' : `${formatTable([head, ...rows])}\n`;
  if (tuning.kind === 'refused' || patch === null) {
    const want = tuning.kind === 'refused' ? `; at the very least ${tuning.want} are needed` : '';
    const reason = tuning.kind === 'refused' ? tuning.reason : '';
    return `${table}refused: ${reason} (${labels} labels drawn by chance for ${criterion}${want})\n`;
  }
  const { low, high } = patch.cascade.band;
  return [
    table,
    `With probability ${formatPercent(1 - delta)} at most ${formatPercent(alpha)} of what is kept differs from people.\n`,
    `${formatPercent(tuning.chosen.coverage)} are kept; ${formatPercent(tuning.escalationRate)} are escalated, audit included; `,
    `${formatPercent(tuning.saving)} less than asking the ensemble about everything.\n\n`,
    `cascade:\n  band: { low: ${formatNumber(low, 4)}, high: ${formatNumber(high, 4)} }\n`,
  ].join('');
}

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('wanted a number between 0 and 1');
  return share;
}
