#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { runCommandLine } from './cli/program';
import { parseFailpoint } from './platform/failpoint';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * After a broker came back, kafkajs forgets connections that it had opened to it: nothing closes them, and they would
 * keep a process alive that has finished.
 */
const LEFT_OPEN_MS = 2_000;

/** Ends with this code as soon as nothing is left to do, and soon in any case. */
function endWith(code: number): void {
  // Standard output to a pipe is asynchronous: leaving at once would cut it off.
  process.exitCode = code;
  const leave = (): void => {
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit(code);
    later();
  };
  const later = (): void => void setTimeout(leave, LEFT_OPEN_MS).unref();
  later();
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

runCommandLine(
  {
    env: process.env,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    ...(process.stdin.isTTY ? { ask } : {}),
    onStopSignal: (handler) => {
      for (const signal of signals) process.on(signal, handler);
    },
    onReloadSignal: (handler) => void process.on('SIGHUP', handler),
    failpoint: parseFailpoint(process.env['PLUMBLINE_FAILPOINT'], () => process.kill(process.pid, 'SIGKILL')),
    exitNow: (code) => process.exit(code),
  },
  process.argv.slice(2),
).then(endWith, (error: unknown) => {
  process.stderr.write(`internal error: ${String(error)}\n`);
  endWith(1);
});
