import { Command } from 'commander';
import { readWeekly } from '../compose/on-call/on-call';
import { EXIT_OK, jsonOption } from './config-options';
import type { CliIo } from './io';
import { placeOf, type StateFlags, withState } from './state-options';

export function reportCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(
    new Command('report').description(
      'the week in one page: quality by owner, what fired and why, what was decided by whom',
    ),
  )
    .requiredOption('--weekly', 'the last seven days')
    .option('--to <time>', 'end of the week; else the latest there is')
    .addOption(jsonOption())
    .action(async (flags: StateFlags & { readonly to?: string; readonly json: boolean }) => {
      const text = await readWeekly(await placeOf(io, flags), flags.to ?? null, flags.json ? 'json' : 'markdown');
      io.stdout(text.endsWith('\n') ? text : `${text}\n`);
      exit(EXIT_OK);
    });
}
