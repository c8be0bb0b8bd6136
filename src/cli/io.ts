import type { Failpoint } from '../platform/failpoint';

/** What a command may touch of the process; injected so that tests run commands without a process. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True when stderr is a terminal: progress is shown there and nowhere else. */
  readonly interactive: boolean;
  /** Asks on the terminal and gives the line that was typed; absent where nobody can answer. */
  readonly ask?: (question: string) => Promise<string>;
  /** Calls the handler for every SIGINT and SIGTERM. */
  readonly onStopSignal: (handler: (signal: string) => void) => void;
  /** Calls the handler for every SIGHUP. Without one the signal ends the process, as usual. */
  readonly onReloadSignal: (handler: () => void) => void;
  /** Where a test ends this process; none in production. */
  readonly failpoint: Failpoint;
  /** Ends the process without waiting for anything. */
  readonly exitNow: (code: number) => void;
}
