import { passesLuhn } from './card';
import {
  aadhaarHolds,
  bsnHolds,
  chineseIdHolds,
  codiceFiscaleHolds,
  cpfHolds,
  dniHolds,
  nirHolds,
  peselHolds,
  steuerIdHolds,
} from './national-id-checksums';
import type { NumberRun } from './number-runs';
import { continuesWord, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/**
 * National ids. On their own shape and check sum: US SSN as 3-2-4 with hyphens, UK national insurance, Spanish DNI and
 * NIE, Italian codice fiscale, French NIR, Brazilian CPF, Chinese resident id, Swedish personnummer. Rows of digits that
 * many other numbers look like count only after their name: SSN without hyphens, Dutch BSN, Polish PESEL, German tax
 * id, Indian Aadhaar, Canadian SIN.
 */
export function findNationalIds(text: string, scan: TextScan, runs: readonly NumberRun[], out: FoundSpan[]): void {
  const isNamed = namedWithin(text);
  for (const run of runs) {
    for (let group = run.first; group <= run.last; group++) {
      if (!mayBegin(text, scan, group)) continue;
      const found = findInDigits(text, scan, run, group, isNamed) ?? findWithLetters(text, scan, group);
      if (found === null) continue;
      out.push({ start: found.start, end: found.end, kind: 'national_id' });
      group = Math.max(group, found.last);
    }
  }
}

/** A glance at the neighbours that spares most groups the careful look; never says no to what that would find. */
function mayBegin(text: string, scan: TextScan, group: number): boolean {
  switch (scan.groups.length(group)) {
    case 1:
      return scan.groups.length(group + 1) === 2;
    case 3:
      return scan.groups.length(group + 1) === 2 || scan.groups.length(group + 1) === 3;
    case 4:
      return scan.groups.length(group + 1) === 4;
    case 2:
    case 7: {
      const before = text.charCodeAt(scan.groups.start(group) - 1);
      return before === SPACE || before === HYPHEN || (before >= 65 && before <= 90);
    }
    case 5:
    case 10:
    case 13:
    case 14:
    case 16:
      return false;
    default:
      return scan.groups.length(group) <= 18;
  }
}

const SPACE = 0x20;
const HYPHEN = 0x2d;
const NINE = 0x39;

interface FoundId {
  readonly start: number;
  readonly end: number;
  /** Last digit group of it. */
  readonly last: number;
}

type IsNamed = (start: number, names: RegExp) => boolean;

const MOST_LOOKS = 300;
const SSN = /ssn|social[ -]?security/i;
const OTHERS =
  /\bbsn\b|burgerservice|sofi|\bpesel\b|steuer[ -]?(?:id|nummer|ident)|aadhaar|\buid\b|\bsin\b|social insurance|\bnas\b/i;

/** Looks for the name right before a number. After so many looks a text is hostile, and everything counts as named. */
function namedWithin(text: string): IsNamed {
  let looks = 0;
  return (start, names) => ++looks > MOST_LOOKS || names.test(text.slice(Math.max(0, start - 40), start));
}

function findInDigits(text: string, scan: TextScan, run: NumberRun, group: number, isNamed: IsNamed): FoundId | null {
  const length = scan.groups.length(group);
  const start = scan.groups.start(group);
  // Each family begins with a group of its own length; most numbers end here.
  switch (length) {
    case 3:
      return (
        ssn(text, scan, run, group, isNamed) ?? cpf(text, scan, run, group) ?? sin(text, scan, run, group, isNamed)
      );
    case 6:
    case 8:
      return personnummer(text, scan, group);
    case 4:
      return grouped(text, scan, run, group, IN_FOURS, (digits) => aadhaarHolds(digits) && isNamed(start, OTHERS));
    case 1:
      return grouped(text, scan, run, group, NIR, nirHolds);
    case 9:
    case 11:
    case 12:
    case 15:
    case 18:
      return bare(text, scan, group, isNamed);
    case 17:
      return chinese(text, scan, group);
    default:
      return null;
  }
}

const SLASH = 0x2f;
/** Before a number these make another thing of it; the others do where a word goes on before them. */
const OTHER_NUMBER: ReadonlySet<number> = new Set([...'_$€£#'].map((char) => char.charCodeAt(0)));
const JOINS: ReadonlySet<number> = new Set([...'-.,/='].map((char) => char.charCodeAt(0)));

function standsAlone(text: string, start: number, end: number): boolean {
  if (continuesWord(text, start) || isWordAt(text, end)) return false;
  const before = start > 0 ? text.charCodeAt(start - 1) : SPACE;
  if (OTHER_NUMBER.has(before)) return false;
  if (JOINS.has(before) && isWordAt(text, start - 2)) return false;
  const after = text.charCodeAt(end);
  return !((after === HYPHEN || after === SLASH) && isDigitAt(text, end + 1));
}

function ssn(text: string, scan: TextScan, run: NumberRun, group: number, isNamed: IsNamed): FoundId | null {
  const start = scan.groups.start(group);
  const found = grouped(text, scan, run, group, IN_3_2_4, ssnHolds);
  if (found === null) return null;
  // With blanks the same shape is a row of figures as often as not.
  return text.charAt(scan.groups.end(group)) === '-' || isNamed(start, SSN) ? found : null;
}

/** No number was ever given out of area 000, 666 or 900 to 999, nor with group 00 or serial 0000 (SSA POMS RM 10201). */
function ssnHolds(digits: string): boolean {
  if (digits.charCodeAt(0) === NINE || digits.startsWith('000') || digits.startsWith('666')) return false;
  return !digits.startsWith('00', 3) && !digits.endsWith('0000');
}

function cpf(text: string, scan: TextScan, run: NumberRun, group: number): FoundId | null {
  if (text.charAt(scan.groups.end(group)) !== '.') return null;
  return grouped(text, scan, run, group, CPF, cpfHolds);
}

function sin(text: string, scan: TextScan, run: NumberRun, group: number, isNamed: IsNamed): FoundId | null {
  const start = scan.groups.start(group);
  return grouped(text, scan, run, group, IN_THREES, (digits) => passesLuhn(digits) && isNamed(start, OTHERS));
}

const IN_FOURS = [4, 4, 4];
const IN_THREES = [3, 3, 3];
const IN_3_2_4 = [3, 2, 4];
const CPF = [3, 3, 3, 2];
const NIR = [1, 2, 2, 2, 3, 3, 2];

/** Groups of these lengths (the caller saw the first), one code unit apart, whose digits hold. */
function grouped(
  text: string,
  scan: TextScan,
  run: NumberRun,
  group: number,
  lengths: readonly number[],
  holds: (digits: string) => boolean,
): FoundId | null {
  const last = group + lengths.length - 1;
  if (last > run.last) return null;
  for (let k = 1; k < lengths.length; k++) {
    if (scan.groups.length(group + k) !== lengths[k]) return null;
    if (scan.groups.start(group + k) - scan.groups.end(group + k - 1) !== 1) return null;
  }
  let digits = '';
  for (let k = group; k <= last; k++) digits += text.slice(scan.groups.start(k), scan.groups.end(k));
  const start = scan.groups.start(group);
  const end = scan.groups.end(last);
  return standsAlone(text, start, end) && holds(digits) ? { start, end, last } : null;
}

function bare(text: string, scan: TextScan, group: number, isNamed: IsNamed): FoundId | null {
  const start = scan.groups.start(group);
  const end = scan.groups.end(group);
  if (!standsAlone(text, start, end)) return null;
  const digits = text.slice(start, end);
  return bareHolds(digits, start, isNamed) ? { start, end, last: group } : null;
}

function bareHolds(digits: string, start: number, isNamed: IsNamed): boolean {
  switch (digits.length) {
    case 9:
      if (ssnHolds(digits) && isNamed(start, SSN)) return true;
      return (bsnHolds(digits) || passesLuhn(digits)) && isNamed(start, OTHERS);
    case 11:
      return (peselHolds(digits) || steuerIdHolds(digits)) && isNamed(start, OTHERS);
    case 12:
      return aadhaarHolds(digits) && isNamed(start, OTHERS);
    case 15:
      return nirHolds(digits);
    default:
      return chineseIdHolds(digits);
  }
}

/** Seventeen digits and an X. */
function chinese(text: string, scan: TextScan, group: number): FoundId | null {
  const start = scan.groups.start(group);
  const end = scan.groups.end(group) + 1;
  if (!'xX'.includes(text.charAt(end - 1) || '-') || !standsAlone(text, start, end)) return null;
  return chineseIdHolds(text.slice(start, end).toUpperCase()) ? { start, end, last: group } : null;
}

const PERSONNUMMER = /(?:\d{2})?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}/y;

function personnummer(text: string, scan: TextScan, group: number): FoundId | null {
  const start = scan.groups.start(group);
  const mark = text.charAt(scan.groups.end(group));
  if (mark !== '-' && mark !== '+') {
    return null;
  }
  PERSONNUMMER.lastIndex = start;
  if (!PERSONNUMMER.test(text)) return null;
  const end = PERSONNUMMER.lastIndex;
  const digits = text.slice(start, end).replace(/[-+]/, '').slice(-10);
  return standsAlone(text, start, end) && passesLuhn(digits) ? { start, end, last: group + 1 } : null;
}

const NINO = /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]/y;
const DNI = /\d{8}[- ]?[A-HJ-NP-TV-Z]/y;
const NIE = /[XYZ][- ]?\d{7}[- ]?[A-HJ-NP-TV-Z]/y;
const CODICE_FISCALE = /[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]/y;

/** Ids of digits and letters, found from their first digit group. */
function findWithLetters(text: string, scan: TextScan, group: number): FoundId | null {
  const digit = scan.groups.start(group);
  switch (scan.groups.length(group)) {
    case 8:
      return at(DNI, text, digit, group, (id) => dniHolds(id));
    case 7:
      return at(
        NIE,
        text,
        text.charAt(digit - 1) === '-' || text.charAt(digit - 1) === ' ' ? digit - 2 : digit - 1,
        group,
        dniHolds,
      );
    case 6:
      return at(NINO, text, digit - 2, group, () => true);
    case 2:
      return (
        at(CODICE_FISCALE, text, digit - 6, group, codiceFiscaleHolds) ??
        at(NINO, text, text.charAt(digit - 1) === ' ' ? digit - 3 : digit - 2, group, () => true)
      );
    default:
      return null;
  }
}

function at(
  pattern: RegExp,
  text: string,
  start: number,
  group: number,
  holds: (id: string) => boolean,
): FoundId | null {
  if (start < 0 || continuesWord(text, start)) return null;
  pattern.lastIndex = start;
  if (!pattern.test(text)) return null;
  const end = pattern.lastIndex;
  if (isWordAt(text, end) || !holds(text.slice(start, end).replace(/[- ]/g, ''))) return null;
  return { start, end, last: group };
}
