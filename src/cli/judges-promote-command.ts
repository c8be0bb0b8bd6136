import { Command } from 'commander';
import { goldenStatusOf } from '../compose/golden/run';
import { promotionNote } from '../compose/judges/promotion';
import { appendToLedger } from '../compose/ledger/append';
import { serverOf } from '../compose/on-call/contexts';
import { goldenOfServer } from '../compose/on-call/status';
import type { LoadedConfig } from '../config/load';
import type { ShadowStanding } from '../domain/golden-standing';
import { annotationRecord } from '../domain/ledger-record';
import { systemClock } from '../platform/clock';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { type StateFlags, withState } from './state-options';

interface PromoteFlags extends StateFlags {
  readonly config: readonly string[];
  readonly json: boolean;
  readonly reason: string;
  readonly author?: string;
  readonly undo: boolean;
  readonly force: boolean;
}

export function judgesPromoteCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('promote'))
    .argument('<judge>', 'a judge of cascade.shadows')
    .description(
      'put a shadow judge in the place of the one it is held beside, on every replica, within seconds; series begin anew and the measured offset stands on the timeline',
    )
    .requiredOption('--reason <text>', 'why; shown on the timeline')
    .option('--author <name>', 'who; default: $USER')
    .option('--undo', 'take the promotion back', false)
    .option('--force', 'whatever has been measured', false)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (judge: string, flags: PromoteFlags) => {
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const shadows = flags.undo ? [] : await measuredShadows(io, flags, loaded);
      const at = systemClock.now();
      const { note, replaces, measured } = promotionNote(loaded.config, {
        judge,
        undone: flags.undo,
        reason: flags.reason,
        author: flags.author ?? io.env['USER'] ?? 'unknown',
        at,
        shadows,
        isForced: flags.force,
      });
      await appendToLedger(loaded, io.env, [annotationRecord(note, at)]);
      if (flags.json) io.stdout(`${JSON.stringify({ judge, replaces, promoted: !note.withdrawn, measured })}\n`);
      else io.stdout(`${note.text}\nIn force as soon as the monitor has read it.\n`);
      exit(EXIT_OK);
    });
}

async function measuredShadows(
  io: CliIo,
  flags: PromoteFlags,
  loaded: LoadedConfig,
): Promise<readonly ShadowStanding[]> {
  const golden = await (flags.data === undefined
    ? goldenOfServer(await serverOf(io.env, flags))
    : goldenStatusOf(flags.data, loaded));
  return golden.shadows;
}
