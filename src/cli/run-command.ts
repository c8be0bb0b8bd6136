import { Command, InvalidArgumentError } from 'commander';
import { type Role, ROLES, runMonitor } from '../compose/monitor';
import { loadMonitorConfig } from '../compose/monitor-config';
import { configOption, EXIT_USAGE } from './config-options';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { abortOnStop } from './stop-signal';

interface RunFlags {
  readonly config: readonly string[];
  readonly roles: readonly Role[];
  readonly accept: boolean;
}

export function runCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('run')
    .description(
      'read Kafka, judge, export metrics; SIGTERM finishes what is in flight and exits, SIGHUP or a changed file reloads',
    )
    .addOption(configOption())
    .option('--roles <roles>', `comma-separated: ${ROLES.join(', ')}`, parseRoles, ROLES)
    .option('--accept', 'take a configuration that makes more than `alerts.maxResets` series learn afresh', false)
    .action(async (flags: RunFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      exit(
        await runMonitor({
          loaded,
          roles: flags.roles,
          env: io.env,
          failpoint: io.failpoint,
          signal: abortOnStop(io),
          reload: {
            load: () => loadMonitorConfig({ files: flags.config, env: io.env }),
            onSignal: io.onReloadSignal,
            acceptsResets: flags.accept,
          },
        }),
      );
    });
}

function parseRoles(text: string): readonly Role[] {
  const roles = text.split(',').map((role) => role.trim());
  for (const role of roles) {
    if (!(ROLES as readonly string[]).includes(role)) {
      throw new InvalidArgumentError(`${role} is no role; wanted some of ${ROLES.join(', ')}`);
    }
  }
  return roles as Role[];
}
