import { Command } from 'commander';
import { configDocs } from '../config/docs';
import { renderFaults } from '../config/fault';
import { printConfig } from '../config/print';
import { configWarnings, loadMonitorConfig } from '../compose/monitor-config';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface ConfigFlags {
  readonly config: readonly string[];
  readonly json: boolean;
}

export function configCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('config').description('check, print or explain the configuration');
  command
    .command('check')
    .description('report every fault at once; exit code 2 when there is one')
    .addOption(configOption())
    .addOption(jsonOption())
    .action((flags: ConfigFlags) => exit(check(io, flags)));
  command
    .command('print')
    .description('print the effective configuration, every default spelt out; secrets appear as variable names')
    .addOption(configOption())
    .addOption(jsonOption())
    .action((flags: ConfigFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      io.stdout(flags.json ? `${JSON.stringify(loaded.config)}\n` : printConfig(loaded.config));
      exit(EXIT_OK);
    });
  command
    .command('docs')
    .description('print what every key means, as Markdown')
    .action(() => {
      io.stdout(configDocs());
      exit(EXIT_OK);
    });
  return command;
}

function check(io: CliIo, flags: ConfigFlags): number {
  const loaded = loadMonitorConfig({ files: flags.config, env: io.env });
  const warnings = loaded.ok ? configWarnings(loaded.value.config) : [];
  if (flags.json) {
    const faults = loaded.ok ? [] : loaded.error;
    io.stdout(`${JSON.stringify({ ok: loaded.ok, hash: loaded.ok ? loaded.value.hash : null, faults, warnings })}\n`);
  } else if (loaded.ok) {
    for (const { path, message } of warnings) io.stdout(`warning: ${path.join('.')}: ${message}\n`);
    const { hash, files } = loaded.value;
    io.stdout(`${files.join(', ')}: no faults, ${warnings.length} warnings; configuration ${hash}\n`);
  } else io.stderr(renderFaults(loaded.error));
  return loaded.ok ? EXIT_OK : EXIT_USAGE;
}
