import { Option } from 'commander';
import type { RecordedPlace } from '../compose/replay/recorded';
import type { CliIo } from './io';

/** `--config FILE`, repeatable; later files are merged into earlier ones. */
export function configOption(): Option {
  return new Option('-c, --config <files...>', 'configuration files; several are merged').default(['plumbline.yaml']);
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object instead of text').default(false);
}

/** `--data`: what a replay wrote, instead of the topics of the configuration. */
export function recordedOption(): Option {
  return new Option('--data <directory>', 'a directory written by `replay`, instead of the topics on Kafka');
}

export function recordedPlace({ data }: { readonly data?: string }, { env }: CliIo): RecordedPlace {
  return data === undefined ? { env } : { directory: data };
}

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** Of `compare`: not enough is known, and the first part is worse. */
export const EXIT_UNDECIDED = 5;
export const EXIT_WORSE = 6;
