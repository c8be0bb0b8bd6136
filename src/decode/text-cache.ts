/**
 * Texts that were read before, found again by their bytes; of two that fall on one place the one that came last is kept.
 * Bytes are hashed and compared four at a time, which for a name of twelve takes a third of the time of doing it letter
 * by letter. At most 4,096 texts of up to 40 bytes: 0.5 MB.
 */
export interface TextCache {
  readonly texts: string[];
  readonly sizes: Uint8Array;
  /** The bytes of each text at its place. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

interface Memory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

const PLACES = 4096;
const LONGEST = 40;

export function createTextCache(): TextCache {
  const bytes = new Uint8Array(PLACES * LONGEST);
  return {
    texts: new Array<string>(PLACES).fill(''),
    sizes: new Uint8Array(PLACES),
    bytes,
    view: new DataView(bytes.buffer),
  };
}

/** The UTF-8 text of `size` bytes at `from`, all of which must be there. */
export function readKnownText(cache: TextCache, memory: Memory, from: number, size: number): string {
  if (size === 0) return '';
  if (size > LONGEST) return memory.bytes.toString('utf8', from, from + size);
  const { texts, sizes } = cache;
  const place = placeOf(memory.view, from, size);
  if (sizes[place] === size && isSame(memory.view, from, cache.view, place * LONGEST, size)) return texts[place]!;
  const text = memory.bytes.toString('utf8', from, from + size);
  texts[place] = text;
  sizes[place] = size;
  for (let i = 0; i < size; i++) cache.bytes[place * LONGEST + i] = memory.bytes[from + i]!;
  return text;
}

function placeOf(view: DataView, from: number, size: number): number {
  let hash = size;
  for (let i = 0; i < size; i += 4) {
    hash = Math.imul(hash ^ wordAt(view, from, i, size), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash & (PLACES - 1);
}

function isSame(a: DataView, atA: number, b: DataView, atB: number, size: number): boolean {
  for (let i = 0; i < size; i += 4) if (wordAt(a, atA, i, size) !== wordAt(b, atB, i, size)) return false;
  return true;
}

/** The four bytes at `i`; the last word of a text overlaps the one before it, and a text of less than four bytes is one. */
function wordAt(view: DataView, from: number, i: number, size: number): number {
  if (size >= 4) return view.getInt32(from + Math.min(i, size - 4), true);
  const last = view.getUint8(from + size - 1);
  return (view.getUint8(from) << 16) | (view.getUint8(from + (size >> 1)) << 8) | last;
}
