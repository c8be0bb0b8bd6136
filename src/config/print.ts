import { stringify } from 'yaml';
import type { MonitorConfig } from './config';

const AS_WRITTEN = { lineWidth: 0, aliasDuplicateObjects: false };

/** The effective configuration as YAML, every default spelt out. Secrets appear as the names of their variables. */
export function printConfig(config: MonitorConfig): string {
  return stringify(config, AS_WRITTEN);
}

/** Criteria as a file that a configuration may include. */
export function printCriteria(criteria: readonly object[]): string {
  return stringify({ criteria }, AS_WRITTEN);
}
