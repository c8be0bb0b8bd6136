import { Command } from 'commander';
import { lintConfiguredCriteria } from '../compose/criteria-lint';
import { configOption, EXIT_FAILED, EXIT_OK, EXIT_USAGE, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';
import { loadOrExplain } from './load-config';

interface LintFlags {
  readonly config: readonly string[];
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
  return command;
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
