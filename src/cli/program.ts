import { Command, CommanderError } from 'commander';
import { programVersion } from '../compose/version';
import { MonitorError } from '../domain/error';
import { baselineCommand } from './baseline-command';
import { dashboardsCommand, rulesCommand } from './build-commands';
import { compareCommand } from './compare-command';
import { configCommand } from './config-command';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './config-options';
import { contextCommand } from './context-command';
import { criteriaCommand } from './criteria-command';
import { demoCommand } from './demo-command';
import { dlqCommand } from './dlq-command';
import { drillCommand } from './drill-command';
import { goldenCommand } from './golden-command';
import { initCommand } from './init-command';
import { inspectCommand } from './inspect-command';
import { explainCommand } from './explain-command';
import { investigateCommand } from './investigate-command';
import type { CliIo } from './io';
import { judgesCommand } from './judges-command';
import { planCommand } from './plan-command';
import { acknowledgeCommand, annotateCommand, eraseCommand } from './ledger-commands';
import { replayCommand } from './replay-command';
import { reportCommand } from './report-command';
import { reviewsCommand } from './reviews-command';
import { runCommand } from './run-command';
import { statusCommand } from './status-command';
import { topicsCommand } from './topics-command';
import { tuneCommand } from './tune-command';

/** Runs one command line, e.g. `['config', 'check']`, and resolves with the exit code. Never rejects. */
export async function runCommandLine(io: CliIo, args: readonly string[]): Promise<number> {
  let exitCode = EXIT_OK;
  const exit = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('plumbline')
    .description('Streaming quality monitor for LLM products')
    .version(programVersion())
    .showHelpAfterError('(run with --help for usage)');
  const commands = [
    runCommand(io, exit),
    replayCommand(io, exit),
    planCommand(io, exit),
    demoCommand(io, exit),
    statusCommand(io, exit),
    contextCommand(io, exit),
    compareCommand(io, exit),
    drillCommand(io, exit),
    initCommand(io, exit),
    inspectCommand(io, exit),
    configCommand(io, exit),
    topicsCommand(io, exit),
    judgesCommand(io, exit),
    criteriaCommand(io, exit),
    dlqCommand(io, exit),
    goldenCommand(io, exit),
    investigateCommand(io, exit),
    explainCommand(io, exit),
    reportCommand(io, exit),
    annotateCommand(io, exit),
    acknowledgeCommand(io, exit),
    baselineCommand(io, exit),
    eraseCommand(io, exit),
    tuneCommand(io, exit),
    reviewsCommand(io, exit),
    dashboardsCommand(io, exit),
    rulesCommand(io, exit),
  ];
  for (const command of commands) program.addCommand(command);
  settle(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    exitCode = explain(io, error);
  }
  return exitCode;
}

/** Errors come back as exceptions, text goes where the caller says. */
function settle(command: Command, io: CliIo): void {
  command.exitOverride();
  command.configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) });
  for (const inner of command.commands) settle(inner, io);
}

function explain(io: CliIo, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  if (error instanceof MonitorError) {
    io.stderr(`${error.code}: ${error.message}\n`);
    return error.exitCode;
  }
  io.stderr(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_FAILED;
}
