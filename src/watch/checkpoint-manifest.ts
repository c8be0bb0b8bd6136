import { createHash } from 'node:crypto';
import type { PieceKind } from './checkpoint-pieces';

/** The version of what surrounds the state: manifest, chunks and their keys. */
export const CHECKPOINT_VERSION = 1;

/**
 * The one record that makes a checkpoint. It names every piece of one state by its hash, so pieces of two states can
 * never be mixed, whoever wrote last (a checkpoint of several records that can be overwritten one by one is broken by
 * the previous owner of the ledger: FAULTS, section 4).
 */
export interface Manifest {
  readonly v: number;
  /** Version of the state's shape. */
  readonly state: number;
  readonly instance: string;
  /** Random per process; the chunks that it wrote carry it. */
  readonly writer: string;
  /** Grows by one with each checkpoint of all writers, as far as they know of each other. */
  readonly sequence: number;
  /** Next ledger position, decimal. */
  readonly pos: string;
  readonly pieces: readonly ManifestPiece[];
}

export interface ManifestPiece {
  readonly kind: PieceKind;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
  /** The bytes themselves, base64, where the whole checkpoint fits into one record; else they lie under `chunkKey`. */
  readonly inline?: string;
}

/** Three checkpoints are kept, each under its own key, for compaction removes all but the last record of a key. */
export const KEPT_MANIFESTS = 3;

export function manifestKey(sequence: number): string {
  return `${MANIFEST_PREFIX}${sequence % KEPT_MANIFESTS}`;
}

export function chunkKey(writer: string, sha256: string): string {
  return `${CHUNK_PREFIX}${writer}/${sha256}`;
}

export function isManifestKey(key: string): boolean {
  return key.startsWith(MANIFEST_PREFIX);
}

export function isChunkKey(key: string): boolean {
  return key.startsWith(CHUNK_PREFIX);
}

const MANIFEST_PREFIX = 'manifest/';
const CHUNK_PREFIX = 'chunk/';

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `<sha256 of the rest>\n<JSON>`: any changed or missing byte is noticed. */
export function sealManifest(manifest: Manifest): Buffer {
  const body = Buffer.from(JSON.stringify(manifest));
  return Buffer.concat([Buffer.from(`${sha256(body)}\n`), body]);
}

/** Null for a record that is torn, changed, or no manifest at all. */
export function openManifest(bytes: Buffer): Manifest | null {
  const newline = bytes.indexOf(0x0a);
  if (newline !== 64) return null;
  const body = bytes.subarray(newline + 1);
  if (bytes.subarray(0, newline).toString('latin1') !== sha256(body)) return null;
  try {
    return JSON.parse(body.toString('utf8')) as Manifest;
  } catch {
    return null;
  }
}
