import type { Type } from 'avsc';

/** Encoded records follow each other in pieces of memory of this size. */
const SLAB_BYTES = 128 * 1024;
/** A larger record that no longer fits gets memory of its own: the rest of the slab still serves small ones. */
const LARGEST_SHARED = SLAB_BYTES / 8;

/**
 * `type.toBuffer` for records by the thousand: that writes everything over 1 kB twice, once to learn its size, and
 * allocates for each record. Here a record is written once, behind the one before it. What is returned is the caller's
 * for good; a slab is freed with the last record in it.
 */
export function createSlabEncoder(type: Type): (value: unknown) => Buffer {
  let slab: Buffer = Buffer.alloc(0);
  let at = 0;

  const append = (value: unknown): Buffer | number => {
    const end = type.encode(value, slab, at);
    // Below zero: how many bytes were missing.
    if (end < 0) return slab.length - at - end;
    const bytes = slab.subarray(at, end);
    at = end;
    return bytes;
  };

  return (value) => {
    const first = append(value);
    if (typeof first !== 'number') return first;
    if (first > LARGEST_SHARED) {
      const own = Buffer.allocUnsafeSlow(first);
      type.encode(value, own, 0);
      return own;
    }
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    at = 0;
    const second = append(value);
    if (typeof second === 'number') throw new Error(`a record of ${first} bytes took ${second} the second time`);
    return second;
  };
}
