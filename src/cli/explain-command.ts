import { Command, InvalidArgumentError } from 'commander';
import { readExplanation, rerunStored } from '../compose/on-call/on-call';
import type { Rerun } from '../compose/on-call/rerun';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';
import { placeOf, type StateFlags, withState } from './state-options';
import { abortOnStop } from './stop-signal';

interface ExplainFlags extends StateFlags {
  readonly rerun?: number;
  readonly config: readonly string[];
  readonly json: boolean;
}

export function explainCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('explain').description('one score in words: everything seen and decided'))
    .argument('<interaction>', 'id of the interaction')
    .option(
      '--rerun <n>',
      'also ask its judges again so many times, as configured now; costs judge calls, changes nothing',
      parseTimes,
    )
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (id: string, flags: ExplainFlags) => {
      const place = await placeOf(io, flags);
      const text = await readExplanation(place, id, flags.json ? 'json' : 'text');
      if (flags.rerun === undefined) {
        io.stdout(text.endsWith('\n') ? text : `${text}\n`);
        return exit(EXIT_OK);
      }
      const loaded = loadOrExplain(io, flags.config);
      if (loaded === null) return exit(EXIT_USAGE);
      const rerun = await rerunStored(place, loaded, { id, times: flags.rerun, signal: abortOnStop(io) });
      if (flags.json) io.stdout(`${JSON.stringify({ ...(JSON.parse(text) as object), rerun })}\n`);
      else io.stdout(`${text}\n${printRerun(rerun)}`);
      exit(EXIT_OK);
    });
}

function printRerun({ times, rows, gone, costUsd }: Rerun): string {
  const table = rows.map(({ criterion, judge, then, now, missing }) => {
    const mean = now.length === 0 ? '–' : (now.reduce((sum, x) => sum + x, 0) / now.length).toFixed(2);
    const range = now.length === 0 ? '–' : `${Math.min(...now).toFixed(2)} to ${Math.max(...now).toFixed(2)}`;
    const none = Object.entries(missing).map(([outcome, n]) => `${n} ${outcome.replaceAll('_', ' ')}`);
    return [criterion, judge, then === null ? '–' : then.toFixed(2), mean, range, none.join(', ')];
  });
  const head = ['criterion', 'judge', 'then', 'mean today', 'spread today', 'no score'];
  const left = gone.length === 0 ? '' : `not configured any more: ${gone.join(', ')}\n`;
  return `Asked again ${times} times, $${costUsd.toFixed(5)}:\n${formatTable([head, ...table])}${left}`;
}

const MOST_TIMES = 20;

function parseTimes(text: string): number {
  const times = Number(text);
  if (!/^\d+$/.test(text) || times < 1 || times > MOST_TIMES) {
    throw new InvalidArgumentError(`wanted a whole number from 1 to ${MOST_TIMES}`);
  }
  return times;
}
