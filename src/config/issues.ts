import type { z } from 'zod';
import { meantShape } from './alternatives';
import { didYouMean } from './did-you-mean';
import { showValue, toPathText } from './fault';
import type { ConfigFault, KeyPath } from './fault';
import { keysAt, nodesAt, wantedAt } from './schema-guide';
import { findPlace, toPlain } from './yaml-tree';
import type { ConfigNode, MapNode } from './yaml-tree';

type Issue = z.core.$ZodIssue;

/** Schema violations as faults that name file, line, key, value and what is wanted. */
export function toFaults(issues: readonly Issue[], root: MapNode): ConfigFault[] {
  return issues.flatMap((issue) => issueFaults(issue, [], root));
}

function issueFaults(issue: Issue, prefix: KeyPath, root: MapNode): ConfigFault[] {
  const path: KeyPath = [...prefix, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return unknownKeys(path, issue.keys, root);
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => issueFaults(inner, path, root));
  }
  return [faultAt(path, wantedFor(issue, path, root), root)];
}

function faultAt(path: KeyPath, wanted: string, root: MapNode): ConfigFault {
  const seen = valueAt(root, path);
  const missing = seen === undefined && path.length > 0;
  return {
    ...findPlace(root, path),
    path: toPathText(path),
    saw: missing ? 'nothing' : showValue(seen, path),
    wanted,
  };
}

function wantedFor(issue: Issue, path: KeyPath, root: MapNode): string {
  // A pattern is for machines; where its author said it in words, the words are shown.
  if (issue.code === 'invalid_format' && issue.format === 'regex' && !issue.message.startsWith('Invalid')) {
    return issue.message;
  }
  if (issue.code === 'custom') return issue.message;
  const wanted = wantedAt(path);
  const seen = valueAt(root, path);
  const words = nodesAt(path).flatMap((node) => node.enum ?? []);
  const hint = typeof seen === 'string' ? didYouMean(seen, words.map(String)) : null;
  return hint === null ? wanted : `${wanted}; did you mean \`${hint}\`?`;
}

function unknownKeys(path: KeyPath, keys: readonly string[], root: MapNode): ConfigFault[] {
  const value = valueAt(root, path);
  const shape = meantShape(path, typeof value === 'object' && value !== null ? Object.keys(value) : []);
  const issues = shape?.safeParse(value).error?.issues ?? [];
  // In the shape that was meant, some of these keys may be right and what stands under them wrong.
  const inner = issues.filter((issue) => issue.code !== 'unrecognized_keys' || issue.path.length > 0);
  const unknown = shape === null ? keys : issues.flatMap((issue) => (isUnknownHere(issue) ? issue.keys : []));
  return [
    ...unknown.map((key) => unknownKey(path, key, shape === null ? keysAt(path) : Object.keys(shape.shape), root)),
    ...inner.flatMap((issue) => issueFaults(issue, path, root)),
  ];
}

function isUnknownHere(issue: Issue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0;
}

function unknownKey(path: KeyPath, key: string, known: readonly string[], root: MapNode): ConfigFault {
  const hint = didYouMean(key, known);
  const elsewhere = hint === null ? sectionOf(key) : null;
  const at = path.length === 0 ? 'at the top' : 'here';
  const wanted =
    hint !== null
      ? `a known key; did you mean \`${hint}\`?`
      : elsewhere !== null
        ? `a known key; \`${key}\` belongs under \`${elsewhere}\``
        : `one of the keys known ${at}: ${known.map((name) => `\`${name}\``).join(', ')}`;
  return { ...findPlace(root, [...path, key]), path: toPathText([...path, key]), saw: 'an unknown key', wanted };
}

function sectionOf(key: string): string | null {
  return keysAt([]).find((section) => keysAt([section]).includes(key)) ?? null;
}

/**
 * Of a union's branches the one the author most likely meant: those of another kind of value are out, then the one
 * with the fewest complaints wins. Null when no branch takes this kind of value at all.
 */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const possible = branches.filter((issues) => !issues.some(isRootMismatch));
  const sorted = [...possible].sort((a, b) => weightOf(a) - weightOf(b));
  return sorted[0] ?? null;
}

function isRootMismatch(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return closestBranch(issue.errors) === null;
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function weightOf(issues: readonly Issue[]): number {
  let weight = 0;
  for (const issue of issues) {
    // A key the branch has never heard of speaks louder against it than a wrong value under one it knows.
    if (issue.code === 'unrecognized_keys') weight += 3 * issue.keys.length;
    else if (issue.code === 'invalid_union') weight += Math.max(1, weightOf(closestBranch(issue.errors) ?? []));
    else weight += 1;
  }
  return weight;
}

function valueAt(root: ConfigNode, path: KeyPath): unknown {
  let node: ConfigNode | undefined = root;
  for (const part of path) {
    if (node?.kind === 'map') node = node.entries.get(String(part))?.node;
    else if (node?.kind === 'list' && typeof part === 'number') node = node.items[part];
    else return undefined;
  }
  return node === undefined ? undefined : toPlain(node);
}
