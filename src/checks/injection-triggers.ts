import { createWordTable, HASH_BASIS, HASH_PRIME, hashOf, type WordTable } from '../signals/word-table';
import type { Begin } from './first-words';

/** Bound once: a look-up of the global in each step doubles the time where globals are intercepted. */
const { imul } = Math;
const [BASIS, PRIME] = [HASH_BASIS, HASH_PRIME];

/** Ignore, instruction, criteria, rubric, score, prompt and pass, each letter thirteen on. */
const ROTATED = 'vtaber qvfertneq vafgehpgvba vafgehpgvbaf pevgrevn ehoevp fpber cebzcg'.split(' ');

/** So common that a text without them is rare: to wait for one spares nothing. */
const COMMON = new Set(
  `a all an and any are as at be but by can do for from has have i if in is it its me my no not of on one only or our so that the their then these
they this to up was we were what when which will with would you your`.split(/\s+/),
);
/** Of the sets that a pattern needs, so many of the most telling are watched. */
const MOST_NEEDS = 2;

/** What the scan has to know of a pattern to tell where it is worth trying. */
export interface Trial {
  readonly begin: Begin;
  /** Sets of words of which every match holds one each. */
  readonly needs: readonly ReadonlySet<string>[];
  /** The most characters of a match. */
  readonly longest: number;
}

export interface Triggers {
  /** The text holds a word of instructions to judges with each letter thirteen places on. */
  readonly rotated: boolean;
  /** Most words on end of one letter or digit, of two, and the longest word: what disguises are made of. */
  readonly singles: number;
  readonly doubles: number;
  readonly longest: number;
  /** Digits and marks that can stand for a letter, between letters. */
  readonly mixed: number;
  /** The longest run of words that each stand where the same word stood before, at one distance of at most twelve. */
  readonly echo: number;
  readonly echoPeriod: number;
  /** Pattern, position, pattern, position ...: where a match may begin, the last in the text first; or `ANYWHERE`. */
  readonly tries: readonly number[];
}

/** What a word or mark stands for: groups, and patterns whose match may begin with it. */
interface Entry {
  readonly groups: number[];
  readonly patterns: number[];
  /** The text that last held it. */
  seenIn: number;
  /** The patterns that can match in the text numbered `activeIn` at all. */
  active: readonly number[];
  activeIn: number;
}

/** In place of a position: beyond some number of trials one search is cheaper. */
export const ANYWHERE = -1;
const MOST_TRIES = 64;

const NONE: readonly number[] = [];

const SLOTS = 512;
const LONGEST_PERIOD = 12;
const lastAt = new Int32Array(SLOTS);
const lastHash = new Int32Array(SLOTS);

/**
 * The one pass over a folded text, and what it says of the patterns. Hashes may collide: a pattern is then tried in vain,
 * or an echo cut short.
 */
export function createTriggerScan(trials: readonly Trial[]): (text: string) => Triggers {
  const { entries, lines, byMark, words, needs, groups, rotated } = indexTrials(trials);
  const nextAt = new Float64Array(groups);
  const reach = Float64Array.from(trials, ({ longest }) => longest);
  const triesOf = new Uint16Array(trials.length);
  // Entry, position, entry, position ... of one text. A place has a line, a word (twice) and a mark at most.
  let found = new Int32Array(4096);
  let texts = 0;

  const isPossible = (pattern: number, seen: Uint8Array): boolean => {
    const wanted = needs[pattern] as Int32Array;
    for (let n = 0; n < wanted.length; n++) if (seen[wanted[n] ?? 0] === 0) return false;
    return true;
  };

  /** Found once a text: an entry may stand in it thousands of times. */
  const activeOf = (entry: Entry, seen: Uint8Array): readonly number[] => {
    if (entry.activeIn !== texts) {
      entry.activeIn = texts;
      entry.active = entry.patterns.filter((one) => isPossible(one, seen));
    }
    return entry.active;
  };

  /** Backwards, so that what stands next of each group is known: a match must hold all its needs within its reach. */
  const worthTrying = (size: number, seen: Uint8Array): number[] => {
    const tries: number[] = [];
    texts++;
    for (let k = 0; k < size; k += 2) {
      const entry = entries[found[k] as number] as Entry;
      if (entry.seenIn === texts) continue;
      entry.seenIn = texts;
      const ofWord = entry.groups;
      for (let n = 0; n < ofWord.length; n++) seen[ofWord[n] as number] = 1;
    }
    nextAt.fill(Infinity);
    triesOf.fill(0);
    for (let k = size - 2; k >= 0; k -= 2) {
      const entry = entries[found[k] as number] as Entry;
      const position = found[k + 1] as number;
      const ofWord = entry.groups;
      for (let n = 0; n < ofWord.length; n++) nextAt[ofWord[n] as number] = position;
      if (entry.patterns.length === 0) continue;
      nextPattern: for (const pattern of activeOf(entry, seen)) {
        const before = triesOf[pattern] as number;
        if (before > MOST_TRIES) continue;
        const end = position + (reach[pattern] ?? 0);
        const wanted = needs[pattern] as Int32Array;
        for (let n = 0; n < wanted.length; n++) {
          if ((nextAt[wanted[n] as number] as number) > end) continue nextPattern;
        }
        triesOf[pattern] = before + 1;
        tries.push(pattern, before === MOST_TRIES ? ANYWHERE : position);
      }
    }
    return tries;
  };

  return (text) => {
    const size = text.length;
    if (found.length < 8 * size + 8) found = new Int32Array(8 * size + 8);
    lastAt.fill(-1);
    let [singles, doubles, longest, mixed, alike, lengthBefore] = [0, 0, 0, 0, 0, 0];
    let [echo, echoPeriod, run, period, index] = [0, 0, 0, 0, 0];
    let at = 0;
    found[at++] = lines;
    found[at++] = 0;
    for (let i = 0; i <= size; i++) {
      let hash = BASIS;
      const start = i;
      let code = i < size ? text.charCodeAt(i) : 32;
      let digits = 0;
      for (let kind; code < 128 && (kind = KIND[code] as number) > 0;) {
        hash = imul(hash ^ code, PRIME);
        digits |= kind;
        code = ++i < size ? text.charCodeAt(i) : 32;
      }
      const length = i - start;
      if (length > 0) {
        if (digits > 1 && length > 2) mixed += digitsAmongLetters(text, start, i);
        const entry = words.get(hash);
        if (entry >= 0) {
          found[at++] = entry;
          found[at++] = start;
        }
        if (text.charCodeAt(start) === UNDERSCORE || text.charCodeAt(i - 1) === UNDERSCORE) {
          const bare = words.get(bareHashOf(text, start, i));
          if (bare >= 0) {
            found[at++] = bare;
            found[at++] = start;
          }
        }
        alike = length === lengthBefore ? alike + 1 : 1;
        lengthBefore = length;
        if (length === 1 && alike > singles) singles = alike;
        else if (length === 2 && alike > doubles) doubles = alike;
        else if (length > longest) longest = length;
        const slot = hash & (SLOTS - 1);
        const distance = lastHash[slot] === hash && (lastAt[slot] ?? -1) >= 0 ? index - (lastAt[slot] ?? 0) : 0;
        lastAt[slot] = index;
        lastHash[slot] = hash;
        run = distance > 0 && distance <= LONGEST_PERIOD && distance === period ? run + 1 : 0;
        period = distance;
        if (run > echo) {
          echo = run;
          echoPeriod = period;
        }
        index++;
      }
      if (code < 128) {
        const entry = byMark[code] ?? -1;
        if (entry >= 0) {
          found[at++] = entry;
          found[at++] = i;
        }
        if (code === 10 || code === 13) {
          // No pattern begins with the end of a line.
          const next = text.charCodeAt(i + 1);
          if (next !== 10 && next !== 13) {
            found[at++] = lines;
            found[at++] = i + 1;
          }
        } else if ((code === 36 || code === 64) && isLetter(text, i - 1) && isLetter(text, i + 1)) mixed++;
      } else if (code === 0x2028 || code === 0x2029) {
        found[at++] = lines;
        found[at++] = i + 1;
      }
    }
    const seen = new Uint8Array(groups);
    const tries = worthTrying(at, seen);
    return { rotated: seen[rotated] === 1, singles, doubles, longest, mixed, echo, echoPeriod, tries };
  };
}

/** 1 for what words are made of, 3 for a digit among it that can stand for a letter. */
const KIND = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyz0123456789_') KIND[char.charCodeAt(0)] = '013457'.includes(char) ? 3 : 1;

function digitsAmongLetters(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = start + 1; i < end - 1; i++) {
    if (KIND[text.charCodeAt(i)] === 3 && isLetter(text, i - 1) && isLetter(text, i + 1)) count++;
  }
  return count;
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 97 && code <= 122;
}

const UNDERSCORE = 95;

/** Of a word without the underscores at either end. */
function bareHashOf(text: string, from: number, to: number): number {
  let [start, end] = [from, to];
  while (start < end && text.charCodeAt(start) === UNDERSCORE) start++;
  while (start < end && text.charCodeAt(end - 1) === UNDERSCORE) end--;
  return hashOf(text, start, end);
}

interface TrialIndex {
  readonly entries: readonly Entry[];
  /** The entry of every beginning of a line. */
  readonly lines: number;
  /** Entries of the marks up to 127; -1 where there is none. */
  readonly byMark: Int16Array;
  readonly words: WordTable;
  /** The groups that each pattern needs a word of: sets of words, numbered. */
  readonly needs: readonly Int32Array[];
  /** How many groups there are. */
  readonly groups: number;
  /** The group of rotated words. */
  readonly rotated: number;
}

function indexTrials(trials: readonly Trial[]): TrialIndex {
  const entries: Entry[] = [];
  const numberOf = new Map<string, number>();
  const entryOf = (what: string): Entry => {
    let number = numberOf.get(what);
    if (number === undefined) {
      number = entries.push({ groups: [], patterns: [], seenIn: 0, active: NONE, activeIn: 0 }) - 1;
      numberOf.set(what, number);
    }
    return entries[number] as Entry;
  };
  entryOf(LINE);
  const groupOf = new Map<string, number>();
  const numberGroup = (members: ReadonlySet<string>): number => {
    const bare = new Set([...members].map((word) => word.replace(/^_+|_+$/g, '')));
    const name = [...bare].sort().join(' ');
    let group = groupOf.get(name);
    if (group === undefined) {
      group = groupOf.size;
      groupOf.set(name, group);
      for (const word of bare) entryOf(word).groups.push(group);
    }
    return group;
  };
  const rotated = numberGroup(new Set(ROTATED));
  const needs = trials.map((trial) => Int32Array.from(telling(trial.needs).map(numberGroup)));
  trials.forEach(({ begin }, pattern) => {
    if (begin.at === 'line') entryOf(LINE).patterns.push(pattern);
    else if (begin.at === 'words') for (const word of begin.words) entryOf(word).patterns.push(pattern);
    else for (const mark of new Set(begin.marks)) entryOf(mark).patterns.push(pattern);
  });
  const byMark = new Int16Array(128).fill(-1);
  const words: [string, number][] = [];
  for (const [what, number] of numberOf) {
    if (what === LINE) continue;
    const code = what.charCodeAt(0);
    if (what.length === 1 && code < 128 && KIND[code] === 0) byMark[code] = number;
    else words.push([what, number]);
  }
  return {
    entries,
    lines: numberOf.get(LINE) ?? 0,
    byMark,
    words: createWordTable(words),
    needs,
    groups: groupOf.size,
    rotated,
  };
}

/** The sets without a common word, the smallest first. */
function telling(needs: readonly ReadonlySet<string>[]): ReadonlySet<string>[] {
  return needs
    .filter((words) => ![...words].some((word) => COMMON.has(word)))
    .sort((a, b) => a.size - b.size)
    .slice(0, MOST_NEEDS);
}

const LINE = '';
