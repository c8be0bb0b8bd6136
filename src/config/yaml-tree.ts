import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { escapeControls, showValue, toPathText } from './fault';
import type { ConfigFault, KeyPath } from './fault';

export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** A parsed file in which every value still knows where it was written. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: string | number | boolean | null;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly ConfigNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly at: Place;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly keyAt: Place;
  readonly node: ConfigNode;
}

export const MAX_FILE_BYTES = 1_048_576;
const MAX_DEPTH = 40;
/** Anchors can multiply a small file without end; no honest file comes near this. */
const MAX_NODES = 100_000;
/** Keys that reach into a prototype when an object is filled by name. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

interface Reading {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly faults: ConfigFault[];
  nodes: number;
}

export interface YamlTree {
  /** What could be read. */
  readonly root: MapNode;
  /** What could not. */
  readonly faults: ConfigFault[];
  /** The text is no YAML at all, so that `root` is empty though the file was not. */
  readonly broken: boolean;
}

/** Reads one YAML document. Never throws. */
export function parseYamlTree(file: string, text: string): YamlTree {
  const empty: MapNode = { kind: 'map', at: { file, line: 1 }, entries: new Map() };
  const whole = (wanted: string, line = 1): ConfigFault => ({ file, line, path: '', saw: null, wanted });
  if (text.length > MAX_FILE_BYTES) {
    return { root: empty, faults: [whole(`a file of at most ${MAX_FILE_BYTES} characters`)], broken: true };
  }
  const lines = new LineCounter();
  const faults: ConfigFault[] = [];
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, logLevel: 'error' });
    for (const problem of [...document.errors, ...document.warnings]) {
      faults.push(whole(`valid YAML: ${escapeControls(problem.message)}`, lines.linePos(problem.pos[0]).line || 1));
    }
    if (document.errors.length > 0) return { root: empty, faults, broken: true };
    const reading: Reading = { file, document, lines, faults, nodes: 0 };
    const root = toNode(reading, document.contents, []);
    if (root?.kind === 'map') return { root, faults, broken: false };
    if (root === null || (root.kind === 'scalar' && root.value === null)) return { root: empty, faults, broken: false };
    faults.push(whole('a mapping of sections at the top of the file', root.at.line));
  } catch (error) {
    // The parser recurses per nesting level, so ten thousand brackets end in a RangeError.
    faults.push(whole(`YAML that can be parsed: ${error instanceof RangeError ? 'nested too deeply' : String(error)}`));
  }
  return { root: empty, faults, broken: true };
}

function toNode(reading: Reading, node: unknown, path: KeyPath): ConfigNode | null {
  const at = placeOf(reading, node);
  const refuse = (wanted: string): null => {
    reading.faults.push({ ...at, path: toPathText(path), saw: null, wanted });
    return null;
  };
  reading.nodes += 1;
  if (reading.nodes === MAX_NODES) return refuse(`at most ${MAX_NODES} values, anchors expanded`);
  if (reading.nodes > MAX_NODES) return null;
  if (path.length > MAX_DEPTH) return refuse(`at most ${MAX_DEPTH} levels of nesting`);
  if (isAlias(node)) {
    const target = node.resolve(reading.document);
    return target === undefined ? refuse('an anchor that exists') : toNode(reading, target, path);
  }
  if (isScalar(node)) return toScalar(node.value, at, refuse);
  if (isSeq(node)) {
    const items = node.items.flatMap((item, index) => toNode(reading, item, [...path, index]) ?? []);
    return { kind: 'list', at, items };
  }
  if (isMap(node)) {
    const entries = new Map<string, MapEntry>();
    for (const pair of node.items) addEntry(reading, entries, pair, path, at);
    return { kind: 'map', at, entries };
  }
  return node === null || node === undefined ? { kind: 'scalar', at, value: null } : refuse('a plain YAML value');
}

function toScalar(value: unknown, at: Place, refuse: (wanted: string) => null): ScalarNode | null {
  if (value === null || value === undefined) return { kind: 'scalar', at, value: null };
  if (typeof value === 'number' && !Number.isFinite(value)) return refuse('a finite number');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'scalar', at, value };
  }
  return refuse('text, a number, true, false or null');
}

function addEntry(
  reading: Reading,
  entries: Map<string, MapEntry>,
  pair: { key: unknown; value: unknown },
  path: KeyPath,
  parentAt: Place,
): void {
  const keyAt = pair.key === null ? parentAt : placeOf(reading, pair.key, parentAt);
  const refuse = (saw: unknown, wanted: string): void => {
    reading.faults.push({ ...keyAt, path: toPathText(path), saw: showValue(saw, []), wanted });
  };
  const raw = isScalar(pair.key) ? pair.key.value : null;
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') {
    refuse(undefined, 'a key that is plain text');
    return;
  }
  const key = String(raw);
  if (FORBIDDEN_KEYS.has(key)) refuse(key, 'another key: this name is reserved by JavaScript');
  else if (entries.has(key)) refuse(key, 'each key once');
  else {
    const node = toNode(reading, pair.value, [...path, key]);
    if (node !== null) entries.set(key, { keyAt, node: withPlace(node, pair.value, keyAt) });
  }
}

/** `key:` with nothing after it has no node of its own; it is where its key is. */
function withPlace(node: ConfigNode, value: unknown, keyAt: Place): ConfigNode {
  return value === null || value === undefined ? { ...node, at: keyAt } : node;
}

function placeOf(reading: Reading, node: unknown, otherwise?: Place): Place {
  const start = (node as Partial<Node> | null)?.range?.[0];
  if (start === undefined) return otherwise ?? { file: reading.file, line: 1 };
  return { file: reading.file, line: reading.lines.linePos(start).line || 1 };
}

/** The deepest written place on the way to `path`: a missing key is reported where its parent is. */
export function findPlace(root: ConfigNode, path: KeyPath): Place {
  let node: ConfigNode = root;
  let place = root.at;
  for (const part of path) {
    if (node.kind === 'map') {
      const entry = node.entries.get(String(part));
      if (entry === undefined) return place;
      ({ keyAt: place, node } = entry);
    } else if (node.kind === 'list') {
      const item: ConfigNode | undefined = typeof part === 'number' ? node.items[part] : undefined;
      if (item === undefined) return place;
      node = item;
      place = item.at;
    } else return place;
  }
  return place;
}

/** The plain value, with null-prototype mappings. */
export function toPlain(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of node.entries) plain[key] = toPlain(entry.node);
  return plain;
}
