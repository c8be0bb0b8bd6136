import { type Marker, MARKER_PHRASES, MARKERS } from './marker-phrases';
import { createWordTable, HASH_BASIS, HASH_PRIME } from './word-table';
import { messageWords } from './words';

/** Bound once: a look-up of the global, or of another module's, in each step doubles the time. */
const { imul } = Math;
const [BASIS, PRIME] = [HASH_BASIS, HASH_PRIME];

interface Phrase {
  readonly marker: number;
  /** Surrounded by spaces, so that whole words are compared. */
  readonly text: string;
  readonly opening: boolean;
}

/** Phrases by their first word: a message is then read once, whatever the number of phrases. */
const BY_FIRST_WORD = new Map<string, Phrase[]>();
/** Chinese and Japanese put no spaces between words: their phrases match anywhere. */
const UNSPACED: Phrase[] = [];
const UNSPACED_LETTER = /[\u3040-\u30ff\u4e00-\u9fff]/;

MARKERS.forEach((name, marker) => {
  for (const entry of MARKER_PHRASES[name].split('|')) {
    const opening = entry.startsWith('^');
    const words = opening ? entry.slice(1) : entry;
    if (UNSPACED_LETTER.test(words)) {
      UNSPACED.push({ marker, text: words, opening });
      continue;
    }
    const first = words.split(' ', 1)[0] ?? '';
    const phrase = { marker, text: ` ${words} `, opening };
    const known = BY_FIRST_WORD.get(first);
    if (known === undefined) BY_FIRST_WORD.set(first, [phrase]);
    else known.push(phrase);
  }
});

const PHRASES = [...BY_FIRST_WORD.values()];
/** First words are looked up by their hashes: a word cut out for each look-up costs three times as much. */
const FIRST_WORDS = createWordTable([...BY_FIRST_WORD.keys()].map((word, number) => [word, number]));

/** The lexical markers of a message, in the order of `MARKERS`. Total; empty text has none. */
export function findMarkers(text: string): readonly Marker[] {
  return markersOf(messageWords(text));
}

/** The same by the words of a message, as `messageWords` gives them. */
export function markersOf(words: string): readonly Marker[] {
  const found = new Set<number>();
  let space = 0;
  let hash = BASIS;
  for (let i = 1; i < words.length; i++) {
    const code = words.charCodeAt(i);
    if (code !== SPACE) {
      hash = imul(hash ^ code, PRIME);
      continue;
    }
    // Hashes may collide; a phrase holds its first word, so nothing is found that is not there.
    const phrases = PHRASES[FIRST_WORDS.get(hash)];
    if (phrases !== undefined) {
      for (const phrase of phrases) {
        if ((!phrase.opening || space === 0) && words.startsWith(phrase.text, space)) found.add(phrase.marker);
      }
    }
    space = i;
    hash = BASIS;
  }
  if (UNSPACED_LETTER.test(words)) {
    for (const phrase of UNSPACED) if (words.includes(phrase.text)) found.add(phrase.marker);
  }
  return MARKERS.filter((_, marker) => found.has(marker));
}

const SPACE = 0x20;
