/**
 * The words with which a match of a pattern can begin: `\b(?:end|close) of` begins with `end` or `close`. A word is a
 * whole run of `[a-z0-9_]`, so a pattern then needs to be tried only where one of its words stands, instead of at
 * every letter of the text. Null when that cannot be told: the pattern does not begin with `\b`, or with anything but
 * words that are written out and end there.
 */
export function firstWords(pattern: RegExp): ReadonlySet<string> | null {
  if (!pattern.source.startsWith('\\b') || pattern.flags.replace(/[my]/g, '') !== '') return null;
  const words = new Set<string>();
  try {
    spell(cons(parse(pattern.source), null), '', words);
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
  | { readonly kind: 'other' };

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
      case '^':
      case '$':
        return { kind: 'other' };
      default:
        return { kind: 'chars', chars: char };
    }
  };

  const group = (): Node => {
    const isPlain = source.startsWith('?:', at);
    if (isPlain) at += 2;
    const isCapture = source[at] !== '?';
    // A look around is passed over as if it were a group.
    if (!isPlain && !isCapture) at += source[at + 1] === '<' ? 3 : 2;
    const inner = branches();
    at++;
    return isPlain || isCapture ? inner : { kind: 'other' };
  };

  const characterClass = (): Node => {
    const end = closingBracket(source, at);
    const inner = source.slice(at, end);
    at = end + 1;
    // Ranges, negations and escapes are not written out.
    return /^\^|\\|.-./.test(inner) ? { kind: 'other' } : { kind: 'chars', chars: inner };
  };

  const repeated = (node: Node): Node => {
    const [whole, mark, low, comma, high] = /^(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/.exec(source.slice(at)) ?? [];
    if (whole === undefined) return node;
    at += whole.length;
    if (mark === '?') return { kind: 'repeat', node, min: 0, max: 1 };
    // Without an end there is no end of words.
    if (mark !== undefined || (comma === ',' && high === '')) return { kind: 'other' };
    return { kind: 'repeat', node, min: Number(low), max: Number(comma === '' ? low : high) };
  };

  const { kind, ...whole } = branches() as Node & { kind: 'either' };
  return at < source.length ? [{ kind: 'other' }] : [{ kind, ...whole }];
}

function escaped(char: string): Node {
  if (char === 'b') return { kind: 'boundary' };
  if (char === 'd') return { kind: 'chars', chars: '0123456789' };
  // Any other letter stands for a class; a mark stands for itself.
  return /\w/.test(char) ? { kind: 'other' } : { kind: 'chars', chars: char };
}

function closingBracket(source: string, from: number): number {
  let at = from + (source[from] === ']' ? 1 : 0);
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at;
}
