import { Command, InvalidArgumentError } from 'commander';
import { type TuneReport, tuneFromLabels } from '../compose/labels/tune';
import { type SpreadReport, tuneSpread } from '../compose/labels/tune-spread';
import { tuneWeights, type WeightsReport, withdrawWeights } from '../compose/labels/tune-weights';
import type { LoadedConfig } from '../config/load';
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
  readonly weights: boolean;
  readonly withdraw: boolean;
  readonly escalation: boolean;
  readonly share: number;
  readonly dryRun: boolean;
  readonly author?: string;
  readonly config: readonly string[];
  readonly json: boolean;
}

export function tuneCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('tune')
    .description(
      'from labels: what the cheap stage may decide alone, with a guarantee, or weights of judges; from verdicts: where escalations are spent',
    )
    .addOption(recordedOption())
    .option('--criterion <name>', 'default: the first one')
    .option('--alpha <share>', 'share of kept verdicts that may differ from people’s', parseShare, 0.1)
    .option('--delta <chance>', 'chance allowed that the tuned point breaks alpha', parseShare, 0.05)
    .option('--max-cost <usd>', 'most that a judged item may cost on average, USD', Number)
    .option(
      '--weights',
      'learn weights of the panel’s judges instead, and put them in force where they are better',
      false,
    )
    .option(
      '--escalation',
      'instead: where escalations are spent, by how far the ensemble differs from the cheap stage',
      false,
    )
    .option('--share <share>', 'with --escalation: most of what is judged that goes to the ensemble', parseShare, 0.3)
    .option('--withdraw', 'with --weights: take those in force back', false)
    .option('--dry-run', 'with --weights: put nothing in force', false)
    .option('--author <name>', 'with --weights: who; default: $USER')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: TuneFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      if (flags.weights) return exit(await weigh(io, loaded, flags));
      if (flags.escalation) return exit(await spend(io, loaded, flags));
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

async function spend(io: CliIo, loaded: LoadedConfig, flags: TuneFlags): Promise<number> {
  const report = await tuneSpread({ loaded, place: recordedPlace(flags, io), share: flags.share });
  io.stdout(flags.json ? `${JSON.stringify(report)}\n` : spreadText(report, flags.share));
  return report.plan.kind === 'planned' ? EXIT_OK : EXIT_FAILED;
}

function spreadText({ items, escalated, plan }: SpreadReport, share: number): string {
  const head = `${items} judged, ${formatPercent(escalated)} of them escalated so far\n`;
  if (plan.kind === 'refused') {
    const why =
      plan.reason === 'too little'
        ? `band, checks and audit alone come to ${formatPercent(plan.least)}, which is not below ${formatPercent(share)}: narrow \`cascade.band\``
        : `${plan.have} escalated items of a criterion; wanted ${plan.want}`;
    return `${head}refused: ${why}\n`;
  }
  const widths = Object.entries(plan.width).map(
    ([name, width]) => `${name}: intervals ${formatPercent(width)} as wide as with the same share spent evenly\n`,
  );
  const rules = plan.rules.map(
    ({ criterion, upTo, probability }) =>
      `    - { criterion: ${criterion}, upTo: [${upTo.join(', ')}], probability: [${probability.join(', ')}] }\n`,
  );
  return `${head}${formatPercent(plan.share)} would be escalated\n${widths.join('')}\ncascade:\n  spread:\n${rules.join('')}`;
}

async function weigh(io: CliIo, loaded: LoadedConfig, flags: TuneFlags): Promise<number> {
  const request = {
    loaded,
    place: recordedPlace(flags, io),
    criterion: flags.criterion ?? loaded.config.criteria[0]?.name ?? '',
    author: flags.author ?? io.env['USER'] ?? 'unknown',
    dryRun: flags.dryRun,
  };
  if (flags.withdraw) {
    await withdrawWeights(request);
    const { criterion } = request;
    io.stdout(
      flags.json ? `${JSON.stringify({ criterion, withdrawn: true })}\n` : `${criterion}: combined as configured\n`,
    );
    return EXIT_OK;
  }
  const report = await tuneWeights(request);
  io.stdout(flags.json ? `${JSON.stringify(report)}\n` : weightsText(report, flags.dryRun));
  return report.version === null ? EXIT_FAILED : EXIT_OK;
}

function weightsText(report: WeightsReport, isDry: boolean): string {
  const { panel, labels, members, promotion, version, current } = report;
  const lines = [`${panel ?? 'no panel'}: ${labels} labels of items on which all of it was asked`];
  if (current !== null) {
    const changed = current.changed.length === 0 ? '' : ` (${current.changed.join(', ')} changed)`;
    lines.push(`weights ${current.version} are in force${current.isStale ? ', and stale' : ''}${changed}`);
  }
  if (promotion.kind === 'refused') {
    lines.push(`refused: ${promotion.reason} (${promotion.have}; wanted ${promotion.want})`);
    return `${lines.join('\n')}\n`;
  }
  const table = formatTable([
    ['judge or check', 'weight'],
    ...members.map(({ judge, weight }) => [judge, formatNumber(weight, 3)]),
  ]);
  const { gain, p } = promotion;
  lines.push(
    table,
    `on labels that they were not learned from: right ${formatPercent(gain)} more often, p ${formatNumber(p, 4)}`,
  );
  if (promotion.kind === 'kept') lines.push('kept as it is: not better beyond doubt');
  else {
    lines.push(`pass rate moves by ${formatPercent(promotion.offset)}: a new series begins`);
    lines.push(
      isDry
        ? `weights ${version} would be put in force`
        : `weights ${version} are in force as soon as the monitor has read them`,
    );
  }
  return `${lines.join('\n')}\n`;
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
  const { band, tuned } = patch.cascade;
  const kept = Object.entries(tuned.kept).map(([name, share]) => `${name}: ${formatNumber(share, 3)}`);
  return [
    table,
    `With probability ${formatPercent(1 - delta)} at most ${formatPercent(alpha)} of what is kept differs from people.\n`,
    `${formatPercent(tuning.chosen.coverage)} are kept; ${formatPercent(tuning.escalationRate)} are escalated, audit included; `,
    `${formatPercent(tuning.saving)} less than asking the ensemble about everything.\n\n`,
    `cascade:\n  band: { low: ${formatNumber(band.low, 4)}, high: ${formatNumber(band.high, 4)} }\n`,
    `  tuned: { kept: { ${kept.join(', ')} } }\n`,
  ].join('');
}

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('wanted a number between 0 and 1');
  return share;
}
