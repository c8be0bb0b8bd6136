import type { Command } from 'commander';
import type { StatePlace } from '../compose/on-call';

export interface StateFlags {
  readonly server: string;
  readonly tokenFile?: string;
  readonly data?: string;
}

/** `--server`, `--token-file` and `--data`: where a command finds the state. */
export function withState(command: Command): Command {
  return command
    .option('--server <url>', 'a running monitor', 'http://127.0.0.1:9465')
    .option('--token-file <file>', 'file with the bearer token for the server')
    .option('--data <directory>', 'a directory written by `replay`, instead of a server');
}

export function placeOf({ server, tokenFile, data }: StateFlags): StatePlace {
  return { server, tokenFile: tokenFile ?? null, data: data ?? null };
}
