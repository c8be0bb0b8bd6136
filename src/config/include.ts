import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { ConfigFault } from './fault';
import { MAX_FILE_BYTES, parseYamlTree } from './yaml-tree';
import type { ConfigNode, MapNode } from './yaml-tree';

/** The two things asked of a file system; given in tests. */
export interface ConfigDisk {
  readFile(path: string): string;
  /** Names, not paths, of the entries of a directory. */
  listDirectory(path: string): readonly string[];
}

export const realDisk: ConfigDisk = {
  readFile: (path) => {
    const kind = statSync(path);
    // A pattern may match what has no end, such as a device. Pipes are how shells hand over generated files.
    if (kind.size > MAX_FILE_BYTES)
      throw Object.assign(new Error('too large'), { code: `larger than ${MAX_FILE_BYTES} bytes` });
    if (!kind.isFile() && !kind.isFIFO()) throw Object.assign(new Error('no file'), { code: 'it is not a file' });
    return readFileSync(path, 'utf8');
  },
  listDirectory: (path) => readdirSync(path),
};

interface ReadFiles {
  readonly trees: readonly MapNode[];
  readonly files: readonly string[];
  readonly faults: ConfigFault[];
  /** A file is missing or is no YAML, so that the merged tree lacks an unknown part. */
  readonly broken: boolean;
}

/** Reads the named files, each followed by what it includes. A file that cannot be read is a fault. */
export function readConfigFiles(paths: readonly string[], disk: ConfigDisk): ReadFiles {
  const parts = paths.map((path) => readOne(path, disk));
  return {
    trees: parts.flatMap((part) => part.trees),
    files: parts.flatMap((part) => part.files),
    faults: parts.flatMap((part) => part.faults),
    broken: parts.some((part) => part.broken),
  };
}

/** The same for text that is already in memory; its includes are relative to the directory of `name`. */
export function readConfigText(name: string, text: string, disk: ConfigDisk): ReadFiles {
  const { root, faults, broken } = parseYamlTree(name, text);
  const include = root.entries.get('include');
  if (include === undefined) return { trees: [root], files: [name], faults, broken };
  const main = withoutInclude(root);
  const included = includePatterns(include.node, faults).flatMap(({ pattern, at }) => {
    const found = expand(join(isAbsolute(pattern) ? '' : dirname(name), pattern), disk);
    if (found.length === 0) {
      faults.push({ ...at, path: 'include', saw: JSON.stringify(pattern), wanted: 'a pattern that matches a file' });
    }
    return found;
  });
  const parts = [...new Set(included)].filter((path) => path !== name).map((path) => readIncluded(path, disk));
  return {
    trees: [main, ...parts.flatMap((part) => part.trees)],
    files: [name, ...parts.flatMap((part) => part.files)],
    faults: [...faults, ...parts.flatMap((part) => part.faults)],
    broken: broken || parts.some((part) => part.broken),
  };
}

function readOne(path: string, disk: ConfigDisk): ReadFiles {
  const text = tryRead(path, disk);
  return 'fault' in text ? unreadable(text.fault) : readConfigText(path, text.text, disk);
}

function readIncluded(path: string, disk: ConfigDisk): ReadFiles {
  const text = tryRead(path, disk);
  if ('fault' in text) return unreadable(text.fault);
  const { root, faults, broken } = parseYamlTree(path, text.text);
  const include = root.entries.get('include');
  if (include !== undefined) {
    faults.push({ ...include.keyAt, path: 'include', saw: null, wanted: '`include` in the first file only' });
  }
  return { trees: [withoutInclude(root)], files: [path], faults, broken };
}

function unreadable(fault: ConfigFault): ReadFiles {
  return { trees: [], files: [], faults: [fault], broken: true };
}

function tryRead(path: string, disk: ConfigDisk): { text: string } | { fault: ConfigFault } {
  try {
    return { text: disk.readFile(path) };
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    const why = code === 'ENOENT' ? 'it does not exist' : typeof code === 'string' ? code : 'it cannot be read';
    return { fault: { file: path, line: 1, path: '', saw: null, wanted: `a readable file: ${why}` } };
  }
}

function withoutInclude(root: MapNode): MapNode {
  return { ...root, entries: new Map([...root.entries].filter(([key]) => key !== 'include')) };
}

function includePatterns(
  node: ConfigNode,
  faults: ConfigFault[],
): { pattern: string; at: { file: string; line: number } }[] {
  const nodes = node.kind === 'list' ? node.items : [node];
  return nodes.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '') {
      return [{ pattern: item.value, at: item.at }];
    }
    faults.push({ ...item.at, path: 'include', saw: null, wanted: 'a file name or pattern, or a list of them' });
    return [];
  });
}

/** `*` and `?` in the file name, not in directories; in the order of names, so that merging is the same everywhere. */
function expand(pattern: string, disk: ConfigDisk): string[] {
  const name = basename(pattern);
  if (!/[*?]/.test(name)) return [pattern];
  const source = name
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]');
  const matches = new RegExp(`^${source}$`);
  try {
    return disk
      .listDirectory(dirname(pattern))
      .filter((entry) => matches.test(entry) && !entry.startsWith('.'))
      .sort()
      .map((entry) => join(dirname(pattern), entry));
  } catch {
    return [];
  }
}
