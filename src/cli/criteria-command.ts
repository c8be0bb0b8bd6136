import { Command } from 'commander';
import { lintConfiguredCriteria } from '../compose/criteria/lint';
import { libraryCriteria, newCriterion, writeCriterion } from '../compose/criteria/new';
import { configOption, EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { criteriaDiffCommand, criteriaTryCommand } from './criteria-try-command';
import { loadOrExplain } from './load-config';

interface LintFlags {
  readonly config: readonly string[];
  readonly json: boolean;
}

interface NewFlags {
  readonly from?: string;
  readonly list: boolean;
  readonly out?: string;
  readonly json: boolean;
}

export function criteriaCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('criteria').description('look after the wording of criteria');
  command
    .command('lint')
    .description(
      'find wording on which judges disagree, and criteria that a check decides; exit code 1 when there is any',
    )
    .addOption(configOption())
    .addOption(jsonOption())
    .action((flags: LintFlags) => exit(lint(io, flags)));
  command
    .command('new')
    .argument('[name]', 'name of the criterion')
    .description('write a criterion as a file to include: a frame to fill in, or one of the library')
    .option('--from <criterion>', 'a criterion of the library')
    .option('--list', 'show the library', false)
    .option('--out <file>', 'default: standard output')
    .addOption(jsonOption())
    .action(async (name: string | undefined, flags: NewFlags) => exit(await create(io, name, flags)));
  return command.addCommand(criteriaTryCommand(io, exit)).addCommand(criteriaDiffCommand(io, exit));
}

async function create(io: CliIo, name: string | undefined, { from, list, out, json }: NewFlags): Promise<number> {
  if (list || name === undefined) {
    const library = libraryCriteria();
    const rows = library.map(({ name: one, rubric, requires = [] }) => [
      one,
      requires.join(', '),
      firstSentence(rubric),
    ]);
    io.stdout(json ? `${JSON.stringify(library)}\n` : formatTable([['criterion', 'requires', 'asks'], ...rows]));
    return list ? EXIT_OK : EXIT_USAGE;
  }
  const yaml = newCriterion(name, from ?? null);
  if (out === undefined) io.stdout(json ? `${JSON.stringify({ yaml })}\n` : yaml);
  else {
    await writeCriterion(out, yaml);
    io.stdout(
      json ? `${JSON.stringify({ file: out })}\n` : `${out}: name it in \`include\`, then \`criteria try ${name}\`\n`,
    );
  }
  return EXIT_OK;
}

function firstSentence(text: string): string {
  return text.slice(0, text.indexOf('?') + 1);
}

function lint(io: CliIo, flags: LintFlags): number {
  const loaded = loadOrExplain(io, flags.config);
  if (loaded === null) return EXIT_USAGE;
  const findings = lintConfiguredCriteria(loaded.config);
  if (flags.json) io.stdout(`${JSON.stringify({ criteria: loaded.config.criteria.length, findings })}\n`);
  else if (findings.length === 0) io.stdout(`${loaded.config.criteria.length} criteria, nothing to say\n`);
  else {
    const rows = findings.map(({ criterion, kind, message }) => [criterion, kind.replaceAll('_', ' '), message]);
    io.stdout(formatTable([['criterion', 'finding', 'what'], ...rows]));
  }
  return findings.length === 0 ? EXIT_OK : EXIT_FAILED;
}
