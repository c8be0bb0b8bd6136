import { Command } from 'commander';
import {
  type BaselinePlace,
  type BaselineRow,
  decideBaseline,
  listBaselines,
  writeSeeds,
} from '../compose/on-call/baselines';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { placeOf, type StateFlags, withState } from './state-options';

interface Flags extends StateFlags {
  readonly config: readonly string[];
  readonly json: boolean;
  readonly out: string;
  readonly reason: string;
  readonly author?: string;
}

/** What every watched series is held against, and what people decide of it. */
export function baselineCommand(io: CliIo, exit: (code: number) => void): Command {
  const on = (work: (place: BaselinePlace, flags: Flags) => Promise<void>) => async (flags: Flags) => {
    const loaded = flags.data === undefined ? null : loadOrExplain(io, flags.config);
    if (flags.data !== undefined && loaded === null) return exit(EXIT_USAGE);
    await work({ ...(await placeOf(io, flags)), loaded, author: flags.author ?? io.env['USER'] ?? 'unknown' }, flags);
    exit(EXIT_OK);
  };
  const command = new Command('baseline').description('list, accept, reset or seed what series are held against');
  const sub = (name: string, description: string): Command =>
    withState(command.command(name).description(description)).addOption(configOption());

  sub('list', 'every watched series: what it is held against, or how far it has learned')
    .addOption(jsonOption())
    .action(
      on(async (place, { json }) => {
        const rows = await listBaselines(place);
        io.stdout(json ? `${JSON.stringify(rows)}\n` : formatTable([HEAD, ...rows.map(toCells)]));
      }),
    );
  const decide = (action: 'accept' | 'reset', description: string): void => {
    sub(action, description)
      .argument('<about>', 'a series as `baseline list` names it, or the id of an alert')
      .requiredOption('--reason <text>', 'why; kept in the ledger')
      .option('--author <name>', 'who, with --data; default $USER. A server takes the name of the token')
      .action((about: string, flags: Flags) =>
        on(async (place, { reason }) => {
          io.stdout(`${await decideBaseline(place, { action, about, reason })}\n`);
        })(flags),
      );
  };
  decide('accept', 'the new level is meant: what fires ends, and the level is learned from here on');
  decide('reset', 'forget the baseline and learn it anew');
  sub('seed', 'write what was learned as configuration, so that series of another monitor are watched at once')
    .requiredOption('--out <file>', 'e.g. conf.d/baselines.yaml')
    .action(
      on(async (place, { out }) => {
        io.stdout(`${await writeSeeds(place, out)} baselines written to ${out}\n`);
      }),
    );
  return command;
}

const HEAD = ['series', 'state', 'learned', 'ready', 'held against', 'of its threshold'];

function toCells({ name, state, learned, ready_at, baseline, threshold_ratio }: BaselineRow): string[] {
  const level = baseline === null ? '' : `${baseline.mean.toFixed(3)} (${baseline.source}, ${baseline.values} values)`;
  return [
    name,
    state,
    `${Math.round(100 * learned)} %`,
    ready_at === null ? '' : new Date(ready_at).toISOString().slice(0, 10),
    level,
    threshold_ratio === null ? '' : threshold_ratio.toFixed(2),
  ];
}
