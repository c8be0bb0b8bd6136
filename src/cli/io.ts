/** What a command may touch of the process; injected so that tests run commands without a process. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True when stderr is a terminal: progress is shown there and nowhere else. */
  readonly interactive: boolean;
  /** Resolves once per SIGINT/SIGTERM; the second one means "now". */
  readonly onStopSignal: (handler: (signal: string) => void) => void;
}

/** A command's work; the number is the process exit code. */
export type CommandAction = Promise<number>;
