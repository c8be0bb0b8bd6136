import { createSlice, hashId, hasId, type IdSlice, insertId } from '../ledger/id-slice';

/**
 * Ids seen, as 64-bit hashes in slices of equal size: full slices never change, and the oldest goes as a whole. It
 * remembers at least the last `window` ids and at most an eighth more, in about 17 bytes an id (19 MB for a million).
 */
export interface IdTable {
  sliceIds: number;
  /** Oldest first; the last one is being filled. */
  slices: IdSlice[];
}

/** One string per slice: its ids as 16 hex digits each, ascending. */
export type EncodedIdTable = readonly string[];

const SLICES = 8;

export function createIdTable(window: number): IdTable {
  return { sliceIds: sliceIdsOf(window), slices: [createSlice()] };
}

export function sliceIdsOf(window: number): number {
  return Math.ceil(window / SLICES);
}

/** True when the id was not known; it is from then on. */
export function addId(table: IdTable, id: string): boolean {
  const hash = hashId(id);
  for (const slice of table.slices) if (hasId(slice, hash)) return false;
  let slice = table.slices[table.slices.length - 1];
  if (slice === undefined || slice.count >= table.sliceIds) {
    slice = createSlice();
    table.slices.push(slice);
    if (table.slices.length > SLICES + 1) table.slices.shift();
  }
  insertId(slice, hash);
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
      insertId(slice, { high: parseInt(ids.slice(i, i + 8), 16), low: parseInt(ids.slice(i + 8, i + 16), 16) });
    }
    return slice;
  });
  return table;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
