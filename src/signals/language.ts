import { FUNCTION_WORDS, LONGEST_WORD, TELLING_LETTERS } from './language-words';
import { createWordTable, HASH_BASIS, HASH_PRIME } from './word-table';

/** Bound once: a look-up of the global, or of another module's, in each step doubles the time. */
const { imul } = Math;
const [BASIS, PRIME] = [HASH_BASIS, HASH_PRIME];

export interface LanguageGuess {
  /** ISO 639-1. */
  readonly language: string;
  /** Evidence for it: function words (shared ones in shares) or, by script, letters. Compare with `words`. */
  readonly evidence: number;
  /** How many times the evidence of the runner-up; Infinity when there is none. */
  readonly margin: number;
  /** Words looked at; for scripts without spaces, letters. */
  readonly words: number;
}

/** A longer text is judged by its beginning: enough to be sure, and the cost stays bounded. */
const LONGEST_SAMPLE = 800;

/** The language of a text as far as a glance tells; null when unsure. Good from about four words on. */
export function detectLanguage(text: string): string | null {
  const guess = guessLanguage(text);
  if (guess === null || guess.evidence < 1.2 || guess.margin < 1.5) return null;
  return guess.evidence >= guess.words * 0.1 ? guess.language : null;
}

/**
 * The best guess with its evidence, however thin; null when nothing speaks for any language. Reads the first `most`
 * code units.
 */
export function guessLanguage(text: string, most = LONGEST_SAMPLE): LanguageGuess | null {
  const sample = text.length > most ? text.slice(0, most) : text;
  // The native search passes plain English at memory speed.
  if (!BEYOND_ASCII.test(sample)) return guessByWords(sample);
  const scripts = countScripts(sample);
  const other = scripts.letters - scripts.latin;
  if (other * 2 > scripts.letters && other >= 2) return guessByScript(sample, scripts);
  return scripts.latin === 0 ? null : guessByWords(sample);
}

const BEYOND_ASCII = /[^\n\t\r\x20-\x7e]/;

interface ScriptCounts {
  letters: number;
  latin: number;
  greek: number;
  cyrillic: number;
  hebrew: number;
  arabic: number;
  devanagari: number;
  thai: number;
  kana: number;
  han: number;
  hangul: number;
}

function countScripts(sample: string): ScriptCounts {
  const counts: ScriptCounts = {
    letters: 0,
    latin: 0,
    greek: 0,
    cyrillic: 0,
    hebrew: 0,
    arabic: 0,
    devanagari: 0,
    thai: 0,
    kana: 0,
    han: 0,
    hangul: 0,
  };
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if (code < 0x370) {
      const lower = code | 32;
      if ((lower >= 97 && lower <= 122) || (code >= 0xc0 && code <= 0x24f)) {
        counts.latin++;
        counts.letters++;
      }
      continue;
    }
    if (code >= 0x1e00 && code <= 0x1eff) counts.latin++;
    else if (code < 0x400) counts.greek++;
    else if (code < 0x530) counts.cyrillic++;
    else if (code >= 0x5d0 && code < 0x600) counts.hebrew++;
    else if (code >= 0x620 && code < 0x700) counts.arabic++;
    else if (code >= 0x900 && code < 0x980) counts.devanagari++;
    else if (code >= 0xe00 && code < 0xe80) counts.thai++;
    else if (code >= 0x3041 && code < 0x3100) counts.kana++;
    else if (code >= 0x4e00 && code < 0xa000) counts.han++;
    else if (code >= 0xac00 && code < 0xd7b0) counts.hangul++;
    else continue;
    counts.letters++;
  }
  return counts;
}

function guessByScript(sample: string, counts: ScriptCounts): LanguageGuess | null {
  const guess = (language: string, evidence: number): LanguageGuess => ({
    language,
    evidence,
    margin: evidence / Math.max(1, counts.letters - evidence),
    words: counts.letters,
  });
  const eastAsian = counts.kana + counts.han;
  const most = Math.max(counts.greek, counts.cyrillic, counts.hebrew, counts.arabic, counts.devanagari, counts.thai);
  if (eastAsian > most && eastAsian > counts.hangul)
    return guess(counts.kana * 10 > eastAsian ? 'ja' : 'zh', eastAsian);
  if (counts.hangul > most) return guess('ko', counts.hangul);
  if (counts.greek === most) return guess('el', most);
  if (counts.hebrew === most) return guess('he', most);
  if (counts.thai === most) return guess('th', most);
  if (counts.devanagari === most) return guess('hi', most);
  if (counts.arabic === most) return guess(/[ٹڈے]/.test(sample) ? 'ur' : /[پچژگ]/.test(sample) ? 'fa' : 'ar', most);
  return guess(/[іїє]/i.test(sample) ? 'uk' : /[ыэё]/i.test(sample) || !/ъ/i.test(sample) ? 'ru' : 'bg', most);
}

interface WordEntry {
  readonly languages: readonly number[];
  readonly weight: number;
}

const LANGUAGES = [...new Set([...Object.keys(FUNCTION_WORDS), ...Object.keys(TELLING_LETTERS)])];
const ENTRIES: readonly (readonly [string, WordEntry])[] = indexWords();
const WORDS = createWordTable(ENTRIES.map(([word], number) => [word, number]));
const LETTERS = indexLetters();

function indexWords(): (readonly [string, WordEntry])[] {
  const languagesOf = new Map<string, number[]>();
  LANGUAGES.forEach((language, index) => {
    for (const word of new Set((FUNCTION_WORDS[language] ?? '').split(' '))) {
      languagesOf.set(word, [...(languagesOf.get(word) ?? []), index]);
    }
  });
  return [...languagesOf].map(([word, languages]) => [word, { languages, weight: 1 / languages.length }]);
}

function indexLetters(): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(TELLING_LETTERS).flatMap(([language, letters]) =>
      [...letters].map((letter): [string, number] => [letter, LANGUAGES.indexOf(language)]),
    ),
  );
}

function guessByWords(sample: string): LanguageGuess | null {
  const lower = sample.toLowerCase();
  const scores = new Array<number>(LANGUAGES.length).fill(0);
  const lettersSeen = new Set<string>();
  let words = 0;
  let start = -1;
  let hash = BASIS;
  for (let i = 0; i <= lower.length; i++) {
    const code = i < lower.length ? lower.charCodeAt(i) : 0;
    if (code > 0xa0) noteLetter(lower.charAt(i), lettersSeen, scores);
    if ((code >= 97 && code <= 122) || (code >= 0xdf && code <= 0x24f) || (code >= 0x1e00 && code <= 0x1eff)) {
      if (start < 0) start = i;
      hash = imul(hash ^ code, PRIME);
    } else if (start >= 0) {
      words++;
      if (i - start <= LONGEST_WORD) scoreWord(hash, scores);
      start = -1;
      hash = BASIS;
    }
  }
  return bestOf(scores, words);
}

function noteLetter(letter: string, seen: Set<string>, scores: number[]): void {
  const language = LETTERS.get(letter);
  if (language === undefined || seen.has(letter)) return;
  seen.add(letter);
  scores[language] = (scores[language] ?? 0) + 1;
}

function scoreWord(hash: number, scores: number[]): void {
  const entry = ENTRIES[WORDS.get(hash)]?.[1];
  if (entry === undefined) return;
  const { languages, weight } = entry;
  for (let n = 0; n < languages.length; n++) {
    const language = languages[n] ?? 0;
    scores[language] = (scores[language] ?? 0) + weight;
  }
}

function bestOf(scores: readonly number[], words: number): LanguageGuess | null {
  let best = 0;
  let second = 0;
  let index = -1;
  scores.forEach((score, k) => {
    if (score > best) {
      second = best;
      best = score;
      index = k;
    } else if (score > second) second = score;
  });
  const language = LANGUAGES[index];
  if (language === undefined) return null;
  return { language, evidence: best, margin: second === 0 ? Infinity : best / second, words };
}
