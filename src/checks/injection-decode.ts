import type { Triggers } from './injection-triggers';
import { textOfUnits, unitsFor } from './recode';

const LETTER = 1;
const FIGURE = 2;
const OTHER_DIGIT = 4;

/** What words with digits or marks for letters are made of. */
const KIND = new Uint8Array(128);
/** The letter that each code unit up to 127 is read as; itself unless a figure. */
const READ_AS = Uint8Array.from({ length: 128 }, (_, code) => code);
for (const letter of 'abcdefghijklmnopqrstuvwxyz') KIND[letter.charCodeAt(0)] = LETTER;
for (const digit of '2689') KIND[digit.charCodeAt(0)] = OTHER_DIGIT;
for (const pair of ['0o', '1i', '3e', '4a', '5s', '7t', '@a', '$s']) {
  KIND[pair.charCodeAt(0)] = FIGURE;
  READ_AS[pair.charCodeAt(0)] = pair.charCodeAt(1);
}

const MOST_RUNS = 8;
const FEWEST_MIXED = 3;

/**
 * What base64, hexadecimal, spelled-out, digit-for-letter and rotated writing says, in lower case; empty when nothing
 * of the kind is there. What the words of the text are made of decides first whether a search is worth its time.
 */
export function decodeDisguises(text: string, folded: string, triggers: Triggers): string[] {
  const { longest, doubles, singles, mixed, rotated } = triggers;
  const found: string[] = [];
  if (longest >= 16 && hasLongRun(text)) {
    found.push(...runs(text, /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{24,4096}={0,2}(?![A-Za-z0-9+/=_-])/g, 'base64'));
  }
  if (longest >= 40 || doubles >= 20)
    found.push(...runs(text, /\b[0-9a-fA-F]{2}(?: ?[0-9a-fA-F]{2}){19,400}\b/g, 'hex'));
  if (singles >= 8) found.push(...spelledOut(folded));
  if (mixed >= FEWEST_MIXED) found.push(readDigits(folded));
  if (rotated) {
    found.push(folded.replace(/[a-z]/g, (char) => String.fromCharCode(((char.charCodeAt(0) - 97 + 13) % 26) + 97)));
  }
  return found;
}

const SHORTEST_BASE64 = 24;
const BASE64 = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') BASE64[char.charCodeAt(0)] = 1;

/** Looks at one character in 24 where none is of base64. */
function hasLongRun(text: string): boolean {
  for (let end = SHORTEST_BASE64 - 1; end < text.length;) {
    let at = end;
    while (at > end - SHORTEST_BASE64 && BASE64[text.charCodeAt(at)] === 1) at--;
    if (at === end - SHORTEST_BASE64) return true;
    end = at + SHORTEST_BASE64;
  }
  return false;
}

function runs(text: string, pattern: RegExp, encoding: 'base64' | 'hex'): string[] {
  const found: string[] = [];
  for (const [run] of text.matchAll(pattern)) {
    const bytes = Buffer.from(run.replace(/ /g, ''), encoding).toString('latin1');
    if (/^[\t\n\r\x20-\x7e]{12,}$/.test(bytes) && bytes.includes(' ')) found.push(bytes.toLowerCase());
    if (found.length >= MOST_RUNS) break;
  }
  return found;
}

/** Rows of figures spell nothing, and a text may hold hundreds of them. */
const SPELLED_WORD = /[a-z]{3}/;

/** "i g n o r e", "i.g.n.o.r.e": words stand further apart than their letters. */
function spelledOut(folded: string): string[] {
  const spelled = folded.match(/(?<![a-z0-9])(?:[a-z0-9][ ._*-]{1,3}){7,400}[a-z0-9](?![a-z0-9])/g) ?? [];
  return spelled
    .map((run) => run.replace(/(?<=[a-z0-9])[ ._*-](?=[a-z0-9])/g, '').replace(/ {2,}/g, ' '))
    .filter((run) => SPELLED_WORD.test(run));
}

const SHORTEST_READ = 3;
const LONGEST_READ = 30;

/** Words of letters and figures with the figures read as letters: `1gn0re` is `ignore`. */
function readDigits(folded: string): string {
  const size = folded.length;
  const units = unitsFor(size);
  for (let at = 0; at < size;) {
    const start = at;
    const most = Math.min(size, start + LONGEST_READ);
    let kinds = 0;
    for (let code; at < most && (code = folded.charCodeAt(at)) < 128 && KIND[code] !== 0; at++) {
      kinds |= KIND[code] as number;
      units[at] = code;
    }
    if (at === start) units[at] = folded.charCodeAt(at++);
    else if (at - start >= SHORTEST_READ && (kinds & MIXED) === MIXED) {
      for (let k = start; k < at; k++) units[k] = READ_AS[units[k] as number] as number;
    }
  }
  return textOfUnits(units, size);
}

const MIXED = LETTER | FIGURE;
