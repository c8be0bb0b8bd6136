import { type Marker, MARKER_PHRASES, MARKERS } from './marker-phrases';
import { headAndTail, spacedWords } from './words';

/** Work per turn stays bounded; both ends of a longer message are read. */
const LONGEST_READ = 2000;

interface Phrases {
  readonly marker: Marker;
  /** Surrounded by spaces, so that whole words are compared. */
  readonly anywhere: readonly string[];
  readonly opening: readonly string[];
}

const PHRASES: readonly Phrases[] = MARKERS.map((marker) => {
  const all = MARKER_PHRASES[marker].split('|');
  return {
    marker,
    anywhere: all.filter((phrase) => !phrase.startsWith('^')).map(bounded),
    opening: all.filter((phrase) => phrase.startsWith('^')).map((phrase) => ` ${phrase.slice(1)} `),
  };
});

/** Chinese and Japanese put no spaces between words. */
function bounded(phrase: string): string {
  return /[\u3040-\u30ff\u4e00-\u9fff]/.test(phrase) ? phrase : ` ${phrase} `;
}

/** The lexical markers of a message, in the order of `MARKERS`. Total; empty text has none. */
export function findMarkers(text: string): readonly Marker[] {
  const words = spacedWords(headAndTail(text, LONGEST_READ));
  if (words.length < 3) return [];
  const found: Marker[] = [];
  for (const { marker, anywhere, opening } of PHRASES) {
    if (opening.some((phrase) => words.startsWith(phrase)) || anywhere.some((phrase) => words.includes(phrase))) {
      found.push(marker);
    }
  }
  return found;
}
