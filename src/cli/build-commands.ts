import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Addresses, rulesFile, writeGrafanaFiles } from '../compose/setup/monitoring-files';
import { EXIT_OK } from './config-options';
import type { CliIo } from './io';

interface RulesFlags {
  readonly out?: string;
  readonly operator: boolean;
  readonly runbookUrl?: string;
  readonly grafanaUrl?: string;
}

/** What Prometheus and Grafana read, with the addresses of this installation. */
export function rulesCommand(io: CliIo, exit: (code: number) => void): Command {
  const build = new Command('build')
    .description('recording and alert rules, for rule_files of Prometheus or, with --operator, as a PrometheusRule')
    .option('--out <file>', 'where to; else standard output')
    .option('--operator', 'as a PrometheusRule', false)
    .option('--runbook-url <url>', 'where the pages of docs/runbooks are served')
    .option('--grafana-url <url>', 'address of Grafana, for the links to boards')
    .action(async ({ out, operator, ...urls }: RulesFlags) => {
      const addresses: Addresses = { runbookUrl: urls.runbookUrl ?? null, grafanaUrl: urls.grafanaUrl ?? null };
      const text = await rulesFile(operator ? 'operator' : 'plain', addresses);
      if (out === undefined) io.stdout(text);
      else {
        await writeFile(out, text);
        io.stdout(`wrote ${out}\n`);
      }
      if (Object.values(addresses).includes(null))
        io.stderr('links in the annotations are placeholders: give --runbook-url and --grafana-url\n');
      exit(EXIT_OK);
    });
  return new Command('rules').description('rules for Prometheus').addCommand(build);
}

interface DashboardsFlags {
  readonly out: string;
  readonly prometheus: string;
  readonly mountedAt: string;
}

export function dashboardsCommand(io: CliIo, exit: (code: number) => void): Command {
  const build = new Command('build')
    .description('boards, and provisioning files for a Grafana without sidecar')
    .option('--out <directory>', 'where to', 'grafana')
    .option('--prometheus <url>', 'the data source', 'http://localhost:9090')
    .option('--mounted-at <path>', 'where Grafana sees the boards', '/var/lib/grafana/dashboards')
    .action(async ({ out, prometheus, mountedAt }: DashboardsFlags) => {
      for (const path of await writeGrafanaFiles(out, prometheus, mountedAt)) io.stdout(`wrote ${path}\n`);
      exit(EXIT_OK);
    });
  return new Command('dashboards').description('boards for Grafana').addCommand(build);
}
