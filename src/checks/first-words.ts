/**
 * Where in a text a match of a pattern can begin, so that it is tried there and not at every letter: at some words (whole
 * runs of `[a-z0-9_]`), at some marks, or at the beginning of a line. Null when that cannot be told.
 */
export type Begin =
  | { readonly at: 'words'; readonly words: ReadonlySet<string> }
  | { readonly at: 'marks'; readonly marks: string }
  | { readonly at: 'line' };

export function beginOf(pattern: RegExp): Begin | null {
  if (pattern.source.startsWith('^')) return { at: 'line' };
  const words = firstWords(pattern);
  if (words !== null) return { at: 'words', words };
  const marks = firstMarks(cons(parse(pattern.source), null));
  return marks === null ? null : { at: 'marks', marks };
}

/** The most characters that a match can have, or can look ahead at; Infinity when there is no such number. */
export function longestMatch(pattern: RegExp): number {
  return lengthOf(parse(pattern.source));
}

/**
 * Sets of words of which every match holds one each, beside those it begins with: `\bsay (?:a|b) [^.]{0,9}\b(?:c|d)\b`
 * gives `{a, b}` and `{c, d}`. A word that markdown's underscores touch counts without them. Not all that could be said,
 * but only what is certain.
 */
export function needsOf(pattern: RegExp): readonly ReadonlySet<string>[] {
  const needs: ReadonlySet<string>[] = [];
  const nodes = flat(parse(pattern.source));
  // No word goes on across the beginning of a line.
  let isEdge = pattern.source.startsWith('^');
  nodes.forEach((node, index) => {
    // What follows a `\b` at the very beginning is what `beginOf` says.
    const isBegin = index === 1 && nodes[0]?.kind === 'boundary';
    if (isEdge && !isBegin && node.kind !== 'boundary') {
      const words = spelled(cons(nodes.slice(index), null));
      if (words !== null) needs.push(words);
    }
    isEdge = endsAtEdge(node, isEdge);
  });
  return needs;
}

/** Groups without branches are written out. */
function flat(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) =>
    node.kind === 'either' && node.branches.length === 1 ? flat(node.branches[0] ?? []) : [node],
  );
}

/** Whether no word goes on behind the node, given whether none did before it. */
function endsAtEdge(node: Node, before: boolean): boolean {
  switch (node.kind) {
    case 'boundary':
      return true;
    case 'chars':
      return ![...node.chars].some(isLetterOrDigit);
    case 'either':
      return node.branches.every((branch) => branch.reduce((edge, one) => endsAtEdge(one, edge), before));
    case 'repeat':
      return endsAtEdge(node.node, before) && (node.min > 0 || before);
    case 'other':
      return node.marks || (node.longest === 0 && before);
  }
}

function lengthOf(nodes: readonly Node[]): number {
  let sum = 0;
  for (const node of nodes) {
    switch (node.kind) {
      case 'chars':
        sum += 1;
        break;
      case 'either':
        sum += Math.max(...node.branches.map(lengthOf));
        break;
      case 'repeat':
        sum += node.max === 0 ? 0 : node.max * lengthOf([node.node]);
        break;
      case 'other':
        sum += node.longest;
        break;
      case 'boundary':
    }
  }
  return sum;
}

/** The marks with which a match can begin; null when it can begin with anything else, or with nothing written out. */
function firstMarks(rest: Rest): string | null {
  if (rest === null) return null;
  const { node, next } = rest;
  switch (node.kind) {
    case 'chars':
      return [...node.chars].some(isWordChar) ? null : node.chars;
    case 'either': {
      const marks = node.branches.map((branch) => firstMarks(cons(branch, next)));
      return marks.includes(null) ? null : marks.join('');
    }
    case 'repeat': {
      const own = firstMarks(cons([node.node], next));
      const after = node.min === 0 ? firstMarks(next) : '';
      return own === null || after === null ? null : own + after;
    }
    case 'other':
      // What only looks around takes no character.
      return node.longest === 0 ? firstMarks(next) : null;
    case 'boundary':
      return null;
  }
}

/**
 * The words with which a match of a pattern can begin: `\b(?:end|close) of` begins with `end` or `close`. Null when the
 * pattern does not begin with `\b`, or with anything but words that are written out and end there.
 */
function firstWords(pattern: RegExp): ReadonlySet<string> | null {
  if (!pattern.source.startsWith('\\b') || pattern.flags.replace(/[my]/g, '') !== '') return null;
  return spelled(cons(parse(pattern.source), null));
}

function spelled(rest: Rest): ReadonlySet<string> | null {
  const words = new Set<string>();
  try {
    spell(rest, '', words);
  } catch (failure) {
    if (failure instanceof Unspellable) return null;
    throw failure;
  }
  return words;
}

/** Never leaves this file. */
class Unspellable extends Error {}

/** More than so many words are no saving. */
const MOST_WORDS = 500;

type Node =
  | { readonly kind: 'chars'; readonly chars: string }
  | { readonly kind: 'boundary' }
  | { readonly kind: 'either'; readonly branches: readonly (readonly Node[])[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number }
  /** Nothing is known of it but how many characters it takes at most. */
  | {
      readonly kind: 'other';
      readonly longest: number;
      /** No letter or digit is part of it. */ readonly marks: boolean;
    };

/** What is still to be matched, as a list that branches can share. */
type Rest = { readonly node: Node; readonly next: Rest } | null;

function cons(nodes: readonly Node[], next: Rest): Rest {
  return nodes.reduceRight<Rest>((rest, node) => ({ node, next: rest }), next);
}

/** Adds every first word that `rest` allows after `word`, each path as far as the end of its first word. */
function spell(rest: Rest, word: string, words: Set<string>): void {
  if (rest === null || words.size > MOST_WORDS) throw new Unspellable();
  const { node, next } = rest;
  switch (node.kind) {
    case 'boundary':
      if (word === '') spell(next, word, words);
      else words.add(word);
      return;
    case 'chars':
      for (const char of node.chars) {
        if (isWordChar(char)) spell(next, word + char, words);
        else if (word === '') throw new Unspellable();
        else words.add(word);
      }
      return;
    case 'either':
      for (const branch of node.branches) spell(cons(branch, next), word, words);
      return;
    case 'repeat':
      if (node.min === 0) spell(next, word, words);
      if (node.max > 0)
        spell(cons([node.node, { ...node, min: Math.max(0, node.min - 1), max: node.max - 1 }], next), word, words);
      return;
    case 'other':
      throw new Unspellable();
  }
}

function isLetterOrDigit(char: string): boolean {
  return /^[a-z0-9]$/i.test(char);
}

function isWordChar(char: string): boolean {
  return /^\w$/.test(char);
}

/** As much of the syntax as the patterns use; the rest becomes `other`, which nothing can be said about. */
function parse(source: string): readonly Node[] {
  let at = 0;

  const branches = (): Node => {
    const found: Node[][] = [[]];
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        at++;
        found.push([]);
      } else found.at(-1)?.push(repeated(atom()));
    }
    return { kind: 'either', branches: found };
  };

  const atom = (): Node => {
    const char = source[at++] ?? '';
    switch (char) {
      case '(':
        return group();
      case '[':
        return characterClass();
      case '\\':
        return escaped(source[at++] ?? '');
      case '.':
        return { kind: 'other', longest: 1, marks: false };
      case '^':
      case '$':
        return { kind: 'other', longest: 0, marks: false };
      default:
        return { kind: 'chars', chars: char };
    }
  };

  const group = (): Node => {
    const isPlain = source.startsWith('?:', at);
    if (isPlain) at += 2;
    const isCapture = source[at] !== '?';
    // A look around is passed over as if it were a group.
    const isBehind = source[at + 1] === '<';
    if (!isPlain && !isCapture) at += isBehind ? 3 : 2;
    const inner = branches();
    at++;
    if (isPlain || isCapture) return inner;
    return { kind: 'other', longest: isBehind ? 0 : lengthOf([inner]), marks: false };
  };

  const characterClass = (): Node => {
    const end = closingBracket(source, at);
    const inner = source.slice(at, end).replaceAll('\\t', '\t').replaceAll('\\n', '\n');
    at = end + 1;
    // Ranges, negations and escapes are not written out.
    if (!/^\^|\\|.-./.test(inner)) return { kind: 'chars', chars: inner };
    return { kind: 'other', longest: 1, marks: !/^\^|.-.|\\[wdDWS]|[a-z0-9]/.test(inner) };
  };

  const repeated = (node: Node): Node => {
    const [whole, mark, low, comma, high] = /^(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/.exec(source.slice(at)) ?? [];
    if (whole === undefined) return node;
    at += whole.length;
    if (mark === '?') return { kind: 'repeat', node, min: 0, max: 1 };
    // Without an end there is no end of words.
    if (mark !== undefined || (comma === ',' && high === '')) return { kind: 'other', longest: Infinity, marks: false };
    return { kind: 'repeat', node, min: Number(low), max: Number(comma === '' ? low : high) };
  };

  const { kind, ...whole } = branches() as Node & { kind: 'either' };
  return at < source.length ? [{ kind: 'other', longest: Infinity, marks: false }] : [{ kind, ...whole }];
}

function escaped(char: string): Node {
  if (char === 'b') return { kind: 'boundary' };
  if (char === 'd') return { kind: 'chars', chars: '0123456789' };
  if (char === 'n') return { kind: 'chars', chars: '\n' };
  // No member of it is part of a word.
  if (char === 's') return { kind: 'chars', chars: ' \n' };
  // Any other letter stands for a class; a mark stands for itself.
  return /\w/.test(char)
    ? { kind: 'other', longest: char === 'B' ? 0 : 1, marks: false }
    : { kind: 'chars', chars: char };
}

function closingBracket(source: string, from: number): number {
  let at = from + (source[from] === ']' ? 1 : 0);
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at;
}
