import { err, ok } from '../domain/result';
import type { Result } from '../domain/result';
import { configSchema, deepFreeze } from './config';
import type { MonitorConfig } from './config';
import { configHash } from './config-hash';
import { parsePathText, showValue, toPathText } from './fault';
import type { ConfigFault, CrossFault } from './fault';
import { readConfigFiles, readConfigText, realDisk } from './include';
import type { ConfigDisk } from './include';
import { toFaults } from './issues';
import { mergeTrees } from './merge';
import { ownFaults, urlFaults } from './own-checks';
import { resolveSecrets } from './secrets';
import type { Environment, Secrets } from './secrets';
import { findPlace, toPlain } from './yaml-tree';
import type { MapNode } from './yaml-tree';

/** A rule of another room over the whole configuration, e.g. that panels name judges that exist. */
export type CrossCheck = (config: MonitorConfig) => readonly CrossFault[];

export interface LoadOptions {
  /** Paths; later files are merged into earlier ones by the rules of `include`. */
  readonly files?: readonly string[];
  /** Instead of files: YAML in memory. */
  readonly text?: { readonly name: string; readonly text: string };
  readonly env: Environment;
  readonly crossChecks?: readonly CrossCheck[];
  readonly disk?: ConfigDisk;
}

export interface LoadedConfig {
  /** Deep-frozen. */
  readonly config: MonitorConfig;
  /** Names the configuration's meaning; see `configHash`. */
  readonly hash: string;
  /** Every file that was read, in order of merging. */
  readonly files: readonly string[];
  readonly secrets: Secrets;
}

/**
 * Reads the whole configuration once. Either a value that cannot change any more, or every fault there is: rules that
 * span sections are asked as soon as the sections have their shape. Never throws for what a file holds.
 */
export function loadConfig(options: LoadOptions): Result<LoadedConfig, ConfigFault[]> {
  const disk = options.disk ?? realDisk;
  const read =
    options.text === undefined
      ? readConfigFiles(options.files ?? [], disk)
      : readConfigText(options.text.name, options.text.text, disk);
  if (read.trees.length === 0) return err(read.faults.length > 0 ? read.faults : [noFile()]);

  const merged = mergeTrees(read.trees);
  const root = merged.root;
  const written = [...read.faults, ...merged.faults];
  // After a syntax error a whole file is missing; complaints about that would bury the one that counts.
  if (read.broken) return err(inFileOrder(written));

  const plain = toPlain(root);
  const parsed = configSchema.safeParse(plain);
  if (!parsed.success) {
    const shapeless = [...resolveSecrets(plain, options.env).faults, ...urlFaults(plain)];
    const faults = [...toFaults(parsed.error.issues, root), ...shapeless.map((fault) => locate(fault, root))];
    return err(inFileOrder([...written, ...faults]));
  }
  const config: MonitorConfig = deepFreeze(parsed.data);
  const { secrets, faults } = resolveSecrets(config, options.env);
  const crossed = [...faults, ...ownFaults(config), ...(options.crossChecks ?? []).flatMap((check) => check(config))];
  const all = [...written, ...crossed.map((fault) => locate(fault, root))];
  if (all.length > 0) return err(inFileOrder(all));
  return ok({ config, hash: configHash(config), files: read.files, secrets });
}

function locate(fault: CrossFault, root: MapNode): ConfigFault {
  const path = typeof fault.path === 'string' ? parsePathText(fault.path) : fault.path;
  const at = { ...findPlace(root, path), path: toPathText(path) };
  if ('problem' in fault) return { ...at, saw: null, wanted: fault.problem, problem: fault.problem };
  return { ...at, saw: showValue(fault.saw, path), wanted: fault.wanted };
}

function noFile(): ConfigFault {
  return { file: 'plumbline.yaml', line: 1, path: '', saw: null, wanted: 'at least one configuration file' };
}

/** Sorted by line within each file, files in the order they first appear, the same fault once. */
function inFileOrder(faults: readonly ConfigFault[]): ConfigFault[] {
  const order = [...new Set(faults.map((fault) => fault.file))];
  const unique = [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
  return unique.sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line);
}
