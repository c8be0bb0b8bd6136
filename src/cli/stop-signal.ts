import { EXIT_FAILED } from './config-options';
import type { CliIo } from './io';

/**
 * A signal that aborts on the first SIGINT or SIGTERM. The second one ends the process at once: nothing is lost by that,
 * since what is unfinished was never committed.
 */
export function abortOnStop(io: CliIo): AbortSignal {
  const controller = new AbortController();
  io.onStopSignal((signal) => {
    if (controller.signal.aborted) return io.exitNow(EXIT_FAILED);
    io.stderr(`\n${signal}: finishing what is in flight; once more to leave at once\n`);
    controller.abort();
  });
  return controller.signal;
}
