/** Flags that every figure-printing script takes. */
export interface ScriptFlags {
  /** The last line of standard output is one JSON object. */
  readonly json: boolean;
  /** Shortened to under a minute where the script's documentation says so. */
  readonly quick: boolean;
  readonly seed: number;
}

export function scriptFlags(args: readonly string[] = process.argv.slice(2)): ScriptFlags {
  const seedAt = args.indexOf('--seed');
  return {
    json: args.includes('--json'),
    quick: args.includes('--quick'),
    seed: seedAt < 0 ? 1 : Number(args[seedAt + 1]),
  };
}

/** Prints the readable part, and the figures as the last line when `--json` was given. */
export function finish(flags: ScriptFlags, readable: string, figures: unknown): void {
  process.stdout.write(readable.endsWith('\n') ? readable : `${readable}\n`);
  if (flags.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Runs a script's main function; a failure ends the process with code 1 and its reason. */
export function runScript(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}
