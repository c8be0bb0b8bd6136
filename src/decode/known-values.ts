/**
 * Values that were read before, found again by their bytes; of two that fall on one place the one that came last is kept.
 * Bytes are hashed and compared four at a time, which for a name of twelve takes a third of the time of doing it letter
 * by letter. What is found is shared, so nobody may change it. Takes `places` × `longest` bytes, and the values.
 */
export interface KnownValues<T> {
  /** Longest values that are kept, bytes; at most 65,535. */
  readonly longest: number;
  readonly values: (T | undefined)[];
  readonly sizes: Uint16Array;
  /** The bytes of each value at its place. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Where values are read from. */
interface Memory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** `places`: a power of two. */
export function createKnownValues<T>(places: number, longest: number): KnownValues<T> {
  const bytes = new Uint8Array(places * longest);
  return {
    longest,
    values: new Array<T | undefined>(places).fill(undefined),
    sizes: new Uint16Array(places),
    bytes,
    view: new DataView(bytes.buffer),
  };
}

/** The value of the `size` bytes at `from`, all of which must be there; undefined when it is not known. */
export function knownValue<T>(known: KnownValues<T>, memory: Memory, from: number, size: number): T | undefined {
  const { longest, values, sizes, view } = known;
  if (size > longest || size === 0) return undefined;
  const place = placeOf(memory.view, from, size) & (values.length - 1);
  return sizes[place] === size && isSame(memory.view, from, view, place * longest, size) ? values[place] : undefined;
}

export function keepValue<T>(known: KnownValues<T>, memory: Memory, from: number, size: number, value: T): void {
  const { longest, values, sizes, bytes } = known;
  if (size > longest || size === 0) return;
  const place = placeOf(memory.view, from, size) & (values.length - 1);
  values[place] = value;
  sizes[place] = size;
  for (let i = 0; i < size; i++) bytes[place * longest + i] = memory.bytes[from + i]!;
}

function placeOf(view: DataView, from: number, size: number): number {
  let hash = size;
  for (let i = 0; i < size; i += 4) {
    hash = Math.imul(hash ^ wordAt(view, from, i, size), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(a: DataView, atA: number, b: DataView, atB: number, size: number): boolean {
  for (let i = 0; i < size; i += 4) if (wordAt(a, atA, i, size) !== wordAt(b, atB, i, size)) return false;
  return true;
}

/** The four bytes at `i`; the last word overlaps the one before it, and less than four bytes are one word. */
function wordAt(view: DataView, from: number, i: number, size: number): number {
  if (size >= 4) return view.getInt32(from + Math.min(i, size - 4), true);
  const last = view.getUint8(from + size - 1);
  return (view.getUint8(from) << 16) | (view.getUint8(from + (size >> 1)) << 8) | last;
}
