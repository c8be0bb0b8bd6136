import { Command } from 'commander';
import { type AuditReport, auditJudges } from '../compose/judges/audit';
import { benchJudges, type BenchReport } from '../compose/judges/bench';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption, recordedOption, recordedPlace } from './config-options';
import { formatNumber } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { abortOnStop } from './stop-signal';

interface AuditFlags {
  readonly data?: string;
  readonly bench?: string;
  readonly limit: number;
  readonly config: readonly string[];
  readonly json: boolean;
}

export function judgesAuditCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('audit')
    .description('agreement of every judge with people’s labels, in Markdown')
    .addOption(recordedOption())
    .option(
      '--bench <file>',
      'ask the configured judges about a labelled set instead (rows of RealMistake, LLMBar, PandaLM, JudgeBench)',
    )
    .option('--limit <rows>', 'with --bench: rows at most', Number, 200)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: AuditFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      if (flags.bench !== undefined) {
        const bench = await benchJudges({ loaded, file: flags.bench, limit: flags.limit, signal: abortOnStop(io) });
        io.stdout(flags.json ? `${JSON.stringify(bench)}\n` : benchMarkdown(bench));
        return exit(EXIT_OK);
      }
      const report = await auditJudges(recordedPlace(flags, io), loaded);
      io.stdout(flags.json ? `${JSON.stringify(report)}\n` : auditMarkdown(report));
      exit(EXIT_OK);
    });
}

function auditMarkdown({ labels, rows, people, prevalence, drawn, raterDrift }: AuditReport): string {
  const parts = [`# Judges beside people\n\n${labels} labels that stand for the traffic.\n`];
  if (rows.length > 0) {
    const head = [
      'judge',
      'criterion',
      'slice',
      'n',
      'kappa',
      '95 %',
      'weighted',
      'F1 fail',
      'balanced',
      'Spearman',
      'ECE',
      'Brier',
    ];
    const more = ['wrong when sure', 'too generous by', 'verdict'];
    const body = rows.map((row) => [
      row.judge,
      row.criterion,
      row.slice,
      String(row.n),
      formatNumber(row.kappa),
      interval(row.kappaInterval),
      estimate(row.weightedKappa, row.weightedKappaInterval),
      estimate(row.f1, row.f1Interval),
      estimate(row.balancedAccuracy, row.balancedAccuracyInterval),
      estimate(row.spearman, row.spearmanInterval),
      `${estimate(row.ece, row.eceInterval)}, calibrated ${formatNumber(row.eceFloor)}`,
      estimate(row.brier, row.brierInterval),
      `${row.wrongWhenSure.count}/${row.wrongWhenSure.n}`,
      row.bias === null ? '–' : `${formatNumber(row.bias.mean)} ${interval(row.bias.interval)}`,
      row.verdict,
    ]);
    parts.push(`## Agreement\n\n${markdownTable([...head, ...more], body)}`);
  }
  if (prevalence.length > 0) {
    const body = prevalence.map(({ judge, criterion, raw, corrected, powered }) => [
      judge,
      criterion,
      formatNumber(raw),
      // Below this a judge tells so little that dividing by it says nothing.
      corrected === null || corrected.youden < 0.1
        ? 'not to be had'
        : `${formatNumber(corrected.clipped)} ${interval(corrected.interval)}`,
      powered === null ? '–' : `${formatNumber(powered.mean)} ${interval(powered.interval)}`,
    ]);
    const head = ['judge', 'criterion', 'pass rate as told', 'Rogan–Gladen', 'prediction-powered'];
    parts.push(`## Pass rates, put right\n\n${markdownTable(head, body)}`);
  }
  if (drawn.length > 0) {
    const body = drawn.map(({ criterion, labels: used, mean, lower, upper }) => {
      return [criterion, String(used), estimate(mean, [lower, upper])];
    });
    parts.push(`## Mean label, from all drawn ones\n\n${markdownTable(['criterion', 'labels', 'mean'], body)}`);
  }
  const among = people.map((one) => [one.criterion, String(one.items), estimate(one.alpha, one.interval)]);
  if (among.length > 0)
    parts.push(`## People among each other\n\n${markdownTable(['criterion', 'items', 'alpha'], among)}`);
  const moved = raterDrift.map((one) => [
    one.cohort,
    one.criterion,
    String(one.items),
    `${formatNumber(one.mean)} ${interval(one.interval)}`,
    formatNumber(one.kappa),
  ]);
  if (moved.length > 0) {
    parts.push(
      `## People then and now\n\n${markdownTable(['cohort', 'criterion', 'items', 'moved by', 'kappa'], moved)}`,
    );
  }
  return `${parts.join('\n')}`;
}

function benchMarkdown({ format, rows, judges }: BenchReport): string {
  const body = judges.map(({ judge, pointwise, pairwise, calls, costUsd }) => {
    const cost = [String(calls), costUsd.toFixed(4)];
    if (pointwise !== null) {
      const { missing, accuracy, accuracyInterval, kappa, kappaInterval, f1, f1Interval } = pointwise;
      const figures = [estimate(accuracy, accuracyInterval), estimate(kappa, kappaInterval), estimate(f1, f1Interval)];
      return [judge, String(missing), ...figures, ...cost];
    }
    const figures =
      pairwise === null
        ? []
        : [
            estimate(pairwise.accuracy, pairwise.accuracyInterval),
            estimate(pairwise.consistency, pairwise.consistencyInterval),
            formatNumber(pairwise.picksFirst),
          ];
    return [judge, String(pairwise?.missing ?? 0), ...figures, ...cost];
  });
  const isPaired = judges.some(({ pairwise }) => pairwise !== null);
  const figures = isPaired ? ['accuracy, both orders', 'consistent', 'picks first'] : ['accuracy', 'kappa', 'F1 fail'];
  const table = markdownTable(['judge', 'unreadable', ...figures, 'calls', 'USD'], body);
  return `# Judges on ${rows} rows (${format})\n\n${table}`;
}

function estimate(value: number | null, ends: readonly [number, number] | null): string {
  return `${formatNumber(value)} ${interval(ends)}`.trim();
}

function interval(ends: readonly [number, number] | null): string {
  return ends === null ? '' : `(${formatNumber(ends[0])} to ${formatNumber(ends[1])})`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
