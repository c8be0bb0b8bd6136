import { stringify } from 'yaml';
import type { MonitorConfig } from './config';

/** The effective configuration as YAML, every default spelt out. Secrets appear as the names of their variables. */
export function printConfig(config: MonitorConfig): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}
