import type { CliIo } from './io';

/**
 * Runs `stop` on the first signal. A second signal, or a drain longer than its deadline, ends the process at once:
 * nothing is lost by that, since what is unfinished was never committed.
 */
export function stopOnSignal(io: CliIo, stop: (signal: string) => void, exitNow: (code: number) => void): void {
  let signals = 0;
  io.onStopSignal((signal) => {
    signals++;
    if (signals === 1) {
      io.stderr(`${signal}: finishing what is in flight; once more to leave at once\n`);
      stop(signal);
    } else {
      exitNow(1);
    }
  });
}
