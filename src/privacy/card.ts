import type { NumberRun } from './number-runs';
import { continuesWord, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/** How card numbers are written in groups (ISO/IEC 7812): in fours, Amex 4-6-5, Diners 4-6-4. */
const IN_FOURS: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 4, 5],
];
const WITH_SIX: readonly (readonly number[])[] = [
  [4, 6, 5],
  [4, 6, 4],
];
/** Twelve digits (Maestro) are mostly other numbers, so they need the word before them. */
const TWELVE = 12;
const CARD_BEFORE = /(?:card|\bcc|karte|carte|tarjeta|carta|cartão|kaart)[^\n]{0,20}$/i;
const SHORTEST = 13;
const LONGEST = 19;

/** Payment cards: 13 to 19 digits of an issuer's range that pass Luhn's check, bare or in the usual groups. */
export function findCards(text: string, scan: TextScan, runs: readonly NumberRun[], out: FoundSpan[]): void {
  for (const run of runs) {
    for (let group = run.first; group <= run.last; group++) {
      const start = scan.groups.start(group);
      const last = lastGroupOfCard(text, scan, group, run.last);
      if (last < 0 || !standsAlone(text, start, scan.groups.end(last))) continue;
      out.push({ start, end: scan.groups.end(last), kind: 'card' });
      group = last;
    }
  }
}

function lastGroupOfCard(text: string, scan: TextScan, group: number, lastOfRun: number): number {
  const length = scan.groups.length(group);
  const start = scan.groups.start(group);
  if (length >= SHORTEST && length <= LONGEST) return isCardNumber(text, start, scan.groups.end(group)) ? group : -1;
  if (length === TWELVE && CARD_BEFORE.test(text.slice(Math.max(0, start - 30), start))) {
    return isCardNumber(text, start, scan.groups.end(group)) ? group : -1;
  }
  // The shortest shape has three groups, and no issuer's numbers begin with another digit.
  const first = text.charCodeAt(start);
  if (length !== 4 || group + 2 > lastOfRun || first < 49 || first > 54) return -1;
  const separator = scan.groups.soleGapAfter(text, group);
  if (!SEPARATORS.includes(separator)) return -1;
  const second = scan.groups.length(group + 1);
  if (second !== 4 && second !== 6) return -1;
  for (const shape of second === 4 ? IN_FOURS : WITH_SIX) {
    const last = group + shape.length - 1;
    if (last > lastOfRun || !hasShape(text, scan, group, shape, separator)) continue;
    if (isCardNumber(text, start, scan.groups.end(last))) return last;
  }
  return -1;
}

/** Space, hyphen, full stop, no-break space. */
const SEPARATORS: readonly number[] = [0x20, 0x2d, 0x2e, 0xa0];

function hasShape(text: string, scan: TextScan, group: number, shape: readonly number[], separator: number): boolean {
  for (let k = 0; k < shape.length; k++) {
    if (scan.groups.length(group + k) !== shape[k]) return false;
  }
  for (let k = 0; k < shape.length - 1; k++) {
    if (scan.groups.soleGapAfter(text, group + k) !== separator) return false;
  }
  return true;
}

/** Neither part of a word nor the digits of a decimal fraction. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (continuesWord(text, start) || isWordAt(text, end)) return false;
  return !('.,'.includes(text.charAt(start - 1)) && isDigitAt(text, start - 2));
}

/** JCB's 15 digits begin 1800 or 2131, Mastercard's new range 22 to 27, all others 3 to 6. */
function isCardNumber(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) - 48;
  if (first < 1 || first > 6) return false;
  if (first < 3 && !/^(?:1800|2131|2[2-7])/.test(text.slice(start, start + 4))) return false;
  return passesLuhn(text, start, end);
}

/** Digit sums of the doubled digits. */
const DOUBLED = Uint8Array.of(0, 2, 4, 6, 8, 1, 3, 5, 7, 9);

/** ISO/IEC 7812-1 annex B: every second digit from the right doubled, digit sums added, divisible by ten. */
export function passesLuhn(text: string, start = 0, end = text.length): boolean {
  let sum = 0;
  let doubled = false;
  for (let i = end - 1; i >= start; i--) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) continue;
    sum += doubled ? (DOUBLED[digit] ?? 0) : digit;
    doubled = !doubled;
  }
  return sum % 10 === 0;
}
