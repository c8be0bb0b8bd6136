import type { FoundSpan } from './span';

const WORD = "[\\p{L}][\\p{L}\\p{M}.'’-]{0,24}";
const STREET =
  'Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Parkway|Pkwy|Highway|Hwy|Crescent|Close|Grove|Gardens';
/** English: number, up to four words, kind of street, unit. */
const NUMBER_FIRST = new RegExp(
  `(?<![\\p{L}\\d])\\d{1,6} (?:${WORD} ){1,4}(?:${STREET})\\b\\.?(?:,? (?:Apt|Suite|Unit|Ste|#)\\.? ?\\d{1,5})?`,
  'gu',
);
/** German, Dutch and Nordic: `…straße 12`; Romance: `Rue de la Paix 3`, `Via Roma 5`, `Calle Mayor 7`. */
const NUMBER_LAST = new RegExp(
  `(?<![\\p{L}\\d])(?:\\p{Lu}[\\p{L}\\p{M}-]{1,30}(?:stra(?:ß|ss)e|str\\.|gasse|weg|platz|allee|straat|laan|gatan|gata|gade|vej|vägen|katu|tie|utca)|(?:Rue|Avenue|Boulevard|Via|Viale|Piazza|Calle|Avenida|Paseo|Rua|Travessa|Rúa) (?:${WORD} ){0,3}${WORD}),? \\d{1,5}[a-z]?(?![\\p{L}\\d])`,
  'gu',
);

/** Street addresses of the usual written forms. Off by default. */
export function findAddresses(text: string, out: FoundSpan[]): void {
  for (const pattern of [NUMBER_FIRST, NUMBER_LAST]) {
    pattern.lastIndex = 0;
    for (let hit = pattern.exec(text); hit !== null; hit = pattern.exec(text)) {
      out.push({ start: hit.index, end: hit.index + hit[0].length, kind: 'address' });
    }
  }
}
