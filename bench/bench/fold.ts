import type { LedgerEntry } from '../../src/ledger/port';
import { createFold } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import type { FoldState } from '../../src/watch/state';
import { BUILT_AT } from '../../test/support/builders/interaction';
import { at, buildMarker, buildOutcome, buildOutcomeCriterion } from '../../test/support/builders/ledger-record';
import { collectGarbage, cpuMicros, ratioSpread, type Spread, spreadOf } from './measure';
import type { RowResult } from './row';

export interface FoldFigures {
  readonly records_per_second_500: number;
  readonly records_per_second_10000: number;
  readonly slowdown_500_to_10000: number;
  /** Growth of the collected heap per series between 500 and 10,000 segments of five criteria. */
  readonly per_series_kb: number;
}

const CRITERIA = ['helpful', 'grounded', 'polite', 'complete', 'safe'];
const MARKER_EVERY = 500;
const GAP_MS = 1_000;

/** The fold over a ledger of judged records, five criteria each, in 500 and in 10,000 values of one dimension. */
export function benchFold({ quick }: { readonly quick: boolean }): RowResult<FoldFigures> {
  const records = quick ? 20_000 : 60_000;
  const repetitions = quick ? 3 : 7;
  const few: number[] = [];
  const many: number[] = [];
  foldOnce(500, records);
  for (let round = 0; round < repetitions; round++) {
    few.push(foldOnce(500, records).microsPerRecord);
    many.push(foldOnce(10_000, records).microsPerRecord);
  }
  const heaps = [500, 10_000].map((segments) => foldOnce(segments, records).heapBytes);
  const series = (10_000 - 500) * CRITERIA.length;
  const perSecond = (micros: readonly number[]): Spread => spreadOf(micros.map((cost) => 1e6 / cost));
  const figures = {
    records_per_second_500: perSecond(few).median,
    records_per_second_10000: perSecond(many).median,
    slowdown_500_to_10000: ratioSpread(many, few).median,
    per_series_kb: ((heaps[1] ?? NaN) - (heaps[0] ?? NaN)) / series / 1000,
  };
  const unit = 'records per CPU second';
  return {
    figures,
    rows: [
      { name: 'fold, 500 segments × 5 criteria', unit, value: perSecond(few), reference: null, goal: null },
      {
        name: 'fold, 10,000 segments × 5 criteria',
        unit,
        value: perSecond(many),
        reference: { name: 'its cost to that of 500', ratio: ratioSpread(many, few) },
        goal: null,
      },
      {
        name: 'memory of the fold per series',
        unit: 'kB',
        value: spreadOf([figures.per_series_kb]),
        reference: null,
        goal: null,
      },
    ],
  };
}

interface Folded {
  readonly microsPerRecord: number;
  /** Of the state, with everything else collected. */
  readonly heapBytes: number;
}

function foldOnce(segments: number, records: number): Folded {
  const fold = createFold({
    segments: segmentOptions.parse({ maxValues: 10_000 }),
    watch: watchOptions.parse({}),
    criteria: CRITERIA,
  });
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const state = fold.initial();
  let micros = 0;
  // A slice at a time, so that the records made for the bench are not the memory that is measured.
  for (let from = 0; from < records; from += MARKER_EVERY) {
    const entries = makeEntries(from, segments, state);
    micros += cpuMicros(() => {
      for (const entry of entries) fold.applyEntry(state, entry);
    });
  }
  collectGarbage();
  const heapBytes = process.memoryUsage().heapUsed - before;
  if (fold.snapshot(state).accounting.interactions !== records) throw new Error('the fold has lost records');
  return { microsPerRecord: micros / records, heapBytes };
}

function makeEntries(from: number, segments: number, { position }: FoldState): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let index = from; index < from + MARKER_EVERY; index++) {
    const occurredAt = BUILT_AT + index * GAP_MS;
    const record = buildOutcome(at(index), {
      occurredAt,
      segments: { product: `product-${index % segments}` },
      criteria: CRITERIA.map((criterion) => buildOutcomeCriterion({ criterion })),
    });
    entries.push({ position: position + BigInt(index - from), record: { ...record, recordedAt: occurredAt + 2_000 } });
  }
  const next = from + MARKER_EVERY;
  const now = BUILT_AT + next * GAP_MS;
  const positions = [{ ...at(next), eventTime: now - GAP_MS, idle: false }];
  entries.push({
    position: position + BigInt(MARKER_EVERY),
    record: { ...buildMarker([]), recordedAt: now + 2_000, positions },
  });
  return entries;
}
