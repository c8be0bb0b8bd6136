/**
 * Ids seen, as 64-bit hashes in slices of equal size: full slices never change, and the oldest goes as a whole. It
 * remembers at least the last `window` ids and at most an eighth more, in about 17 bytes an id (19 MB for a million). A
 * new id passes for a copy, because it shares its hash with one of n others, with a chance of n / 2^64.
 */
export interface IdTable {
  sliceIds: number;
  /** Oldest first; the last one is being filled. */
  slices: IdSlice[];
}

export interface IdSlice {
  count: number;
  /** Open addressing: slot i is `high[i]`, `low[i]`; both 0 = free. */
  high: Uint32Array;
  low: Uint32Array;
}

/** One string per slice: its ids as 16 hex digits each, ascending. */
export type EncodedIdTable = readonly string[];

const SLICES = 8;
const FIRST_SLOTS = 1024;
const SLOTS_PER_ID = 1.5;

export function createIdTable(window: number): IdTable {
  return { sliceIds: sliceIdsOf(window), slices: [createSlice()] };
}

export function sliceIdsOf(window: number): number {
  return Math.ceil(window / SLICES);
}

/** True when the id was not known; it is from then on. */
export function addId(table: IdTable, id: string): boolean {
  const { high, low } = hashId(id);
  for (const slice of table.slices) {
    if (slotOf(slice, high, low).taken) return false;
  }
  let slice = table.slices[table.slices.length - 1];
  if (slice === undefined || slice.count >= table.sliceIds) {
    slice = createSlice();
    table.slices.push(slice);
    if (table.slices.length > SLICES + 1) table.slices.shift();
  }
  insert(slice, high, low);
  return true;
}

export function encodeIdTable({ slices }: IdTable): EncodedIdTable {
  return slices.map(({ high, low }) => {
    const ids: string[] = [];
    for (let i = 0; i < high.length; i++) {
      const h = high[i] ?? 0;
      const l = low[i] ?? 0;
      if (h !== 0 || l !== 0) ids.push(hex(h) + hex(l));
    }
    // Slots depend on the order of insertion; the encoding must not.
    return ids.sort().join('');
  });
}

export function decodeIdTable(encoded: EncodedIdTable, window: number): IdTable {
  const table = createIdTable(window);
  table.slices = encoded.map((ids) => {
    const slice = createSlice();
    for (let i = 0; i + 16 <= ids.length; i += 16) {
      insert(slice, parseInt(ids.slice(i, i + 8), 16), parseInt(ids.slice(i + 8, i + 16), 16));
    }
    return slice;
  });
  return table;
}

/** 8 bytes an id, ascending, each the two 32-bit halves in little-endian order. */
export function sliceToBytes({ high, low, count }: IdSlice): Buffer {
  const halves = new Uint32Array(count * 2);
  let at = 0;
  for (let i = 0; i < high.length; i++) {
    const h = high[i] ?? 0;
    const l = low[i] ?? 0;
    if (h === 0 && l === 0) continue;
    halves[at++] = l;
    halves[at++] = h;
  }
  // A typed array sorts numbers without a comparison function: 125,000 ids in some 10 ms.
  new BigUint64Array(halves.buffer).sort();
  return Buffer.from(halves.buffer);
}

/** Adds ids to a slice; the bytes may be any whole number of ids of `sliceToBytes`. */
export function insertBytes(slice: IdSlice, bytes: Buffer): void {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    insert(slice, bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at));
  }
}

export function createSlice(): IdSlice {
  return { count: 0, high: new Uint32Array(FIRST_SLOTS), low: new Uint32Array(FIRST_SLOTS) };
}

function insert(slice: IdSlice, high: number, low: number): void {
  if ((slice.count + 1) * SLOTS_PER_ID > slice.high.length) grow(slice);
  const { slot, taken } = slotOf(slice, high, low);
  if (taken) return;
  slice.high[slot] = high;
  slice.low[slot] = low;
  slice.count += 1;
}

function grow(slice: IdSlice): void {
  const { high, low } = slice;
  slice.high = new Uint32Array(high.length * 2);
  slice.low = new Uint32Array(low.length * 2);
  for (let i = 0; i < high.length; i++) {
    const h = high[i] ?? 0;
    const l = low[i] ?? 0;
    if (h === 0 && l === 0) continue;
    const { slot } = slotOf(slice, h, l);
    slice.high[slot] = h;
    slice.low[slot] = l;
  }
}

/** Where the id is, or the free slot where it would go. Lengths are powers of two. */
function slotOf(slice: IdSlice, high: number, low: number): { readonly slot: number; readonly taken: boolean } {
  const mask = slice.high.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const h = slice.high[slot];
    const l = slice.low[slot];
    if (h === high && l === low) return { slot, taken: true };
    if (h === 0 && l === 0) return { slot, taken: false };
  }
}

/**
 * Two interleaved multiply-xorshift hashes over UTF-16 code units (the mixing constants of MurmurHash3), 32 bits each.
 * Not against an adversary: a producer that forges collisions hides only its own records.
 */
function hashId(id: string): { readonly high: number; readonly low: number } {
  let a = 0xdeadbeef ^ id.length;
  let b = 0x41c6ce57 ^ id.length;
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b ^ unit, 0xc2b2ae35);
    b ^= b >>> 13;
  }
  const high = mix(a ^ Math.imul(b, 0x27d4eb2f));
  const low = mix(b ^ Math.imul(a, 0x165667b1));
  // Both zero means free.
  return high === 0 && low === 0 ? { high, low: 1 } : { high, low };
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
