import { FUNCTION_WORDS } from './language-words';
import { headAndTail, spacedWords } from './words';

/**
 * A 128-bit SimHash (Charikar 2002, "Similarity estimation techniques from rounding algorithms") of a message: the signs
 * of a random projection of its features, so that the share of equal bits tells the angle between two messages. Features
 * are words, pairs of neighbouring words, and the four-letter pieces of words, which carry inflected and mistyped forms;
 * function words weigh little, as every request has them.
 */
export function textSketch(text: string): string {
  const words = spacedWords(headAndTail(text, LONGEST_READ)).trim();
  const sums = new Float64Array(BITS);
  let budget = MOST_FEATURES;
  let previous = 0;
  for (const word of words.split(' ')) {
    if (word === '' || budget <= 0) continue;
    const hash = hashRange(word, 0, word.length, 0x9e3779b9);
    const weight = LIGHT_WORDS.has(word) ? LIGHT : 1;
    addFeature(sums, hash, weight);
    if (previous !== 0) addFeature(sums, Math.imul(previous, 31) ^ hash, weight * PAIR);
    previous = hash;
    budget -= 2;
    if (weight === LIGHT || word.length < MIN_PIECED) {
      if (!isUnspaced(word)) continue;
    }
    const size = isUnspaced(word) ? 2 : PIECE;
    const pieces = Math.min(word.length - size + 1, MOST_PIECES);
    const share = isUnspaced(word) ? 1 : PIECES_WEIGHT / Math.sqrt(Math.max(1, pieces));
    for (let i = 0; i < pieces; i++) addFeature(sums, hashRange(word, i, i + size, 0x85ebca6b), share);
    budget -= Math.max(0, pieces);
  }
  return toHex(sums);
}

const BITS = 128;
const LONGEST_READ = 2000;
const MOST_FEATURES = 600;
const LIGHT = 0.2;
const PAIR = 0.4;
const PIECE = 4;
const MIN_PIECED = 5;
const MOST_PIECES = 64;
const PIECES_WEIGHT = 0.6;

const LIGHT_WORDS: ReadonlySet<string> = new Set(
  `${Object.values(FUNCTION_WORDS).join(' ')} im ive id ill dont can could would should just also there help hello hi hey ok okay yes yeah thanks thank`.split(
    ' ',
  ),
);

/** How alike two messages are by their sketches: 1 same, about 0 unrelated. An empty sketch is like nothing: 0. */
export function sketchSimilarity(a: string, b: string): number {
  if (a.length !== HEX_DIGITS || b.length !== HEX_DIGITS) return 0;
  let distance = 0;
  for (let i = 0; i < HEX_DIGITS; i += 8) {
    distance += bitCount(parseInt(a.slice(i, i + 8), 16) ^ parseInt(b.slice(i, i + 8), 16));
  }
  return Math.max(0, Math.cos((Math.PI * distance) / BITS));
}

const HEX_DIGITS = 32;

/** Four 32-bit hashes give the 128 signs of the feature. */
function addFeature(sums: Float64Array, feature: number, weight: number): void {
  for (let lane = 0; lane < 4; lane++) {
    let bits = mix(feature + Math.imul(lane + 1, 0x9e3779b1));
    const base = lane << 5;
    for (let k = base; k < base + 32; k++) {
      sums[k] = (sums[k] ?? 0) + ((bits & 1) === 1 ? weight : -weight);
      bits >>>= 1;
    }
  }
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a over UTF-16 code units. */
function hashRange(text: string, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Chinese, Japanese and Thai arrive as one long word; their pairs of letters stand for words. */
function isUnspaced(word: string): boolean {
  const code = word.charCodeAt(0);
  return (code >= 0x3040 && code <= 0x9fff) || (code >= 0xe00 && code <= 0xe7f);
}

function toHex(sums: Float64Array): string {
  let hex = '';
  for (let lane = 0; lane < 4; lane++) {
    let bits = 0;
    for (let k = 31; k >= 0; k--) bits = (bits << 1) | ((sums[(lane << 5) + k] ?? 0) > 0 ? 1 : 0);
    hex += (bits >>> 0).toString(16).padStart(8, '0');
  }
  return hex;
}

function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
