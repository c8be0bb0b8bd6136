import { gapAfter, groupEnd, groupLength, groupStart, type NumberRun } from './number-runs';
import { continuesWord, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/** How card numbers are written in groups (ISO/IEC 7812; Amex 4-6-5, Diners 4-6-4, the rest in fours). */
const SHAPES: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 5],
];
const SHORTEST = 13;
const LONGEST = 19;

/** Payment cards: 13 to 19 digits of an issuer's range that pass Luhn's check, bare or in the usual groups. */
export function findCards(text: string, scan: TextScan, runs: readonly NumberRun[], out: FoundSpan[]): void {
  for (const run of runs) {
    for (let group = run.first; group <= run.last; group++) {
      const start = groupStart(scan, group);
      const last = lastGroupOfCard(text, scan, group, run.last);
      if (last < 0 || !standsAlone(text, start, groupEnd(scan, last))) continue;
      out.push({ start, end: groupEnd(scan, last), kind: 'card' });
      group = last;
    }
  }
}

function lastGroupOfCard(text: string, scan: TextScan, group: number, lastOfRun: number): number {
  const length = groupLength(scan, group);
  if (length >= SHORTEST && length <= LONGEST) return isCardNumber(groupText(text, scan, group)) ? group : -1;
  if (length !== 4) return -1;
  for (const shape of SHAPES) {
    const last = group + shape.length - 1;
    if (last > lastOfRun || !hasShape(text, scan, group, shape)) continue;
    let digits = '';
    for (let k = group; k <= last; k++) digits += groupText(text, scan, k);
    if (isCardNumber(digits)) return last;
  }
  return -1;
}

function groupText(text: string, scan: TextScan, group: number): string {
  return text.slice(groupStart(scan, group), groupEnd(scan, group));
}

function hasShape(text: string, scan: TextScan, group: number, shape: readonly number[]): boolean {
  const separator = gapAfter(text, scan, group);
  if (separator.length !== 1 || separator === '/' || separator === '(') return false;
  return shape.every(
    (length, k) =>
      groupLength(scan, group + k) === length &&
      (k === shape.length - 1 || gapAfter(text, scan, group + k) === separator),
  );
}

/** Neither part of a word nor the digits of a decimal fraction. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (continuesWord(text, start) || isWordAt(text, end)) return false;
  return !('.,'.includes(text.charAt(start - 1)) && isDigitAt(text, start - 2));
}

function isCardNumber(digits: string): boolean {
  return /^(?:1800|2131|2[2-7]|[3-6])/.test(digits) && passesLuhn(digits);
}

/** ISO/IEC 7812-1 annex B: every second digit from the right doubled, digit sums added, divisible by ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const weighted = i % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
