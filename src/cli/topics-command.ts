import { Command } from 'commander';
import { checkMonitorTopics, createMonitorTopics } from '../compose/topics';
import { configOption, EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface TopicsFlags {
  readonly config: readonly string[];
  readonly json: boolean;
}

export function topicsCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('topics').description('create or check the Kafka topics that the monitor needs');
  command
    .command('create')
    .description('create what is missing; existing topics are left as they are')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: TopicsFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const created = await createMonitorTopics(loaded.config, io.env);
      if (flags.json) io.stdout(`${JSON.stringify({ created })}\n`);
      else if (created.length === 0) io.stdout('all topics exist already\n');
      else for (const topic of created) io.stdout(`created ${topic}\n`);
      exit(EXIT_OK);
    });
  command
    .command('check')
    .description('say whether the topics exist and are fit; exit code 1 when the monitor would not start')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: TopicsFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const findings = await checkMonitorTopics(loaded.config, io.env);
      const isUsable = findings.every(({ severity }) => severity !== 'error');
      if (flags.json) io.stdout(`${JSON.stringify({ ok: isUsable, findings })}\n`);
      else if (findings.length === 0) io.stdout('all topics exist and are fit\n');
      else io.stdout(formatTable([['severity', 'finding'], ...findings.map((one) => [one.severity, one.message])]));
      exit(isUsable ? EXIT_OK : EXIT_FAILED);
    });
  return command;
}
