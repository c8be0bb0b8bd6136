import { Command, InvalidArgumentError } from 'commander';
import { type LabelPlan, planLabelling } from '../compose/labels/plan';
import { exportReviews, importReviews, type ImportResult, waitingReviews } from '../compose/labels/reviews';
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
import { formatNumber, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface Flags {
  readonly data?: string;
  readonly config: readonly string[];
  readonly json: boolean;
}

export function reviewsCommand(io: CliIo, exit: (code: number) => void): Command {
  const common = (command: Command): Command =>
    command.addOption(recordedOption()).addOption(configOption()).addOption(jsonOption());
  const queue = common(new Command('queue').description('what waits for people, and why'))
    .option('--limit <rows>', 'rows shown', Number, 20)
    .option('--plan <labels>', 'instead: what so many labels buy, and on which items', parseCount)
    .option('--criterion <name>', 'with --plan; default: the first one')
    .action(async (flags: Flags & PlanFlags & { readonly limit: number }) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      if (flags.plan !== undefined) {
        const request = { loaded, place: recordedPlace(flags, io), ...planOf(flags, flags.plan, loaded) };
        const plan = await planLabelling(request);
        io.stdout(flags.json ? `${JSON.stringify(plan)}\n` : planText(plan, flags.plan));
        return exit(EXIT_OK);
      }
      const open = await waitingReviews(recordedPlace(flags, io), loaded);
      if (flags.json) io.stdout(`${JSON.stringify({ depth: open.length, reviews: open.slice(0, flags.limit) })}\n`);
      else {
        const rows = open.slice(0, flags.limit).map((one) => {
          return [one.interactionId, one.criterion, one.round, one.reason, formatNumber(one.probability)];
        });
        io.stdout(formatTable([['interaction', 'criterion', 'round', 'reason', 'probability'], ...rows]));
        io.stdout(`${open.length} reviews wait\n`);
      }
      exit(EXIT_OK);
    });
  const exporting = common(new Command('export').description('open reviews as .csv or .jsonl, to be filled in'))
    .requiredOption('--out <file>', '.csv or .jsonl')
    .option('--plan <labels>', 'instead of what waits: the items that so many labels are best spent on', parseCount)
    .option('--criterion <name>', 'with --plan; default: the first one')
    .action(async (flags: Flags & PlanFlags & { readonly out: string }) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const result = await exportReviews(
        recordedPlace(flags, io),
        loaded,
        flags.out,
        flags.plan === undefined ? null : planOf(flags, flags.plan, loaded),
      );
      io.stdout(flags.json ? `${JSON.stringify(result)}\n` : `${flags.out}: ${result.rows} reviews\n`);
      exit(EXIT_OK);
    });
  const importing = common(new Command('import').description('labels from a filled-in .csv or .jsonl into the ledger'))
    .argument('<file>', '.csv or .jsonl')
    .action(async (file: string, flags: Flags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const result = await importReviews(recordedPlace(flags, io), loaded, file);
      io.stdout(flags.json ? `${JSON.stringify(result)}\n` : importText(result));
      exit(result.rejects === null ? EXIT_OK : EXIT_FAILED);
    });
  return new Command('reviews')
    .description('labels of people: what waits for them, out to a table and back')
    .addCommand(queue)
    .addCommand(exporting)
    .addCommand(importing);
}

interface PlanFlags {
  readonly plan?: number;
  readonly criterion?: string;
}

function planOf(
  { criterion }: PlanFlags,
  labels: number,
  { config }: LoadedConfig,
): { readonly criterion: string; readonly labels: number } {
  return { criterion: criterion ?? config.criteria[0]?.name ?? '', labels };
}

function planText({ series, items }: LabelPlan, labels: number): string {
  const rows = series.map(({ series: name, judged, labelled, now, byChance, planned }) => [
    name,
    String(judged),
    String(labelled),
    formatNumber(now),
    formatNumber(byChance),
    formatNumber(planned),
  ]);
  const head = ['series', 'judged', 'labelled', '± now', `± with ${labels} by chance`, `± with ${labels} planned`];
  return `${formatTable([head, ...rows])}${items.length} items drawn; reviews export --plan ${labels} writes them\n`;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('wanted a whole number from 1');
  return count;
}

function importText({ rows, accepted, unchanged, contradicted, refused, rejects }: ImportResult): string {
  const lines = [`${rows} labels: ${accepted} taken, ${unchanged} known already`];
  if (contradicted > 0)
    lines.push(`${contradicted} of them differ from what the same person said before; the later counts`);
  for (const [fault, count] of Object.entries(refused)) if (count > 0) lines.push(`${count} refused: ${fault}`);
  if (rejects !== null) lines.push(`refused rows are in ${rejects}`);
  return `${lines.join('\n')}\n`;
}
