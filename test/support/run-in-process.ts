import { runCommandLine } from '../../src/cli/program';
import { parseFailpoint } from '../../src/platform/failpoint';
import type { CliResult } from './run-cli';

/** Runs one command line in this process: for commands that end by themselves and need no build. */
export async function runInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const code = await runCommandLine(
    {
      env,
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      interactive: false,
      onStopSignal: () => {},
      onReloadSignal: () => {},
      failpoint: parseFailpoint(undefined, () => {}),
      exitNow: () => {},
    },
    args,
  );
  return { code, stdout, stderr };
}
