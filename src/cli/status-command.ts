import { Command } from 'commander';
import { serverOf } from '../compose/on-call/contexts';
import { readDirectoryStatus, readServerStatus, type MonitorStatus } from '../compose/on-call/status';
import { configOption, EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { printReport } from './print-report';
import { type StateFlags, withState } from './state-options';

interface StatusFlags extends StateFlags {
  readonly config: readonly string[];
  readonly json: boolean;
}

export function statusCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('status').description(
    'what a running monitor, or a data directory, has done; exit code 1 when it is not ready',
  );
  return withState(command)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: StatusFlags) => {
      if (flags.data === undefined) return exit(show(io, flags, await readServerStatus(await serverOf(io.env, flags))));
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      exit(show(io, flags, await readDirectoryStatus(flags.data, loaded)));
    });
}

function show(io: CliIo, flags: StatusFlags, status: MonitorStatus): number {
  if (flags.json) io.stdout(`${JSON.stringify(status)}\n`);
  else {
    io.stdout(`${status.instance} (plumbline ${status.version}): ${status.ready ? 'ready' : 'not ready'}\n`);
    for (const reason of status.reasons) io.stdout(`  ${reason}\n`);
    if (status.lag.length > 0) {
      const rows = status.lag.map((one) => [one.topic, String(one.partition), String(one.lag_records)]);
      io.stdout(`\n${formatTable([['topic', 'partition', 'lag'], ...rows])}`);
    }
    if (status.report !== null) io.stdout(`\n${printReport(status.report)}`);
  }
  return status.ready ? EXIT_OK : EXIT_FAILED;
}
