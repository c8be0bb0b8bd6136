import { showValue, toPathText } from './fault';
import type { ConfigFault, KeyPath } from './fault';
import { toPlain } from './yaml-tree';
import type { ConfigNode, MapEntry, MapNode } from './yaml-tree';

/** Several files as one: mappings merge, lists concatenate, equal values agree, and two different values are a fault. */
export function mergeTrees(trees: readonly MapNode[]): { root: MapNode; faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const [first, ...rest] = trees;
  if (first === undefined) throw new Error('mergeTrees needs at least one tree');
  return { root: rest.reduce((merged, tree) => mergeMaps(merged, tree, [], faults), first), faults };
}

function mergeMaps(left: MapNode, right: MapNode, path: KeyPath, faults: ConfigFault[]): MapNode {
  const entries = new Map<string, MapEntry>(left.entries);
  for (const [key, entry] of right.entries) {
    const earlier = entries.get(key);
    if (earlier === undefined) entries.set(key, entry);
    else entries.set(key, { keyAt: earlier.keyAt, node: mergeNodes(earlier.node, entry.node, [...path, key], faults) });
  }
  return { kind: 'map', at: left.at, entries };
}

function mergeNodes(left: ConfigNode, right: ConfigNode, path: KeyPath, faults: ConfigFault[]): ConfigNode {
  if (left.kind === 'map' && right.kind === 'map') return mergeMaps(left, right, path, faults);
  if (left.kind === 'list' && right.kind === 'list') {
    return { kind: 'list', at: left.at, items: [...left.items, ...right.items] };
  }
  if (left.kind === 'scalar' && right.kind === 'scalar' && left.value === right.value) return left;
  faults.push({
    file: right.at.file,
    line: right.at.line,
    path: toPathText(path),
    saw: showValue(toPlain(right), path),
    wanted: `one value: ${left.at.file}:${left.at.line} says ${showValue(toPlain(left), path) ?? 'nothing'}`,
  });
  return left;
}
