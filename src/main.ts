#!/usr/bin/env node
import { runCommandLine } from './cli/program';
import { parseFailpoint } from './platform/failpoint';

const signals = ['SIGINT', 'SIGTERM'] as const;

runCommandLine(
  {
    env: process.env,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    onStopSignal: (handler) => {
      for (const signal of signals) process.on(signal, handler);
    },
    failpoint: parseFailpoint(process.env['PLUMBLINE_FAILPOINT'], () => process.kill(process.pid, 'SIGKILL')),
    exitNow: (code) => process.exit(code),
  },
  process.argv.slice(2),
).then(
  (code) => {
    // Standard output to a pipe is asynchronous: leaving at once would cut it off.
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`internal error: ${String(error)}\n`);
    process.exitCode = 1;
  },
);
