import type { Span } from '../domain/check';
import type { ChecksOptions } from './options';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

/** Bound once: a look-up of the global in each step doubles the time where globals are intercepted. */
const { imul } = Math;

const NAME = 'repetition';
const VERSION = 2;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** JSON and code repeat keys and idioms as a matter of course. */
const STRUCTURED_RATIO = 0.85;

export function createRepetitionCheck({ repetitionRatio }: ChecksOptions): DocumentedCheck {
  return {
    name: NAME,
    version: VERSION,
    meaning: 'The answer does not repeat itself: less than `checks.repetitionRatio` of it was already said.',
    example: 'A sentence that goes on in a loop; `hahahaha...` without end. The span is the longest repeat.',
    falsePositives: 'Songs, drills and tables asked for; JSON and code are held to at least 0.85.',
    run: ({ output: { text } }) => {
      const run = endRun(text);
      if (run !== null) return fail('run', run);
      const repeats = measureRepeats(text);
      if (repeats === null) return notApplicable('too_short');
      const limit = isStructured(text) ? Math.max(repetitionRatio, STRUCTURED_RATIO) : repetitionRatio;
      return repeats.ratio >= limit ? fail(`ratio=${repeats.ratio.toFixed(2)}`, repeats.longest) : pass();
    },
  };
}

const SHORTEST_RUN = 200;
/** Rules of these end a document now and then. */
const RULES = '-_=*#~─━═ ';

/** One mark over and over up to the end, as from a model that cannot stop; letters count as repeats anyway. */
function endRun(text: string): Span | null {
  const last = text.charCodeAt(text.length - 1);
  let start = text.length - 1;
  while (start > 0 && text.charCodeAt(start - 1) === last) start--;
  if (text.length - start < SHORTEST_RUN || RULES.includes(text.charAt(start)) || last <= 32) return null;
  return { start, end: text.length };
}

interface Repeats {
  /** Share of the letters and digits that lie in a window seen before, in [0, 1]. */
  readonly ratio: number;
  readonly longest: Span;
}

/** A window of so many letters said again is a repeat: about four words, or a clause of Chinese. */
const WINDOW = 24;
/** Shorter answers repeat by chance or by custom. */
const FEWEST_LETTERS = 120;
/** A loop shows long before this; it bounds the work and the table (512 KB). */
const MOST_LETTERS = 65_536;

/** Of one text at a time: a check runs to its end, and fresh tables for every answer cost as much as the search. */
const codes = new Uint16Array(MOST_LETTERS);
const places = new Uint32Array(MOST_LETTERS);
const table = new Int32Array(2 * MOST_LETTERS);

/**
 * One pass with a rolling hash (Karp and Rabin 1987, modulo 2^32) over letters and digits alone, so that rules, tables'
 * bars and blank lines are no repeats. Collisions of 32 bits are too rare to move a ratio.
 */
function measureRepeats(text: string): Repeats | null {
  if (text.length < FEWEST_LETTERS) return null;
  const size = Math.min(text.length, MOST_LETTERS);
  let letters = 0;
  for (let i = 0; i < text.length && letters < size; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 ? isAsciiWord(code) : code > 0xbf) {
      codes[letters] = code < 97 && code >= 65 && code <= 90 ? code + 32 : code;
      places[letters++] = i;
    }
  }
  if (letters < FEWEST_LETTERS) return null;
  return countRepeats(letters);
}

const BASE = 0x01000193;
const BASE_TO_WINDOW = power(BASE, WINDOW);

function countRepeats(letters: number): Repeats {
  const bits = Math.min(17, 32 - Math.clz32(letters * 2));
  const slots = table.subarray(0, 1 << bits).fill(0);
  const mask = slots.length - 1;
  let hash = 0;
  let covered = 0;
  let coveredTo = 0;
  let runStart = 0;
  let best = { start: 0, end: 0 };
  for (let i = 0; i < letters; i++) {
    hash = (imul(hash, BASE) + (codes[i] ?? 0)) | 0;
    if (i < WINDOW - 1) continue;
    if (i >= WINDOW) hash = (hash - imul(BASE_TO_WINDOW, codes[i - WINDOW] ?? 0)) | 0;
    // Zero marks a free slot.
    const key = hash === 0 ? 1 : hash;
    let slot = imul(key ^ (key >>> 15), 0x9e3779b1) & mask;
    while (slots[slot] !== 0 && slots[slot] !== key) slot = (slot + 1) & mask;
    if (slots[slot] === 0) {
      slots[slot] = key;
      continue;
    }
    const from = i - WINDOW + 1;
    if (from > coveredTo) runStart = from;
    covered += i + 1 - Math.max(coveredTo, from);
    coveredTo = i + 1;
    if (coveredTo - runStart > best.end - best.start) best = { start: runStart, end: coveredTo };
  }
  const longest = { start: places[best.start] ?? 0, end: (places[Math.max(0, best.end - 1)] ?? 0) + 1 };
  return { ratio: covered / letters, longest };
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result = imul(result, base);
  return result;
}

function isAsciiWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

function isStructured(text: string): boolean {
  return /^\s{0,20}(?:[{[<]|```)/.test(text);
}
