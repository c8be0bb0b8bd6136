import type { CheckpointStore, StoredRecord } from '../ledger/checkpoint-port';
import {
  assertOurs,
  type Breathe,
  decodeCheckpoint,
  encodeCheckpoint,
  manifestsOf,
  ONE_RECORD_BYTES,
} from './checkpoint';
import { chunkKey, isChunkKey, KEPT_MANIFESTS, type Manifest } from './checkpoint-manifest';
import type { IdSlice } from '../ledger/id-slice';
import type { FoldOptions, FoldState } from './state';

/** Keeps the state where a restart finds it. Failures to write are told and made good by the next checkpoint. */
export interface Checkpointer {
  /** The furthest state that can be read; null when there is none, and the ledger has to be read from its start. */
  restore(options: FoldOptions): Promise<Restored | null>;
  /** True when the next checkpoint is due and none is being written. */
  isDue(state: FoldState): boolean;
  /**
   * Encodes the state, which must not change until this resolves; writing goes on after that. Resolves without having
   * done anything while this process does not own the ledger.
   */
  take(state: FoldState): Promise<void>;
  /** Waits for the checkpoint that is being written; rejects when it could not be. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface Restored {
  readonly state: FoldState;
  /** How many further ones could not be read. */
  readonly skipped: number;
}

export interface CheckpointerDeps {
  readonly store: CheckpointStore;
  readonly instance: string;
  /** Random per process. */
  readonly writer: string;
  readonly monotonicMs: () => number;
  readonly breathe: Breathe;
  /** Default 10 000 each: milliseconds and ledger records between two checkpoints. */
  readonly everyMs?: number;
  readonly everyRecords?: bigint;
  /** Bytes of state up to which a checkpoint is one record; default 600 000. */
  readonly oneRecordBytes?: number;
  /** False while another process owns the ledger: it writes then. Default: always ours. */
  readonly isOwner?: () => boolean;
  /** A checkpoint is durable. */
  readonly onWritten?: (position: bigint) => void;
  readonly onFailure?: (failure: unknown) => void;
}

export function createCheckpointer(deps: CheckpointerDeps): Checkpointer {
  const { store, instance, writer, monotonicMs, breathe } = deps;
  const { everyMs = 10_000, everyRecords = 10_000n, oneRecordBytes = ONE_RECORD_BYTES, isOwner = () => true } = deps;
  const encodedSlices = new WeakMap<IdSlice, Buffer>();
  /** Chunks in the store, whoever wrote them. */
  const stored = new Set<string>();
  /** What the last few checkpoints rest on, the latest last. */
  let kept: (readonly string[])[] = [];
  let sequence = 0;
  let lastAtMs = monotonicMs();
  let lastPosition = 0n;
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;

  const remember = (manifest: Manifest): void => {
    sequence = Math.max(sequence, manifest.sequence + 1);
    const isInline = manifest.pieces.some(({ inline }) => inline !== undefined);
    kept.push(isInline ? [] : manifest.pieces.map(({ sha256 }) => chunkKey(manifest.writer, sha256)));
  };

  const write = async (
    records: readonly StoredRecord[],
    chunks: readonly string[],
    position: bigint,
  ): Promise<void> => {
    await store.write(records);
    for (const { key } of records) if (isChunkKey(key)) stored.add(key);
    kept = [...kept, chunks].slice(-KEPT_MANIFESTS);
    deps.onWritten?.(position);
    // Only now: until the manifest is durable, an older one may be what a restart has to go by.
    const needed = new Set(kept.flat());
    const removed = [...stored].filter((key) => !needed.has(key));
    if (removed.length === 0) return;
    await store.write(removed.map((key) => ({ key, value: null })));
    for (const key of removed) stored.delete(key);
  };

  return {
    async restore(options) {
      const records = await store.load();
      const manifests = manifestsOf(records);
      for (const manifest of manifests) assertOurs(manifest, instance);
      for (const key of records.keys()) if (isChunkKey(key)) stored.add(key);
      for (const manifest of [...manifests].reverse()) remember(manifest);
      for (const [skipped, manifest] of manifests.entries()) {
        const state = await decodeCheckpoint(manifest, records, options, breathe, monotonicMs);
        if (state === null) continue;
        lastPosition = state.position;
        return { state, skipped };
      }
      return null;
    },
    isDue({ position }) {
      if (isWriting || !isOwner() || position === lastPosition) return false;
      return monotonicMs() - lastAtMs >= everyMs || position - lastPosition >= everyRecords;
    },
    async take(state) {
      if (!isOwner()) return;
      await writing.catch(() => {});
      const { position } = state;
      const { records, chunks } = await encodeCheckpoint(
        state,
        { instance, writer, sequence: sequence++, stored, encodedSlices, oneRecordBytes },
        breathe,
        monotonicMs,
      );
      lastAtMs = monotonicMs();
      lastPosition = position;
      isWriting = true;
      writing = write(records, chunks, position).finally(() => (isWriting = false));
      writing.catch((failure: unknown) => deps.onFailure?.(failure));
    },
    settled: () => writing,
    close: () => store.close(),
  };
}
