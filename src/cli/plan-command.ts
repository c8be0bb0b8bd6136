import { Command, InvalidArgumentError } from 'commander';
import { planFromFiles, type PlanReport } from '../compose/setup/plan';
import { parseBudget } from '../policy/plan';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatNumber, formatPercent, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface PlanFlags {
  readonly config: readonly string[];
  readonly input: readonly string[];
  readonly budget: number;
  readonly escalation: number;
  readonly days?: number;
  readonly json: boolean;
}

export function planCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('plan')
    .description('what a budget buys per segment, from counts and lengths of recorded traffic; no judge is called')
    .requiredOption('-b, --budget <amount>', '`3000/month` or `100/day`, USD', readBudget)
    .requiredOption('-i, --input <files...>', 'recorded traffic: .jsonl, .jsonl.gz or .avro')
    .addOption(configOption())
    .option('--escalation <share>', 'expected share of judged items that reach the ensemble', readShare, 0.25)
    .option(
      '--days <days>',
      'how many days the files stand for; default: from their first to their last time',
      readDays,
    )
    .addOption(jsonOption())
    .action(async (flags: PlanFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const report = await planFromFiles({
        loaded,
        inputs: flags.input,
        monthlyUsd: flags.budget,
        escalation: flags.escalation,
        days: flags.days ?? null,
      });
      io.stdout(flags.json ? `${JSON.stringify(report)}\n` : printPlan(report));
      exit(EXIT_OK);
    });
}

function printPlan(report: PlanReport): string {
  const { segments, days, plannedUsdPerDay, fullUsdPerDay, trafficUsdPerDay, dimension, escalation } = report;
  const drop = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(0)} points`);
  const rows = segments.map((one) => [
    one.segment,
    one.interactions.toFixed(0),
    one.conversations.toFixed(0),
    formatPercent(one.rate),
    one.judgedConversations.toFixed(0),
    formatNumber(one.costUsd, 2),
    one.daysToBaseline === null ? '–' : one.daysToBaseline.toFixed(1),
    drop(one.visibleDrop['1d']),
    drop(one.visibleDrop['7d']),
    drop(one.visibleDrop['30d']),
  ]);
  const head = [dimension, 'turns/day', 'conv./day', 'judged', 'judged/day', 'USD/day', 'days to baseline'];
  return [
    `${report.records} records over ${days.toFixed(1)} days; $${trafficUsdPerDay.toFixed(2)} a day for traffic, ` +
      `$${plannedUsdPerDay.toFixed(2)} planned, $${fullUsdPerDay.toFixed(2)} would judge everything ` +
      `(${formatPercent(escalation)} escalated)\n`,
    formatTable([[...head, 'seen in 1 day', '7 days', '30 days'], ...rows]),
    'Seen: the drop of the mean score that would page within that time, on average, at usual spread.\n',
    `${report.sampling}\n`,
  ].join('\n');
}

function readBudget(text: string): number {
  const usd = parseBudget(text);
  if (usd === null) throw new InvalidArgumentError('wanted e.g. `3000/month` or `100/day`');
  return usd;
}

function readShare(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('wanted a number from 0 to 1');
  return share;
}

function readDays(text: string): number {
  const days = Number(text);
  if (!(days > 0)) throw new InvalidArgumentError('wanted a positive number of days');
  return days;
}
