import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<CliResult>;
}

const MAIN = join(resolve(__dirname, '..', '..'), 'dist', 'main.js');

/** Starts the program as it is built, or the one whose main file is given. Throws when there is no build. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}, main = MAIN): RunningCli {
  if (!existsSync(main)) throw new Error('the program is not built: run `npm run build`');
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const exited = new Promise<CliResult>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => settle({ code, stdout, stderr }));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, exited };
}

/** Runs the program as it is built to its end. */
export function runCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  return startCli(args, env).exited;
}
