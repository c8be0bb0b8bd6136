import type { NumberRun } from './number-runs';
import { continuesWord, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/**
 * Telephone numbers. Taken on their shape alone: with `+` or `00` and a country code (E.164), the North American
 * 3-3-4, and grouped numbers with a trunk zero or an area code in brackets. Any other row of 7 to 12 digits counts only
 * next to a word such as `phone`, `call` or `fax` and never next to `order`, `invoice`, `isbn` and the like. Dates, year
 * ranges, ZIP+4 codes and thousands in groups are not numbers to call.
 */
export function findPhones(text: string, scan: TextScan, runs: readonly NumberRun[], out: FoundSpan[]): void {
  for (const run of runs) {
    for (let group = run.first; group <= run.last; group++) {
      if (group !== run.first && !mayOpen(text, scan, group)) continue;
      const start = startOfNumber(text, scan.groups.start(group));
      if (!mayStart(text, start)) continue;
      const last = lastGroupOfPhone(text, scan, run, group, start);
      if (last < 0) continue;
      const end = withExtension(text, scan.groups.end(last));
      if (isWordAt(text, end)) continue;
      out.push({ start, end, kind: 'phone' });
      group = last;
    }
  }
}

/** Inside a run only `+`, `00`, an area code of three digits or a `1` before one can open a number. */
function mayOpen(text: string, scan: TextScan, group: number): boolean {
  const length = scan.groups.length(group);
  if (length === 3) return true;
  const at = scan.groups.start(group);
  const code = text.charCodeAt(at);
  if (length === 1 && code === ONE) return scan.groups.length(group + 1) === 3;
  return text.charCodeAt(at - 1) === PLUS || (length === 2 && code === ZERO);
}

const PLUS = 0x2b;
const ZERO = 0x30;
const ONE = 0x31;

const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

function lastGroupOfPhone(text: string, scan: TextScan, run: NumberRun, group: number, start: number): number {
  if (text.charAt(start) === '+') return international(scan, run, group);
  if (scan.groups.length(group) <= 3 && text.startsWith('00', scan.groups.start(group)) && group + 2 <= run.last) {
    return international(scan, run, group);
  }
  const northAmerican = lastOfNorthAmerican(text, scan, run, group);
  if (northAmerican >= 0) return northAmerican;
  if (group !== run.first) return -1;
  return lastOfNational(text, scan, run, start);
}

/** As many groups as E.164 allows; eleven digits when the country code is 1. */
function international(scan: TextScan, run: NumberRun, group: number): number {
  const limit = scan.groups.length(group) === 1 ? 11 : MOST_DIGITS;
  let digits = 0;
  let last = -1;
  for (let k = group; k <= run.last; k++) {
    digits += scan.groups.length(k);
    if (digits > limit) break;
    last = k;
    if (limit === 11 && digits === limit) break;
  }
  return digitsBetween(scan, group, last) >= FEWEST_DIGITS ? last : -1;
}

function lastOfNorthAmerican(text: string, scan: TextScan, run: NumberRun, group: number): number {
  const area = scan.groups.length(group) === 1 && text.charAt(scan.groups.start(group)) === '1' ? group + 1 : group;
  const last = area + 2;
  if (last > run.last || scan.groups.length(area) !== 3 || scan.groups.length(area + 1) !== 3) return -1;
  if (scan.groups.length(last) !== 4 || text.charCodeAt(scan.groups.start(area)) < 50) return -1;
  const next = last < run.last ? text.charAt(scan.groups.end(last)) : '';
  if (next === '-' || next === '.') return -1;
  return scan.groups.gapAfter(area) <= 2 && scan.groups.gapAfter(area + 1) <= 1 ? last : -1;
}

const SPACE = 0x20;

/** The longest stretch from the run's start that reads as a national number. */
function lastOfNational(text: string, scan: TextScan, run: NumberRun, start: number): number {
  let last = Math.min(run.last, run.first + 6);
  while (last >= run.first && digitsBetween(scan, run.first, last) > 12) last--;
  if (digitsBetween(scan, run.first, last) < FEWEST_DIGITS) return -1;
  const namedBefore = isNamedBefore(text, start);
  for (; last >= run.first; last--) {
    const digits = digitsBetween(scan, run.first, last);
    if (digits < FEWEST_DIGITS) return -1;
    // Cutting inside 1-2-3-4 would make a phone of any serial number.
    if (last < run.last && scan.groups.soleGapAfter(text, last) !== SPACE) continue;
    const marked = hasAreaMark(text, scan, run.first, last, start, digits);
    const named = namedBefore || PHONE_AFTER.test(text.slice(scan.groups.end(last), scan.groups.end(last) + 12));
    if ((marked || named) && !isOtherNumber(text, scan, run.first, last, named)) return last;
  }
  return -1;
}

/** A trunk zero (`030 ...`) or brackets around the area code, in groups, says "phone" without further words. */
function hasAreaMark(
  text: string,
  scan: TextScan,
  first: number,
  last: number,
  start: number,
  digits: number,
): boolean {
  if (last === first || digits < 8 || digits > 12) return false;
  for (let k = first + 1; k <= last; k++) if (scan.groups.length(k) < 2) return false;
  if (text.charAt(start) === '(') return text.charAt(scan.groups.end(first)) === ')';
  const opening = scan.groups.start(first);
  const trunk = text.charAt(opening) === '0' && scan.groups.length(first) >= 2 && text.charAt(opening + 1) !== '0';
  return trunk && digits >= 9 && digits <= 11 && !text.slice(opening, scan.groups.end(last)).includes('/');
}

/** Shapes of dates, year ranges, ZIP+4, social security numbers and thousands in groups. */
function isOtherNumber(text: string, scan: TextScan, first: number, last: number, named: boolean): boolean {
  const lengths: number[] = [];
  for (let k = first; k <= last; k++) lengths.push(scan.groups.length(k));
  const shape = lengths.join('-');
  if (/^[12]-[12]-4(?:-|$)/.test(shape) || shape === '5-4' || shape === '3-2-4') return true;
  const written = text.slice(scan.groups.start(first), scan.groups.end(last));
  if (/^4-[12]-[12](?:-|$)/.test(shape) && /^(?:1[89]|20)/.test(written)) return true;
  if (shape === '4-4' && /^(?:1\d|20)\d\d[^\d]+(?:1\d|20)\d\d$/.test(written)) return true;
  const grouped = /^[1-3](?:-3)+$/.test(shape) && !written.startsWith('0');
  return grouped && !named && !/[-(]/.test(written);
}

const PHONE_BEFORE =
  /(?:phone(?!\])|\btel|mobile?|\bcell|\bcall|\bfax|\bdial|whats ?app|\bsms\b|\btext(?: me)?\b|hotline|\bhandy|\bt[eé]l|\bdesk\b|\boffice|\breach|\bring\b|messages? (?:to|on|at)|rufe|anruf|appel|ll[aá]m|chiam|\bbel\b)/i;
const PHONE_AFTER = /^[\s-]{0,2}(?:\(?(?:office|fax|mobile|cell|home|work|desk)\b)/i;
const OTHER_BEFORE =
  /(?:order|invoice|ticket|\bcase|\bref|account|track|isbn|\bid\b|\bids?[ :#]|version|serial|\bsku|#|bestell|rechnung|commande|pedido|\bzip|\$|€|£)[^\n]{0,14}$/i;

function isNamedBefore(text: string, start: number): boolean {
  const left = text.slice(Math.max(0, start - 28), start);
  return PHONE_BEFORE.test(left) && !OTHER_BEFORE.test(left);
}

function digitsBetween(scan: TextScan, first: number, last: number): number {
  let digits = 0;
  for (let k = first; k <= last; k++) digits += scan.groups.length(k);
  return digits;
}

function startOfNumber(text: string, digit: number): number {
  let start = digit;
  if (text.charCodeAt(start - 1) === 0x28) start--;
  if (text.charCodeAt(start - 1) === PLUS) return start - 1;
  return start;
}

const HYPHEN = 0x2d;
const NEVER_BEFORE: ReadonlySet<number> = new Set([...'_#$€£/=%+'].map((char) => char.charCodeAt(0)));

/** Not inside a word, an amount, a decimal, a path or a hyphenated code such as `ABC-555-1234`. */
function mayStart(text: string, start: number): boolean {
  if (start === 0) return true;
  const code = text.charCodeAt(start - 1);
  if (continuesWord(text, start) || NEVER_BEFORE.has(code)) return false;
  if (code === HYPHEN) return !isWordAt(text, start - 2);
  return !((code === 0x2e || code === 0x2c) && isDigitAt(text, start - 2));
}

/** `x123` or `ext. 123` right after a number belongs to it. */
function withExtension(text: string, end: number): number {
  const char = text.charAt(end);
  if (char !== 'x' && char !== ' ') return end;
  EXTENSION.lastIndex = end;
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end;
}

const EXTENSION = / ?(?:x|ext\.? ?)\d{1,6}(?!\w)/y;
