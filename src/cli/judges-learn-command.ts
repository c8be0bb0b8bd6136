import { Command, InvalidArgumentError } from 'commander';
import { learnFromVerdicts } from '../compose/judges/learn';
import { configOption, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatPercent, formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface LearnFlags {
  readonly config: readonly string[];
  readonly verdicts: string;
  readonly out: string;
  readonly costShare: number;
  readonly by: readonly string[];
  readonly json: boolean;
}

/** `judges learn`. */
export function judgesLearnCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('learn')
    .description(
      'learn when asking the ensemble can stop, from verdicts on which all of it was asked; for `asking: learned`',
    )
    .addOption(configOption())
    .requiredOption('--verdicts <path>', 'a data directory, or a verdicts.jsonl')
    .requiredOption('--out <file>', 'where the rule goes; name it in `cascade.stopping`')
    .option('--cost-share <share>', 'most that judging may cost, of always asking everyone', parseShare, 0.35)
    .option('--by <segments...>', 'segments whose values get rules of their own', [])
    .addOption(jsonOption())
    .action(async (flags: LearnFlags) => exit(await learn(io, flags)));
}

async function learn(io: CliIo, flags: LearnFlags): Promise<number> {
  const loaded = loadOrExplain(io, flags.config);
  if (loaded === null) return EXIT_USAGE;
  const { verdicts, out, costShare, by } = flags;
  const report = await learnFromVerdicts({ config: loaded.config, verdicts, out, costShare, partOf: by });
  if (flags.json) io.stdout(`${JSON.stringify(report)}\n`);
  else {
    const rows = report.criteria.map((one) => [
      one.criterion,
      one.panel ?? '–',
      String(one.items),
      formatPercent(one.costShare),
      formatPercent(one.disagreement),
      one.why ?? '',
    ]);
    const head = ['criterion', 'panel', 'whole panels', 'cost', 'differs from the panel', ''];
    io.stdout(formatTable([head, ...rows]));
    io.stdout(`${out}: rule ${report.version}, learned from ${report.verdicts} verdicts\n`);
  }
  return EXIT_OK;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('wanted a number above 0, up to 1');
  return share;
}
