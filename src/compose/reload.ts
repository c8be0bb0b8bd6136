import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ConfigFault, renderFaults } from '../config/fault';
import type { LoadedConfig } from '../config/load';
import type { Result } from '../domain/result';
import type { ReloadResult } from '../outputs/process-gauges';
import type { Logger } from '../platform/logger';
import { restartSections } from './config-diff';

export interface ReloadDeps {
  readonly initial: LoadedConfig;
  /** Reads the files again. */
  readonly load: () => Result<LoadedConfig, ConfigFault[]>;
  /** Series that would learn afresh. */
  readonly resetsUnder: (next: LoadedConfig) => number;
  /** Whatever number of resets is right. */
  readonly acceptsResets: boolean;
  /** Puts the new configuration in force, all of it or, when it throws, nothing. */
  readonly apply: (next: LoadedConfig) => void;
  readonly onResult: (result: ReloadResult) => void;
  readonly logger: Logger;
}

/**
 * Reads the configuration again. Atomic: it is in force as a whole, or the old one stays and the log says why. What
 * changes nothing (white space, comments, the order of keys) is `unchanged`.
 */
export function createReload(deps: ReloadDeps): () => ReloadResult {
  const { load, logger } = deps;
  let current = deps.initial;

  const attempt = (): ReloadResult => {
    const loaded = load();
    if (!loaded.ok) {
      logger.error({ faults: renderFaults(loaded.error) }, 'the new configuration has faults, the old one stays');
      return 'invalid';
    }
    const next = loaded.value;
    if (next.hash === current.hash) return 'unchanged';
    const sections = restartSections(current, next);
    if (sections.length > 0) {
      logger.error({ sections }, 'only a restart can change these sections, the old configuration stays');
      return 'needs_restart';
    }
    const resets = deps.resetsUnder(next);
    const { maxResets } = next.config.alerts;
    if (resets > maxResets && !deps.acceptsResets) {
      const fields = { resets, maxResets, wanted: 'see `config diff`, then restart with `run --accept`' };
      logger.error(fields, 'the new configuration would make too many series learn afresh, the old one stays');
      return 'too_many_resets';
    }
    try {
      deps.apply(next);
    } catch (error) {
      logger.error({ err: error }, 'the new configuration cannot be applied, the old one stays');
      return 'invalid';
    }
    logger.info({ before: current.hash, config: next.hash, resets }, 'configuration reloaded');
    current = next;
    return 'ok';
  };

  return () => {
    const result = attempt();
    deps.onResult(result);
    return result;
  };
}

const LOOK_MS = 5_000;

/**
 * Calls `onChange` when a file, or the folder that it lies in, is not what it was at the call, or when last looked at. By asking
 * rather than by watching: a mounted ConfigMap changes by a link that is put in the place of another. Returns what ends it.
 */
export function watchFiles(files: readonly string[], onChange: () => void, everyMs = LOOK_MS): () => void {
  const paths = [...new Set(files.flatMap((file) => [file, dirname(file)]))];
  let before = paths.map((path) => signatureOf(statSync(path, { throwIfNoEntry: false }))).join(' ');
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const now = (await Promise.all(paths.map(signature))).join(' ');
    isLooking = false;
    if (before !== now) onChange();
    before = now;
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function signature(path: string): Promise<string> {
  return signatureOf(await stat(path).catch(() => undefined));
}

/** A file that is away for a moment, while it is replaced, is one more state. */
function signatureOf(stats: Stats | undefined): string {
  return stats === undefined ? 'none' : `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
}
