import { Option } from 'commander';

/** `--config FILE`, repeatable; later files are merged into earlier ones. */
export function configOption(): Option {
  return new Option('-c, --config <files...>', 'configuration files; several are merged').default(['plumbline.yaml']);
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object instead of text').default(false);
}

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** Of `compare`: not enough is known, and the first part is worse. */
export const EXIT_UNDECIDED = 5;
export const EXIT_WORSE = 6;
