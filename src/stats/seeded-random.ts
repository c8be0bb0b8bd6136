/**
 * Repeatable stream of numbers in [0, 1) from a 32-bit seed, for resampling and simulation: the same seed gives the same
 * stream on every machine. Not for secrets.
 * Source: sfc32 of the PractRand suite (public domain), seeded through splitmix32.
 */
export function createRandom(seed: number): () => number {
  let mix = seed | 0;
  const next = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, counter] = [next(), next(), next(), 1];
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
}

/** `count` rows of `size` item indices drawn with repetition, for the bootstrap. */
export function resampleIndices(size: number, count: number, random: () => number): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: size }, () => Math.floor(random() * size)));
}
