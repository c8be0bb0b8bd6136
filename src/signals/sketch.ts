import { FUNCTION_WORDS } from './language-words';
import { createWordTable, hashOf } from './word-table';
import { messageWords } from './words';

/**
 * A 128-bit SimHash (Charikar 2002, "Similarity estimation techniques from rounding algorithms") of a message: the signs
 * of a random projection of its features, so that the share of equal bits tells the angle between two messages. Features
 * are words, pairs of neighbouring words, and the four-letter pieces of words, which carry inflected and mistyped forms;
 * function words weigh little, as every request has them.
 */
export function textSketch(text: string): string {
  return sketchOf(messageWords(text));
}

/** The sketch of a message by its words, as `messageWords` gives them. */
export function sketchOf(spaced: string): string {
  const words = spaced.trim();
  const counts = createCounts();
  let budget = MOST_FEATURES;
  let previous = 0;
  for (let start = 0, end = 0; start < words.length && budget > 0; start = end + 1) {
    end = words.indexOf(' ', start);
    if (end < 0) end = words.length;
    const length = end - start;
    if (length === 0) continue;
    const light = isLight(words, start, end);
    const unspaced = isUnspaced(words, start);
    const hash = hashRange(words, start, end, 0x9e3779b9);
    addFeature(counts, hash, light ? LIGHT : FULL);
    if (previous !== 0) addFeature(counts, imul(previous, 31) ^ hash, light ? LIGHT_PAIR : PAIR);
    previous = hash;
    budget -= 2;
    if (!unspaced && (light || length < SHORTEST_PIECED)) continue;
    const size = unspaced ? 2 : PIECE;
    const pieces = Math.min(length - size + 1, MOST_PIECES);
    const weight = unspaced ? FULL : pieces <= 2 ? FEW_PIECES : MANY_PIECES;
    for (let i = start; i < start + pieces; i++) addFeature(counts, hashRange(words, i, i + size, 0x85ebca6b), weight);
    budget -= Math.max(0, pieces);
  }
  for (let exponent = 0; exponent < EXPONENTS; exponent++) addWaiting(counts, exponent);
  return toHex(counts);
}

/** Bound once: a look-up of the global in each step doubles the time where globals are intercepted. */
const { imul } = Math;

const BITS = 128;
const MOST_FEATURES = 600;
const PIECE = 4;
const SHORTEST_PIECED = 5;
const MOST_PIECES = 64;

/** Weights are powers of two, given as exponents: a full word counts 8, a function word 2. */
const FULL = 3;
const PAIR = 2;
const FEW_PIECES = 2;
const MANY_PIECES = 1;
const LIGHT = 1;
const LIGHT_PAIR = 0;

const LIGHT_WORDS = [
  ...new Set(
    `${Object.values(FUNCTION_WORDS).join(' ')} im ive id ill dont can could would should just also there help hello hi hey ok okay yes yeah thanks thank`.split(
      ' ',
    ),
  ),
];
const LIGHT_NUMBERS = createWordTable(LIGHT_WORDS.map((word, number) => [word, number]));
const LONGEST_LIGHT = Math.max(...LIGHT_WORDS.map((word) => word.length));

function isLight(words: string, start: number, end: number): boolean {
  if (end - start > LONGEST_LIGHT) return false;
  const known = LIGHT_WORDS[LIGHT_NUMBERS.get(hashOf(words, start, end))];
  // Hashes may collide.
  return known !== undefined && known.length === end - start && words.startsWith(known, start);
}

/** How alike two messages are by their sketches: 1 same, about 0 unrelated. An empty sketch is like nothing: 0. */
export function sketchSimilarity(a: string, b: string): number {
  if (a.length !== HEX_DIGITS || b.length !== HEX_DIGITS) return 0;
  let distance = 0;
  for (let i = 0; i < HEX_DIGITS; i += 8) distance += bitCount(hexWord(a, i) ^ hexWord(b, i));
  return Math.max(0, Math.cos((Math.PI * distance) / BITS));
}

const HEX_DIGITS = 32;

/** Eight hex digits from `start` on; many times as quick as cutting them out and parsing them. */
function hexWord(text: string, start: number): number {
  let word = 0;
  for (let i = start; i < start + 8; i++) {
    const code = text.charCodeAt(i);
    // `0` to `9` are 0x30 to 0x39; `A` and `a` end in 1 and have the bit of 0x40.
    word = (word << 4) | ((code & 15) + 9 * (code >> 6));
  }
  return word;
}

const LANES = 4;
/** Sums stay below 2^16: at most about 664 features of weight 8. */
const PLANES = 16;

/**
 * How often each of the 128 bits was one, by weight, kept bit-sliced: plane p holds bit p of all 128 counters, so that
 * one addition works on 32 counters at once. Six times faster than 128 separate sums.
 */
interface BitCounts {
  readonly planes: Int32Array;
  /** Features not added yet, eight places for each exponent, and how many there are. */
  readonly waiting: Int32Array;
  readonly waitingCount: Int32Array;
  /** Sum of all weights. */
  total: number;
}

const EXPONENTS = 4;
const AT_ONCE = 8;

function createCounts(): BitCounts {
  return {
    planes: new Int32Array(PLANES * LANES),
    waiting: new Int32Array(EXPONENTS * AT_ONCE),
    waitingCount: new Int32Array(EXPONENTS),
    total: 0,
  };
}

/** Four 32-bit hashes give the 128 bits of the feature; `exponent` is the weight's. */
function addFeature(counts: BitCounts, feature: number, exponent: number): void {
  counts.total += 1 << exponent;
  const { waiting, waitingCount } = counts;
  const count = waitingCount[exponent] ?? 0;
  waiting[exponent * AT_ONCE + count] = feature;
  waitingCount[exponent] = count + 1;
  if (count + 1 === AT_ONCE) addWaiting(counts, exponent);
}

/**
 * Eight features at once, by the carry-save adders of Harley and Seal (Warren, Hacker's Delight, section 5-1): three
 * planes take them up and hand on one carry, where one by one each feature would ripple through some six planes.
 */
function addWaiting({ planes, waiting, waitingCount }: BitCounts, exponent: number): void {
  const count = waitingCount[exponent] ?? 0;
  if (count === 0) return;
  waitingCount[exponent] = 0;
  const from = exponent * AT_ONCE;
  for (let lane = 0; lane < LANES; lane++) {
    const salt = imul(lane + 1, 0x9e3779b1);
    const at = exponent * LANES + lane;
    let ones = planes[at] ?? 0;
    let twos = planes[at + LANES] ?? 0;
    let [twosCarry, foursCarry, eights] = [0, 0, 0];
    for (let k = 0; k < AT_ONCE; k += 2) {
      const a = k < count ? mix((waiting[from + k] ?? 0) + salt) : 0;
      const b = k + 1 < count ? mix((waiting[from + k + 1] ?? 0) + salt) : 0;
      // A full adder for 32 counters: the sum stays, what both of three have goes to the next plane.
      const half = ones ^ a;
      const carry = (ones & a) | (half & b);
      ones = half ^ b;
      if ((k & 2) === 0) {
        twosCarry = carry;
        continue;
      }
      const halfTwos = twos ^ twosCarry;
      const fours = (twos & twosCarry) | (halfTwos & carry);
      twos = halfTwos ^ carry;
      if (k === 2) {
        foursCarry = fours;
        continue;
      }
      const plane = planes[at + 2 * LANES] ?? 0;
      const halfFours = plane ^ foursCarry;
      eights = (plane & foursCarry) | (halfFours & fours);
      planes[at + 2 * LANES] = halfFours ^ fours;
    }
    planes[at] = ones;
    planes[at + LANES] = twos;
    for (let up = at + 3 * LANES; eights !== 0 && up < planes.length; up += LANES) {
      const plane = planes[up] ?? 0;
      planes[up] = plane ^ eights;
      eights &= plane;
    }
  }
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
function mix(value: number): number {
  let h = value | 0;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a over UTF-16 code units. */
function hashRange(text: string, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Chinese, Japanese and Thai arrive as one long word; their pairs of letters stand for words. */
function isUnspaced(words: string, start: number): boolean {
  const code = words.charCodeAt(start);
  return (code >= 0x3040 && code <= 0x9fff) || (code >= 0xe00 && code <= 0xe7f);
}

/** A bit is one where the weight of ones exceeds half: 32 counters at once are held against it, from the highest plane down. */
function toHex({ planes, total }: BitCounts): string {
  const half = total >>> 1;
  let hex = '';
  for (let lane = 0; lane < LANES; lane++) {
    let greater = 0;
    let equal = -1;
    for (let p = PLANES - 1; p >= 0; p--) {
      const plane = planes[p * LANES + lane] ?? 0;
      if (((half >>> p) & 1) === 1) equal &= plane;
      else {
        greater |= equal & plane;
        equal &= ~plane;
      }
    }
    hex += (greater >>> 0).toString(16).padStart(8, '0');
  }
  return hex;
}

function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
