import type { Span } from '../../domain/check';

/** A value in the answer that the call's arguments should repeat. */
export interface NamedValue {
  readonly kind: 'amount' | 'id';
  readonly text: string;
  readonly span: Span;
}

const VALUE =
  /(?:[$€£]|\b(?:USD|EUR|GBP) )(\d[\d,]{0,12}(?:\.\d{1,2})?)|\b(\d[\d,]{0,12}(?:\.\d{1,2})?) ?(?:USD|EUR|GBP|dollars|euros|€)|(?:#|\b)((?=[A-Z0-9-]{0,11}\d)(?=[A-Z0-9-]{0,11}[A-Z])[A-Z0-9][A-Z0-9-]{3,18}[A-Z0-9])\b|#(\d{4,12})\b/g;
const MOST_VALUES = 20;

/** Amounts of money and ids of mixed capitals and digits (or `#` and digits) within a range of the text. */
export function namedValues(text: string, range: Span): readonly NamedValue[] {
  const values: NamedValue[] = [];
  const part = text.slice(range.start, range.end);
  VALUE.lastIndex = 0;
  for (let hit = VALUE.exec(part); hit !== null && values.length < MOST_VALUES; hit = VALUE.exec(part)) {
    const amount = hit[1] ?? hit[2];
    const start = range.start + hit.index;
    const span = { start, end: start + hit[0].length };
    if (amount !== undefined) values.push({ kind: 'amount', text: amount, span });
    else values.push({ kind: 'id', text: hit[3] ?? hit[4] ?? '', span });
  }
  return values;
}

const NUMBER = /\d[\d,]{0,14}(?:\.\d{1,6})?/g;
const AMOUNT_KEY =
  /"[\w ]{0,40}(?:amount|price|total|cost|sum|value|refund|credit|fee|payment|charge)[\w ]{0,40}"\s{0,3}:\s{0,3}"?[$€£]?(\d[\d,]{0,14}(?:\.\d{1,6})?)/gi;
const ID = /\b(?=[A-Z0-9-]{0,18}\d)[A-Z0-9][A-Z0-9-]{3,18}[A-Z0-9]\b/g;
const MOST_NUMBERS = 2000;

/**
 * True when the arguments hold amounts, and neither one of them, their sum nor any number of the results is this one.
 * A call without amounts in its arguments contradicts no amount.
 */
export function contradictsAmount(amount: string, callArguments: string, allText: string): boolean {
  const claimed = toNumber(amount);
  const given = numbersOf(AMOUNT_KEY, callArguments, 1);
  if (given.length === 0) return false;
  const sum = given.reduce((total, value) => total + value, 0);
  if (isClose(sum, claimed)) return false;
  return !numbersOf(NUMBER, allText, 0).some((value) => isClose(value, claimed));
}

/** True when the arguments hold an id of the same length, and the claimed one stands nowhere in the calls. */
export function contradictsId(id: string, callArguments: string, allText: string): boolean {
  if (allText.toUpperCase().includes(id.toUpperCase())) return false;
  const upper = callArguments.slice(0, 20_000).toUpperCase();
  ID.lastIndex = 0;
  for (let hit = ID.exec(upper); hit !== null; hit = ID.exec(upper)) if (hit[0].length === id.length) return true;
  return false;
}

function numbersOf(pattern: RegExp, text: string, group: number): number[] {
  const values: number[] = [];
  pattern.lastIndex = 0;
  for (let hit = pattern.exec(text); hit !== null && values.length < MOST_NUMBERS; hit = pattern.exec(text)) {
    values.push(toNumber(hit[group] ?? ''));
  }
  return values;
}

function toNumber(text: string): number {
  return Number(text.replaceAll(',', ''));
}

/** Equal to the cent, or the one is the other rounded to whole units. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.005 || (Number.isInteger(b) && Math.round(a) === b);
}
