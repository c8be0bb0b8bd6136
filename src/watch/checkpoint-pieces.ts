import { createSlice, type IdSlice, insertBytes, sliceToBytes } from '../ledger/id-slice';
import { addKeyedPart, createKeyedTable, type KeyedPart, keyedParts } from './keyed-table';
import { type AlertPart, alertParts, createAlertParts } from './alerts/parts';
import {
  addSessionPart,
  decodeSessionTable,
  emptySessionParts,
  encodeSessionTable,
  SESSION_PARTS,
  type SessionPart,
} from './session-table';
import {
  addValues,
  decodedAlerts,
  decodeHead,
  type EncodedHead,
  type EncodedValue,
  encodeHead,
  encodeValue,
  type FoldOptions,
  type FoldState,
  STATE_VERSION,
} from './state';

/** A part of the state as bytes, small enough to be made without holding up the event loop. */
export interface Piece {
  /** `head` comes once; `ids` holds part of one slice of the id table, `segments` some values of one dimension, `sessions`, `alerts` and `keyed` some of one of their tables. */
  readonly kind: PieceKind;
  readonly bytes: Buffer;
}

export type PieceKind = 'head' | 'ids' | 'segments' | 'sessions' | 'alerts' | 'keyed';

/** Stable groups: values are never evicted, so a group changes only when one of its members does. */
const VALUES_PER_PIECE = 64;
const ENTRIES_PER_PIECE = 256;
const IDS_PER_PIECE = 65_536;
const ID_BYTES = 8;
/** In front of the ids: the number of their slice, oldest first. */
const SLICE_NUMBER_BYTES = 4;

/**
 * The whole state, piece by piece; it must not change between the first and the last. The same state gives the same
 * bytes. `encodedSlices` remembers slices that are full and therefore never change, from one call to the next.
 */
export function* toPieces(state: FoldState, encodedSlices: WeakMap<IdSlice, Buffer> = new WeakMap()): Generator<Piece> {
  yield { kind: 'head', bytes: Buffer.from(JSON.stringify(encodeHead(state))) };
  for (const [number, slice] of state.ids.slices.entries()) {
    const isFull = number < state.ids.slices.length - 1;
    const ids = encodedSlices.get(slice) ?? sliceToBytes(slice);
    if (isFull) encodedSlices.set(slice, ids);
    for (let at = 0; at === 0 || at < ids.length; at += IDS_PER_PIECE * ID_BYTES) {
      const head = Buffer.alloc(SLICE_NUMBER_BYTES);
      head.writeUInt32LE(number);
      yield { kind: 'ids', bytes: Buffer.concat([head, ids.subarray(at, at + IDS_PER_PIECE * ID_BYTES)]) };
    }
  }
  for (const [dimension, values] of state.segments.dimensions) {
    let group: EncodedValue[] = [];
    for (const entry of values) {
      group.push(encodeValue(entry));
      if (group.length < VALUES_PER_PIECE) continue;
      yield segmentsPiece(dimension, group);
      group = [];
    }
    if (group.length > 0 || values.size === 0) yield segmentsPiece(dimension, group);
  }
  yield* sessionPieces(state);
  for (const part of alertParts(state.alerts)) yield { kind: 'alerts', bytes: Buffer.from(JSON.stringify(part)) };
  for (const part of keyedParts(state.keyed)) yield { kind: 'keyed', bytes: Buffer.from(JSON.stringify(part)) };
}

/** Each line a name and some entries: `["open", [[id, conversation], …]]`. */
function* sessionPieces(state: FoldState): Generator<Piece> {
  const encoded = encodeSessionTable(state.sessions);
  for (const part of SESSION_PARTS) {
    const entries = encoded[part];
    for (let at = 0; at < entries.length; at += ENTRIES_PER_PIECE) {
      const piece = [part, entries.slice(at, at + ENTRIES_PER_PIECE)];
      yield { kind: 'sessions', bytes: Buffer.from(JSON.stringify(piece)) };
    }
  }
  yield { kind: 'sessions', bytes: Buffer.from(JSON.stringify(['rest', encoded.rest])) };
}

function segmentsPiece(dimension: string, values: readonly EncodedValue[]): Piece {
  return { kind: 'segments', bytes: Buffer.from(JSON.stringify([dimension, values])) };
}

/**
 * Puts a state together from the pieces of `toPieces`, in their order, so that a large one need not be read in one go.
 * `add` and `finish` throw for anything else, a newer version of the state included.
 */
export interface Assembler {
  add(piece: Piece): void;
  finish(): FoldState;
}

export function createAssembler(options: FoldOptions): Assembler {
  let state: FoldState | null = null;
  const slices: IdSlice[] = [];
  const sessions = emptySessionParts();
  const alerts = createAlertParts();
  const keyed = createKeyedTable();

  const opened = (): FoldState => {
    if (state === null) throw new Error('a checkpoint begins with its head');
    return state;
  };
  return {
    add({ kind, bytes }) {
      switch (kind) {
        case 'head':
          state = decodeHead(upgradeHead(JSON.parse(bytes.toString('utf8')) as VersionedHead), options);
          return;
        case 'ids':
          insertBytes((slices[bytes.readUInt32LE(0)] ??= createSlice()), bytes.subarray(SLICE_NUMBER_BYTES));
          return;
        case 'segments': {
          const [dimension, values] = JSON.parse(bytes.toString('utf8')) as [string, EncodedValue[]];
          addValues(opened(), dimension, values);
          return;
        }
        case 'sessions':
          addSessionPart(sessions, JSON.parse(bytes.toString('utf8')) as SessionPart);
          return;
        case 'alerts':
          alerts.add(JSON.parse(bytes.toString('utf8')) as AlertPart);
          return;
        case 'keyed':
          addKeyedPart(keyed, JSON.parse(bytes.toString('utf8')) as KeyedPart);
      }
    },
    finish() {
      const whole = opened();
      if (slices.length > 0) whole.ids.slices = slices;
      whole.sessions = decodeSessionTable(sessions);
      whole.keyed = keyed;
      const encoded = alerts.finish();
      if (encoded !== null) whole.alerts = decodedAlerts(encoded, whole.config, options);
      return whole;
    },
  };
}

/** Version 1 had no config records, version 2 no keyed ones, version 3 other detectors; the last two are no part of the head. */
type VersionedHead =
  | EncodedHead
  | (Omit<EncodedHead, 'version'> & { readonly version: 2 | 3 })
  | (Omit<EncodedHead, 'version' | 'eventWatermark' | 'config' | 'ignoredConfigs'> & { readonly version: 1 });

function upgradeHead(head: VersionedHead): EncodedHead {
  switch (head.version) {
    case 1:
      return { eventWatermark: null, ...head, version: STATE_VERSION, config: null, ignoredConfigs: 0 };
    case 2:
    case 3:
      return { ...head, version: STATE_VERSION };
    case STATE_VERSION:
      return head;
    default:
      throw new Error(`the state has version ${String((head as { version: unknown }).version)}`);
  }
}
