import { type Marker, MARKER_PHRASES, MARKERS } from './marker-phrases';
import { messageWords } from './words';

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

/** The lexical markers of a message, in the order of `MARKERS`. Total; empty text has none. */
export function findMarkers(text: string): readonly Marker[] {
  return markersOf(messageWords(text));
}

/** The same by the words of a message, as `messageWords` gives them. */
export function markersOf(words: string): readonly Marker[] {
  const found = new Set<number>();
  for (let space = 0; ;) {
    const next = words.indexOf(' ', space + 1);
    if (next < 0) break;
    const phrases = BY_FIRST_WORD.get(words.slice(space + 1, next));
    if (phrases !== undefined) {
      for (const phrase of phrases) {
        if ((!phrase.opening || space === 0) && words.startsWith(phrase.text, space)) found.add(phrase.marker);
      }
    }
    space = next;
  }
  if (UNSPACED_LETTER.test(words)) {
    for (const phrase of UNSPACED) if (words.includes(phrase.text)) found.add(phrase.marker);
  }
  return MARKERS.filter((_, marker) => found.has(marker));
}
