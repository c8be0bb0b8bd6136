import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Reaper {
  started(pid: number): void;
  ended(pid: number): void;
  /** Lets the reaper finish its work (nothing, after a clean stop) and waits for it to exit. */
  dismiss(): Promise<void>;
}

/**
 * Starts the process that cleans `folder` and the brokers told to it when this process dies in whatever way. An exit
 * hook would not do: jest gives suites a copy of `process` whose exit listeners never run, and none runs on kill -9.
 */
export function startReaper(folder: string): Reaper {
  // Its own process group: an interrupt from the terminal, meant for the test run, must not end it first.
  const child = spawn(process.execPath, [join(__dirname, 'reaper.mjs'), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  // Without its reaper a run only loses the cleaning up, which is no reason to fail a test.
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit');
  const tell = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    started: (pid) => tell(`started ${pid}`),
    ended: (pid) => tell(`ended ${pid}`),
    async dismiss() {
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}
