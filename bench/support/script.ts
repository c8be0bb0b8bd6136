import { readFileSync } from 'node:fs';

/** Flags that every figure-printing script takes. */
export interface ScriptFlags {
  /** The last line of standard output is one JSON object. */
  readonly json: boolean;
  /** Shortened to under a minute where the script's documentation says so. */
  readonly quick: boolean;
  readonly seed: number;
}

export function scriptFlags(args: readonly string[] = process.argv.slice(2)): ScriptFlags {
  return {
    json: args.includes('--json'),
    quick: args.includes('--quick'),
    seed: Number(flagValue('--seed', args) ?? 1),
  };
}

/** What follows a flag; null without it. */
export function flagValue(flag: string, args: readonly string[] = process.argv.slice(2)): string | null {
  const at = args.indexOf(flag);
  return at < 0 ? null : (args[at + 1] ?? null);
}

/** Prints the readable part, and the figures as the last line when `--json` was given. */
export function finish(flags: ScriptFlags, readable: string, figures: unknown): void {
  process.stdout.write(readable.endsWith('\n') ? readable : `${readable}\n`);
  if (flags.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Runs a script's main function, or with `--help` tells its usage; a failure ends the process with code 1 and its reason. */
export function runScript(main: () => Promise<void>): void {
  const [, path, ...args] = process.argv;
  if (path !== undefined && (args.includes('--help') || args.includes('-h'))) {
    process.stdout.write(`${usageOf(readFileSync(path, 'utf8'))}\n`);
    return;
  }
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}

/** What the first comment of a script says. */
export function usageOf(source: string): string {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? '';
  return comment.replace(/^[ ]*\*[ ]?/gm, '').trim();
}
