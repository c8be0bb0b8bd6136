import { Command } from 'commander';
import { appendToLedger } from '../compose/ledger/append';
import { pauseNote } from '../compose/judges/pause';
import { annotationRecord } from '../domain/ledger-record';
import { systemClock } from '../platform/clock';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import type { CliIo } from './io';
import { judgesAuditCommand } from './judges-audit-command';
import { judgesLearnCommand } from './judges-learn-command';
import { judgesPromoteCommand } from './judges-promote-command';
import { loadOrExplain } from './load-config';

interface PauseFlags {
  readonly config: readonly string[];
  readonly json: boolean;
  readonly reason: string;
  readonly author?: string;
}

export function judgesCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('judges').description(
    'audit judges, learn from them, pause one or let it go on, promote one that was tried out',
  );
  command.addCommand(judgesLearnCommand(io, exit));
  for (const verb of ['pause', 'resume'] as const) {
    command
      .command(verb)
      .argument('<judge>', 'its name in the configuration')
      .description(
        verb === 'pause'
          ? 'stop calling a judge, on every replica, within seconds; panels with it are passed over'
          : 'call a paused judge again',
      )
      .requiredOption('--reason <text>', 'why; shown on the timeline')
      .option('--author <name>', 'who; default: $USER')
      .addOption(configOption())
      .addOption(jsonOption())
      .action(async (judge: string, flags: PauseFlags) => {
        const loaded = loadOrExplain(io, flags.config);
        if (loaded === null) return exit(EXIT_USAGE);
        const at = systemClock.now();
        const author = flags.author ?? io.env['USER'] ?? 'unknown';
        const note = pauseNote(loaded.config, { judge, paused: verb === 'pause', reason: flags.reason, author, at });
        await appendToLedger(loaded, io.env, [annotationRecord(note, at)]);
        if (flags.json) io.stdout(`${JSON.stringify({ judge, paused: !note.withdrawn })}\n`);
        else
          io.stdout(`${judge} is ${note.withdrawn ? 'called again' : 'paused'} as soon as the monitor has read it\n`);
        exit(EXIT_OK);
      });
  }
  command.addCommand(judgesPromoteCommand(io, exit));
  return command.addCommand(judgesAuditCommand(io, exit));
}
