import { DigitGroups } from './digit-groups';

/**
 * What one pass over a text finds for all kinds together, so that ordinary text costs one table look-up per code unit
 * and the finders below look only where something can be. Positions are flat pairs: `[start, end, start, end, ...]`.
 */
export interface TextScan {
  readonly groups: DigitGroups;
  /** Maximal runs of `[A-Za-z0-9_-]` of at least `LONG_TOKEN` code units: where keys and tokens can be. */
  readonly longTokens: readonly number[];
  /** Positions of `@`. */
  readonly ats: readonly number[];
  /** Positions of `:` next to a hexadecimal digit or another colon on both sides. */
  readonly colons: readonly number[];
}

export const LONG_TOKEN = 16;

const DIGIT = 1;
const LETTER = 2;
const HEX = 4;
const JOINT = 8;
const COLON = 16;
const AT = 32;
const WORD = DIGIT | LETTER;
const TOKEN = DIGIT | LETTER | JOINT;

const CLASSES = classTable();

function classTable(): Uint8Array {
  const table = new Uint8Array(128);
  const add = (chars: string, flags: number): void => {
    for (const char of chars) table[char.charCodeAt(0)] = (table[char.charCodeAt(0)] ?? 0) | flags;
  };
  add('0123456789', DIGIT | HEX);
  add('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER);
  add('abcdefABCDEF', HEX);
  add('_-', JOINT);
  add(':', COLON);
  add('@', AT);
  return table;
}

function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (CLASSES[code] ?? 0) : 0;
}

/** Digit groups are those of the last text scanned: finish with one text before the next. */
export function scanText(text: string): TextScan {
  const groups = new DigitGroups();
  const longTokens: number[] = [];
  const ats: number[] = [];
  const colons: number[] = [];
  const length = text.length;
  let tokenStart = -1;
  let digitStart = -1;
  for (let i = 0; i <= length; i++) {
    const code = i < length ? text.charCodeAt(i) : 0;
    const flags = code < 128 ? (CLASSES[code] ?? 0) : 0;
    if ((flags & DIGIT) !== 0) {
      if (digitStart < 0) digitStart = i;
    } else if (digitStart >= 0) {
      groups.add(digitStart, i);
      digitStart = -1;
    }
    if ((flags & TOKEN) !== 0) {
      if (tokenStart < 0) tokenStart = i;
      continue;
    }
    if (tokenStart >= 0) {
      if (i - tokenStart >= LONG_TOKEN) longTokens.push(tokenStart, i);
      tokenStart = -1;
    }
    if (flags === 0) continue;
    if (flags === AT) ats.push(i);
    else if (flags === COLON && isHexOrColon(text, i - 1) && isHexOrColon(text, i + 1)) colons.push(i);
  }
  return { groups, longTokens, ats, colons };
}

function isHexOrColon(text: string, index: number): boolean {
  return index >= 0 && index < text.length && (classAt(text, index) & (HEX | COLON)) !== 0;
}

/** True for an ASCII letter or digit, or a Latin letter with a mark; false outside the text. */
export function isWordAt(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return false;
  const code = text.charCodeAt(index);
  if (code < 128) return ((CLASSES[code] ?? 0) & WORD) !== 0;
  return code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7;
}

/** True when `index` continues a word; the letter of an escape (`\n555...`, as in quoted JSON) is not part of one. */
export function continuesWord(text: string, index: number): boolean {
  return isWordAt(text, index - 1) && !followsEscape(text, index);
}

/** True right after `\n`, `\r` or `\t` written out. */
export function followsEscape(text: string, index: number): boolean {
  if (text.charCodeAt(index - 2) !== BACKSLASH) return false;
  const code = text.charCodeAt(index - 1);
  return code === 0x6e || code === 0x72 || code === 0x74;
}

const BACKSLASH = 0x5c;

export function isDigitAt(text: string, index: number): boolean {
  return index >= 0 && index < text.length && (classAt(text, index) & DIGIT) !== 0;
}
