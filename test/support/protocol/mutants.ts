import { partitionKey, type PartitionPosition } from '../../../src/domain/coordinates';
import type { LedgerRecord, MarkerRecord } from '../../../src/domain/ledger-record';
import type { CheckpointStore } from '../../../src/ledger/checkpoint-port';
import type { LedgerEntry, LedgerWriter } from '../../../src/ledger/port';
import type { Checkpointer } from '../../../src/watch/checkpointer';
import type { Fold } from '../../../src/watch/fold';
import { createState, decodeState, type EncodedState, encodeState } from '../../../src/watch/state';

/** Mistakes that others have made, planted at the ports; a simulation that misses one of them proves nothing. */
export const MUTANTS = [
  'commit highest completed',
  'no dedupe',
  'ledger partitioned by segment',
  'state without position',
  'multi-record snapshot',
] as const;
export type Mutant = (typeof MUTANTS)[number];

/** Commits and marks one above the highest offset acknowledged, instead of the lowest that is not. */
export function commitHighest(ledger: LedgerWriter): {
  readonly ledger: LedgerWriter;
  readonly positions: (positions: readonly PartitionPosition[]) => readonly PartitionPosition[];
} {
  const highest = new Map<string, bigint>();
  const raise = <T extends PartitionPosition>(position: T): T => ({
    ...position,
    offset: highest.get(partitionKey(position)) ?? position.offset,
  });
  return {
    ledger: {
      ...ledger,
      async append(records) {
        await ledger.append(records.map((record) => (record.kind === 'marker' ? raised(record) : record)));
        for (const record of records) {
          if (record.kind !== 'outcome' && record.kind !== 'behaviour') continue;
          const key = partitionKey(record.source);
          const next = record.source.offset + 1n;
          if (next > (highest.get(key) ?? 0n)) highest.set(key, next);
        }
      },
    },
    positions: (positions) => positions.map(raise),
  };

  function raised(marker: MarkerRecord): MarkerRecord {
    return { ...marker, positions: marker.positions.map(raise) };
  }
}

/** Every line counts at once, as if it were the only one of its offset. */
export function withoutDedupe(fold: Fold): Fold {
  return {
    ...fold,
    applyEntry(state, entry) {
      const { record, position } = entry;
      if (record.kind !== 'outcome' && record.kind !== 'behaviour') return fold.applyEntry(state, entry);
      if (position < state.position) return;
      const source = { topic: `${record.source.topic}#${position}`, partition: 0, offset: 0n };
      fold.applyEntry(state, { position, record: { ...record, source } });
      state.position = position;
      const passed = { ...source, offset: 1n, eventTime: null, idle: true };
      fold.applyEntry(state, {
        position,
        record: { kind: 'marker', recordedAt: 0, positions: [passed], final: false },
      });
    },
  };
}

/** The part of a partitioned ledger that a line goes to, by a field that a new configuration reads differently. */
export function segmentPartition(record: LedgerRecord, configVersion: number): 0 | 1 {
  if (record.kind !== 'outcome' || record.item === null) return 0;
  const { segments, interactionId } = record.item;
  const value = configVersion === 1 ? (segments['product'] ?? '') : interactionId;
  return ((value.charCodeAt(value.length - 1) || 0) & 1) as 0 | 1;
}

/** The lines of one part of such a ledger, with all markers. */
export function partOf(
  entries: readonly LedgerEntry[],
  part: 0 | 1,
  versionAt: (position: bigint) => number,
): LedgerEntry[] {
  return entries.filter(
    ({ position, record }) => record.kind === 'marker' || segmentPartition(record, versionAt(position)) === part,
  );
}

/** Each field of the state under a key of its own, written one after the other, and read back from whoever wrote last. */
export function multiRecordCheckpoints(
  store: CheckpointStore,
  everyRecords: bigint,
  isOwner: () => boolean,
): Checkpointer {
  let lastPosition = 0n;
  let writing: Promise<void> = Promise.resolve();
  return {
    async restore(options) {
      const stored = await store.load();
      const fields = [...stored].map(([key, value]) => [key, JSON.parse(value.toString()) as unknown]);
      const encoded = Object.fromEntries(fields) as EncodedState;
      // Before every field has been written once there is nothing to go by.
      if (fields.length < Object.keys(encodeState(createState(options))).length) return null;
      const state = decodeState(encoded, options);
      lastPosition = state.position;
      return { state, skipped: 0 };
    },
    isDue: ({ position }) => isOwner() && position - lastPosition >= everyRecords,
    take(state) {
      const encoded = JSON.parse(JSON.stringify(encodeState(state))) as Record<string, unknown>;
      lastPosition = state.position;
      const records = Object.entries(encoded).map(([key, value]) => ({
        key,
        value: Buffer.from(JSON.stringify(value)),
      }));
      writing = writing.then(() => store.write(records)).catch(() => {});
      return Promise.resolve();
    },
    settled: () => writing,
    close: () => Promise.resolve(),
  };
}
