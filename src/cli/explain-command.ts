import { Command } from 'commander';
import { readExplanation } from '../compose/on-call';
import { EXIT_OK, jsonOption } from './config-options';
import type { CliIo } from './io';
import { placeOf, type StateFlags, withState } from './state-options';

export function explainCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('explain').description('one score in words: everything seen and decided'))
    .argument('<interaction>', 'id of the interaction')
    .addOption(jsonOption())
    .action(async (id: string, flags: StateFlags & { readonly json: boolean }) => {
      const text = await readExplanation(placeOf(flags), id, flags.json ? 'json' : 'text');
      io.stdout(text.endsWith('\n') ? text : `${text}\n`);
      exit(EXIT_OK);
    });
}
