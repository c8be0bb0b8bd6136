import { Command } from 'commander';
import { configDocs } from '../config/docs';
import { renderFaults } from '../config/fault';
import { printConfig } from '../config/print';
import { configWarnings, loadMonitorConfig } from '../compose/monitor-config';
import { judgeCoverage, type JudgeCoverage } from '../compose/judges/coverage';
import { type Flow, dataFlow } from '../compose/setup/data-flow';
import { type ConfigDiff, diffConfigs } from '../compose/config-diff';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatNumber, formatPercent, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { parsePositive } from './parse';

interface ConfigFlags {
  readonly config: readonly string[];
  readonly json: boolean;
}

export function configCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('config').description('check, print or explain the configuration');
  command
    .command('check')
    .description('report every fault at once; exit code 2 when there is one')
    .option('--sample <files...>', 'recorded interactions: also the share of them that each judge may judge')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: CheckFlags) => exit(await check(io, flags)));
  command
    .command('print')
    .description('print the effective configuration, every default spelt out; secrets appear as variable names')
    .addOption(configOption())
    .option('--data-flow', 'instead list which fields of production reach which host and region', false)
    .addOption(jsonOption())
    .action((flags: ConfigFlags & { readonly dataFlow: boolean }) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      if (flags.dataFlow) {
        const flows = dataFlow(loaded.config);
        io.stdout(flags.json ? `${JSON.stringify(flows)}\n` : printFlows(flows));
        return exit(EXIT_OK);
      }
      io.stdout(flags.json ? `${JSON.stringify(loaded.config)}\n` : printConfig(loaded.config));
      exit(EXIT_OK);
    });
  command
    .command('diff')
    .description('what another configuration changes: meaning, series that learn afresh and for how long, cost')
    .argument('<old>', 'configuration file')
    .argument('<new>', 'configuration file')
    .option('--sessions-per-day <n>', 'of a typical series, to tell the days without alerts', parsePositive)
    .addOption(jsonOption())
    .action((before: string, after: string, flags: DiffFlags) => exit(diff(io, before, after, flags)));
  command
    .command('docs')
    .description('print what every key means, as Markdown')
    .action(() => {
      io.stdout(configDocs());
      exit(EXIT_OK);
    });
  return command;
}

interface CheckFlags extends ConfigFlags {
  readonly sample?: readonly string[];
}

function printFlows(flows: readonly Flow[]): string {
  const rows = flows.map(({ to, region, what, fields }) => [to, region ?? '–', what, fields.join(', ')]);
  return `${formatTable([['to', 'region', 'what', 'fields'], ...rows])}all text is redacted first; user ids leave as salted hashes only\n`;
}

interface DiffFlags {
  readonly sessionsPerDay?: number;
  readonly json: boolean;
}

function diff(io: CliIo, before: string, after: string, { sessionsPerDay, json }: DiffFlags): number {
  const [old, next] = [before, after].map((file) => loadOrExplain(io, [file]));
  if (!old || !next) return EXIT_USAGE;
  const found = diffConfigs(old, next, sessionsPerDay ?? null);
  io.stdout(json ? `${JSON.stringify(found)}\n` : printDiff(found, next.config.alerts.maxResets));
  return EXIT_OK;
}

function printDiff(
  { same_meaning: same, changes, needs_restart: restart, resets, judging_factor: factor }: ConfigDiff,
  maxResets: number,
): string {
  if (same) return 'the two mean the same\n';
  const rows = changes.map(({ path, from, to }) => [path, from ?? '-', to ?? '-']);
  const lines = [formatTable([['key', 'before', 'after'], ...rows])];
  if (restart.length > 0) lines.push(`only a restart can change: ${restart.join(', ')}\n`);
  const which = resets.all ? 'every series' : `scores of ${resets.criteria.join(', ')}`;
  if (resets.blind_sessions === null) lines.push('no series learns afresh\n');
  else {
    const days = resets.blind_days === null ? '' : `, ${formatNumber(resets.blind_days)} days`;
    lines.push(`${which} will learn afresh and raise no alerts for ${resets.blind_sessions} sessions each${days};\n`);
    lines.push(`where those are more than ${maxResets} series, \`run\` wants --accept\n`);
  }
  lines.push(`judged: ${formatNumber(factor)} times as much as before\n`);
  return lines.join('');
}

async function check(io: CliIo, flags: CheckFlags): Promise<number> {
  const loaded = loadMonitorConfig({ files: flags.config, env: io.env });
  const warnings = loaded.ok ? configWarnings(loaded.value.config) : [];
  const coverage =
    loaded.ok && flags.sample !== undefined ? await judgeCoverage(loaded.value.config, flags.sample) : undefined;
  if (flags.json) {
    const faults = loaded.ok ? [] : loaded.error;
    io.stdout(
      `${JSON.stringify({ ok: loaded.ok, hash: loaded.ok ? loaded.value.hash : null, faults, warnings, coverage })}\n`,
    );
  } else if (loaded.ok) {
    for (const { path, message } of warnings) io.stdout(`warning: ${path.join('.')}: ${message}\n`);
    const { hash, files } = loaded.value;
    if (coverage !== undefined) io.stdout(coverageText(coverage));
    io.stdout(`${files.join(', ')}: no faults, ${warnings.length} warnings; configuration ${hash}\n`);
  } else io.stderr(renderFaults(loaded.error));
  return loaded.ok ? EXIT_OK : EXIT_USAGE;
}

function coverageText({ interactions, judges, stages, advice }: JudgeCoverage): string {
  const rows = judges.map(({ judge, family, share }) => [judge, family, formatPercent(share)]);
  const table = formatTable([['judge', 'family', 'may judge'], ...rows]);
  const whole = stages.map(({ stage, share }) => `${stage}: a panel for ${formatPercent(share)}`).join('; ');
  return `${table}\n${interactions} interactions; ${whole}\n${advice.map((line) => `${line}\n`).join('')}\n`;
}
