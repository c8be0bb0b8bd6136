/** Bound once: a look-up of the global in each step doubles the time where globals are intercepted. */
const { imul } = Math;

export const HASH_BASIS = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

/** FNV-1a of 32 bits over the code units of `[from, to)`; goes on from `HASH_BASIS` a code unit at a time. */
export function hashOf(text: string, from: number, to: number): number {
  let hash = HASH_BASIS;
  for (let i = from; i < to; i++) hash = imul(hash ^ text.charCodeAt(i), HASH_PRIME);
  return hash;
}

export interface WordTable {
  /** The number of the word with this hash; -1 when there is none. Hashes of other words collide once in millions. */
  get(hash: number): number;
}

/** Open addressing: most words of a text are in no table, and a `Map` boxes hashes of 32 bits. */
export function createWordTable(words: readonly (readonly [string, number])[]): WordTable {
  const bits = 32 - Math.clz32(words.length * 4);
  const mask = (1 << bits) - 1;
  const hashes = new Int32Array(mask + 1);
  const numbers = new Int32Array(mask + 1).fill(-1);
  const slotOf = (hash: number): number => {
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (numbers[slot] !== -1 && hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  };
  for (const [word, number] of words) {
    const hash = hashOf(word, 0, word.length);
    const slot = slotOf(hash);
    hashes[slot] = hash;
    numbers[slot] = number;
  }
  return { get: (hash) => numbers[slotOf(hash)] ?? -1 };
}
