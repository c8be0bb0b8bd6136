import { Option } from 'commander';

/** `--config FILE`, repeatable; later files are merged into earlier ones. */
export function configOption(): Option {
  return new Option('-c, --config <file...>', 'configuration file; several are merged').default(['plumbline.yaml']);
}

export interface ConfigFlag {
  readonly config: readonly string[];
}
