import type { PartitionPosition } from '../domain/coordinates';
import type { Accounting, SegmentEstimate } from '../domain/estimate';
import type { MarkerRecord, OutcomeItem } from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import type { LedgerEntry } from '../ledger/port';
import { countCriterion, countRecord, toAccounting } from './counts';
import { addId } from './id-table';
import { hold, type HeldRecord, partitionOf, release } from './partitions';
import { estimatesOf, recordItem } from './segment-table';
import { createSegmenter } from './segments';
import { createState, type Dropped, type FoldOptions, type FoldState, watermarksOf } from './state';

/**
 * The ledger in, the state out: no clock, no chance, no I/O, so two folds of one log agree to the bit. The state is
 * changed in place and belongs to the caller, who hands it to nobody else.
 */
export interface Fold {
  initial(): FoldState;
  applyEntry(state: FoldState, entry: LedgerEntry): void;
  snapshot(state: FoldState): FoldSnapshot;
}

export interface FoldSnapshot {
  readonly accounting: Accounting;
  readonly estimates: readonly SegmentEstimate[];
  /** The fold's time: the largest marker time, null before the first. */
  readonly clock: EpochMs | null;
  /** Next ledger position. */
  readonly position: bigint;
  readonly watermarks: readonly PartitionPosition[];
  /** Records that wait for a marker to pass them. */
  readonly heldRecords: number;
  /** Items counted under `__other__`, by dimension. */
  readonly overflow: Readonly<Record<string, number>>;
  /** Values left out because their escalation probability was impossible. */
  readonly rejected: number;
  readonly dropped: Readonly<Dropped>;
  readonly final: boolean;
}

export function createFold(options: FoldOptions): Fold {
  const segmentsOf = createSegmenter(options.segments);

  const applyMarker = (state: FoldState, marker: MarkerRecord): void => {
    if (state.clock === null || marker.recordedAt > state.clock) state.clock = marker.recordedAt;
    for (const position of marker.positions) {
      for (const { record } of release(partitionOf(state.partitions, position), position)) applyRecord(state, record);
    }
    if (marker.final) state.final = true;
  };

  const applyRecord = (state: FoldState, record: HeldRecord): void => {
    if (record.kind === 'behaviour') countRecord(state.counts, 'behaviour');
    else if (record.item === null) countRecord(state.counts, record.outcome);
    else if (addId(state.ids, record.item.interactionId)) applyItem(state, record.outcome, record.item);
    else countRecord(state.counts, 'duplicate');
  };

  const applyItem = (state: FoldState, outcome: FoldOutcome, item: OutcomeItem): void => {
    countRecord(state.counts, outcome);
    state.counts.interactions += 1;
    for (const criterion of item.criteria) countCriterion(state.counts, criterion);
    if (item.sampled) recordItem(state.segments, segmentsOf(item), item.criteria);
  };

  return {
    initial: () => createState(options),
    applyEntry(state, { position, record }) {
      if (position < state.position) return;
      state.position = position + 1n;
      switch (record.kind) {
        case 'outcome':
        case 'behaviour': {
          const held = hold(partitionOf(state.partitions, record.source), record);
          if (held !== 'held') state.dropped[held] += 1;
          return;
        }
        case 'marker':
          applyMarker(state, record);
          return;
        case 'config':
      }
    },
    snapshot: (state) => ({
      accounting: toAccounting(state.counts),
      estimates: estimatesOf(state.segments),
      clock: state.clock,
      position: state.position,
      watermarks: watermarksOf(state.partitions),
      heldRecords: [...state.partitions.values()].reduce((sum, { held }) => sum + held.length, 0),
      overflow: Object.fromEntries(state.segments.overflow),
      rejected: state.segments.rejected,
      dropped: { ...state.dropped },
      final: state.final,
    }),
  };
}

type FoldOutcome = Parameters<typeof countRecord>[1];
