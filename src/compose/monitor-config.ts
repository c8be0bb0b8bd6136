import { checkNames, checkOptionFaults } from '../checks/create-checks';
import type { CrossCheck, LoadedConfig, LoadOptions } from '../config/load';
import { loadConfig } from '../config/load';
import type { ConfigFault } from '../config/fault';
import type { Result } from '../domain/result';
import { type CascadeFault, cascadeFaults } from '../judge/cascade-faults';
import { patternFaults } from '../privacy/custom-patterns';
import { allowFaults } from '../privacy/allow-list';
import { needsKey } from '../privacy/retention';
import type { MonitorConfig } from '../config/config';
import { loadOwnChecks } from './own-check-files';
import { readStoppingFile } from './cascade/stopping-file';

/** What only other rooms can tell is wrong: panels, checks and patterns. */
const CROSS_CHECKS: readonly CrossCheck[] = [
  (config) =>
    cascadeFaults(config)
      .filter(({ severity }) => severity === 'error')
      .map(({ path, message }) => ({ path, problem: message })),
  ({ cascade: { stopping } }) => {
    const read = stopping === undefined ? null : readStoppingFile(stopping);
    return read === null || read.ok ? [] : [{ path: ['cascade', 'stopping'], problem: `${stopping}: ${read.error}` }];
  },
  ({ checks }) => {
    const own = loadOwnChecks(checks.folder);
    return [
      ...own.problems.map((problem) => ({ path: ['checks', 'folder'], problem })),
      ...checkOptionFaults(checks, own.checks).map(({ option, problem }) => ({ path: ['checks', option], problem })),
    ];
  },
  ({ checks, sessions: { rightCheck } }) => {
    const names = checkNames(checks, loadOwnChecks(checks.folder).checks);
    if (rightCheck === null || names.has(rightCheck)) return [];
    const problem = `no check is named \`${rightCheck}\`; there are ${[...names].join(', ')}`;
    return [{ path: ['sessions', 'rightCheck'], problem }];
  },
  ({ privacy, judges, criteria }) => allowFaults({ allow: privacy.allow, judges, criteria }),
  ({ privacy, store }) => {
    if (!needsKey(privacy)) return [];
    const wanted = 'the environment variable with its key, since text is retained `encrypted`';
    return [
      ...(privacy.keyEnv === undefined ? [{ path: ['privacy', 'keyEnv'], saw: undefined, wanted }] : []),
      // What is sealed in the topic must not lie open in the store.
      ...(store.keyEnv === undefined ? [{ path: ['store', 'keyEnv'], saw: undefined, wanted }] : []),
    ];
  },
  (config) =>
    patternFaults(config.privacy).map(({ index, problem }) => ({
      path: ['privacy', 'patterns', index, 'pattern'],
      problem,
    })),
];

/** The whole configuration with every rule of every room, or all faults at once. */
export function loadMonitorConfig(
  options: Pick<LoadOptions, 'files' | 'text' | 'env'>,
): Result<LoadedConfig, ConfigFault[]> {
  return loadConfig({ ...options, crossChecks: CROSS_CHECKS });
}

/** What is allowed but unwise, in words. */
export function configWarnings(config: MonitorConfig): CascadeFault[] {
  return cascadeFaults(config).filter(({ severity }) => severity === 'warning');
}
