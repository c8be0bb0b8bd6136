import { MonitorError } from '../domain/error';
import type { StoredRecord } from '../ledger/checkpoint-port';
import {
  CHECKPOINT_VERSION,
  chunkKey,
  isManifestKey,
  type Manifest,
  type ManifestPiece,
  manifestKey,
  openManifest,
  sealManifest,
  sha256,
} from './checkpoint-manifest';
import { createAssembler, type Piece, toPieces } from './checkpoint-pieces';
import type { IdSlice } from '../ledger/id-slice';
import { type FoldOptions, type FoldState, STATE_VERSION } from './state';

/** Lets other work of the process run; resolves in the next turn of the event loop. */
export type Breathe = () => Promise<void>;

/** What is made between two breaths takes about this long at most, ms; it bounds the loop's lag. */
const TURN_MS = 8;
/** Brokers refuse records over 1 MB, and base64 adds a third: up to this size a checkpoint is one record. */
export const ONE_RECORD_BYTES = 600_000;

export interface EncodedCheckpoint {
  readonly manifest: Manifest;
  /** Chunks that the store does not have yet, then the manifest. */
  readonly records: readonly StoredRecord[];
  /** Keys of all chunks it rests on. */
  readonly chunks: readonly string[];
}

export interface CheckpointWriter {
  readonly instance: string;
  readonly writer: string;
  readonly sequence: number;
  /** Keys of chunks that are stored. */
  readonly stored: ReadonlySet<string>;
  readonly encodedSlices: WeakMap<IdSlice, Buffer>;
  /** Bytes of state up to which the manifest holds it all. */
  readonly oneRecordBytes: number;
}

/** Turns the state into records, a few milliseconds at a time; the state must not change until it resolves. */
export async function encodeCheckpoint(
  state: FoldState,
  { instance, writer, sequence, stored, encodedSlices, oneRecordBytes }: CheckpointWriter,
  breathe: Breathe,
  monotonicMs: () => number,
): Promise<EncodedCheckpoint> {
  const pieces: (Piece & { readonly sha256: string })[] = [];
  let bytes = 0;
  let turnEnds = monotonicMs() + TURN_MS;
  for (const piece of toPieces(state, encodedSlices)) {
    pieces.push({ ...piece, sha256: sha256(piece.bytes) });
    bytes += piece.bytes.length;
    if (monotonicMs() < turnEnds) continue;
    await breathe();
    turnEnds = monotonicMs() + TURN_MS;
  }
  const isOneRecord = bytes <= oneRecordBytes;
  const named = pieces.map(({ kind, sha256, bytes }): ManifestPiece => {
    return isOneRecord ? { kind, sha256, inline: bytes.toString('base64') } : { kind, sha256 };
  });
  const manifest: Manifest = {
    v: CHECKPOINT_VERSION,
    state: STATE_VERSION,
    instance,
    writer,
    sequence,
    pos: String(state.position),
    pieces: named,
  };
  const sealed = { key: manifestKey(sequence), value: sealManifest(manifest) };
  if (isOneRecord) return { manifest, records: [sealed], chunks: [] };
  const chunks = new Map(pieces.map((piece) => [chunkKey(writer, piece.sha256), piece.bytes]));
  const fresh = [...chunks].filter(([key]) => !stored.has(key)).map(([key, value]) => ({ key, value }));
  return { manifest, records: [...fresh, sealed], chunks: [...chunks.keys()] };
}

/** The manifests in a store, the furthest one first; those that are torn are left out. */
export function manifestsOf(stored: ReadonlyMap<string, Buffer>): Manifest[] {
  const manifests: Manifest[] = [];
  for (const [key, value] of stored) {
    const manifest = isManifestKey(key) ? openManifest(value) : null;
    if (manifest !== null) manifests.push(manifest);
  }
  return manifests.sort((a, b) => (BigInt(a.pos) === BigInt(b.pos) ? b.sequence - a.sequence : further(b, a)));
}

function further(one: Manifest, other: Manifest): number {
  return BigInt(one.pos) > BigInt(other.pos) ? 1 : -1;
}

/**
 * Throws FOREIGN_LEDGER for a checkpoint of another instance, and NEWER_STATE for one that a later version wrote: what
 * that version has counted would be lost, and writing over it would make the way back to it longer.
 */
export function assertOurs({ instance, v, state }: Manifest, ours: string): void {
  if (instance !== ours) {
    throw new MonitorError('FOREIGN_LEDGER', `the stored state is that of instance ${instance}, this one is ${ours}`);
  }
  if (v > CHECKPOINT_VERSION || state > STATE_VERSION) {
    const known = `${CHECKPOINT_VERSION}.${STATE_VERSION}`;
    throw new MonitorError('NEWER_STATE', `the stored state has version ${v}.${state}, this program knows ${known}`);
  }
}

/** The state of a checkpoint, put together a few milliseconds at a time; null when any part is missing or not what it was. */
export async function decodeCheckpoint(
  manifest: Manifest,
  stored: ReadonlyMap<string, Buffer>,
  options: FoldOptions,
  breathe: Breathe,
  monotonicMs: () => number,
): Promise<FoldState | null> {
  const assembler = createAssembler(options);
  let turnEnds = monotonicMs() + TURN_MS;
  try {
    for (const piece of manifest.pieces) {
      const bytes =
        piece.inline === undefined
          ? stored.get(chunkKey(manifest.writer, piece.sha256))
          : Buffer.from(piece.inline, 'base64');
      if (bytes === undefined || sha256(bytes) !== piece.sha256) return null;
      assembler.add({ kind: piece.kind, bytes });
      if (monotonicMs() < turnEnds) continue;
      await breathe();
      turnEnds = monotonicMs() + TURN_MS;
    }
    const state = assembler.finish();
    return String(state.position) === manifest.pos ? state : null;
  } catch {
    // Its sums are right, so this is a state that we cannot read: the next one down may be of another version.
    return null;
  }
}
