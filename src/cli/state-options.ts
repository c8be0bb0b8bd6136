import type { Command } from 'commander';
import { LOCAL_SERVER, serverOf } from '../compose/on-call/contexts';
import type { StatePlace } from '../compose/on-call/on-call';
import type { CliIo } from './io';

export interface StateFlags {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly context?: string;
  readonly data?: string;
}

/** `--server`, `--token-file`, `--context` and `--data`: where a command finds the state. */
export function withState(command: Command): Command {
  return command
    .option('--server <url>', `a running monitor; default: that of the context in use, else ${LOCAL_SERVER.server}`)
    .option('--token-file <file>', 'file with the bearer token for the server')
    .option('--context <name>', 'a server saved by `context set`')
    .option('--data <directory>', 'a directory written by `replay`, instead of a server');
}

/** Rejects with USAGE for a context that is not saved. */
export async function placeOf(io: CliIo, flags: StateFlags): Promise<StatePlace> {
  const server = flags.data === undefined ? await serverOf(io.env, flags) : LOCAL_SERVER;
  return { ...server, data: flags.data ?? null };
}
