import type { Span } from '../../domain/check';
import type { ChecksOptions } from '../options';
import { writtenNumbers, type WrittenNumber } from '../numbers';
import type { Sources } from './sources';

export interface Ungrounded {
  readonly kind: 'url' | 'citation' | 'quote' | 'number';
  readonly span: Span;
}

/** An answer that brings more than this has been looked at enough. */
const MOST_EACH = 200;
const LONGEST_READ = 65_536;

type GroundingOptions = ChecksOptions['grounding'];

/** The first part of the answer that no source holds, by kind in the order of their weight; null = all grounded. */
export function findUngrounded(
  answer: string,
  documents: readonly { readonly id: string }[],
  sources: Sources,
  options: GroundingOptions,
): Ungrounded | null {
  const text = answer.length > LONGEST_READ ? answer.slice(0, LONGEST_READ) : answer;
  const allow = options.allow.map((entry) => entry.toLowerCase());
  return (
    (options.urls ? strayUrl(text, sources, allow) : null) ??
    (options.citations ? strayCitation(text, documents, sources) : null) ??
    (options.quotes ? strayQuote(text, sources, allow) : null) ??
    (options.numbers ? strayNumber(text, sources, allow) : null)
  );
}

const URL = /\bhttps?:\/\/([^\s<>()[\]{}"'`|\\^]{3,500})|\bwww\.([^\s<>()[\]{}"'`|\\^]{3,200})/gi;

function strayUrl(text: string, sources: Sources, allow: readonly string[]): Ungrounded | null {
  if (!text.includes('://') && !text.includes('www.')) return null;
  return firstHit(URL, text, (hit) => {
    const place = (hit[1] ?? hit[2] ?? '')
      .replace(/[.,;:!?*_]+$/, '')
      .replace(/\/$/, '')
      .replace(/^www\./i, '');
    const host = place.split(/[/?#:]/, 1)[0]?.toLowerCase() ?? '';
    if (allow.some((entry) => host === entry || host.endsWith(`.${entry}`))) return null;
    return sources.hasText(place) ? null : { kind: 'url', span: spanOf(hit) };
  });
}

const CITATION = /\[(\d{1,4})\](?!\()/g;

/** `[3]` needs a third document, one of this id, or sources that use the mark themselves. */
function strayCitation(
  text: string,
  documents: readonly { readonly id: string }[],
  sources: Sources,
): Ungrounded | null {
  return firstHit(CITATION, text, (hit) => {
    const number = Number(hit[1]);
    if (number >= 1 && number <= documents.length) return null;
    if (documents.some(({ id }) => id === hit[1]) || sources.hasText(hit[0])) return null;
    // `array[0]` is code.
    if (/[\w\])]/.test(text.charAt(hit.index - 1)) && number === 0) return null;
    return { kind: 'citation', span: spanOf(hit) };
  });
}

const QUOTE = /["“„«]([^"“”„«»\n]{20,600})["”“»]/g;
const FEWEST_WORDS = 4;

function strayQuote(text: string, sources: Sources, allow: readonly string[]): Ungrounded | null {
  return firstHit(QUOTE, text, (hit) => {
    const parts = (hit[1] ?? '')
      .split(/\.{3}|…|\[[^\]]{0,40}\]/)
      .filter((part) => part.trim().split(/\s+/).length >= FEWEST_WORDS);
    const stray = parts.some((part) => !sources.hasWords(part) && !allow.includes(part.trim().toLowerCase()));
    return stray ? { kind: 'quote', span: spanOf(hit) } : null;
  });
}

/** Smaller counts are said in passing, numbers of lists and steps among them. */
const SMALLEST = 13;

function strayNumber(text: string, sources: Sources, allow: readonly string[]): Ungrounded | null {
  const numbers = writtenNumbers(text, MOST_EACH);
  const grounded: number[] = [];
  const stray: WrittenNumber[] = [];
  for (const number of numbers) {
    if (sources.hasNumber(number.value, number.decimals)) grounded.push(Math.abs(number.value));
    else if (!isSmall(number) && !allow.includes(text.slice(number.start, number.end).toLowerCase()))
      stray.push(number);
  }
  const first = stray.find((number) => !isWorkedOut(number, grounded));
  return first === undefined ? null : { kind: 'number', span: { start: first.start, end: first.end } };
}

function isSmall({ value, decimals, percent }: WrittenNumber): boolean {
  return Math.abs(value) < SMALLEST && decimals <= 0 && !percent;
}

const MOST_TERMS = 40;

/** The sum, difference or product of two figures of the answer that are grounded themselves. */
function isWorkedOut({ value, decimals }: WrittenNumber, grounded: readonly number[]): boolean {
  const terms = grounded.slice(0, MOST_TERMS);
  const half = 0.5 * 10 ** -Math.max(0, decimals) * 1.0001;
  const wanted = Math.abs(value);
  if (Math.abs(terms.reduce((sum, term) => sum + term, 0) - wanted) <= half) return true;
  return terms.some((a, i) =>
    terms.some(
      (b, k) =>
        (k > i && Math.abs(a + b - wanted) <= half) ||
        Math.abs(a - b - wanted) <= half ||
        (k >= i && Math.abs(a * b - wanted) <= half),
    ),
  );
}

function firstHit(
  pattern: RegExp,
  text: string,
  judge: (hit: RegExpExecArray) => Ungrounded | null,
): Ungrounded | null {
  pattern.lastIndex = 0;
  let seen = 0;
  for (let hit = pattern.exec(text); hit !== null && seen < MOST_EACH; hit = pattern.exec(text), seen++) {
    const found = judge(hit);
    if (found !== null) return found;
  }
  return null;
}

function spanOf(hit: RegExpExecArray): Span {
  return { start: hit.index, end: hit.index + hit[0].length };
}
