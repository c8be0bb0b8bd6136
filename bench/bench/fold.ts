import { ledgerMessages } from '../../src/compose/codecs';
import type { LedgerMessage } from '../../src/ledger/codec';
import { createFold } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import { alertOptions, type AlertParams, detectorOptions } from '../../src/watch/options-alerts';
import { CRITERIA, DIMENSIONS, foldTraffic } from './fold-traffic';
import { collectGarbage, cpuMicros, ratioSpread, type Spread, spreadOf } from './measure';
import type { Row, RowResult } from './row';

export interface FoldFigures {
  /** With the alerting of the default configuration, Avro decoding included. */
  readonly records_per_second_500: number;
  readonly records_per_second_10000: number;
  readonly slowdown_500_to_10000: number;
  /** The same records with nothing watched for alerts. */
  readonly records_per_second_500_unwatched: number;
  /** Growth of the collected heap per series between 500 and 10,000 series. */
  readonly per_series_kb: number;
}

const FEW = 500;
const MANY = 10_000;
/** What is shipped when the configuration says nothing. */
const ALERTING: AlertParams = {
  detectors: detectorOptions.parse({}),
  alerts: alertOptions.parse({}),
  scores: { largest: 10, floor: 0.1 },
  objectives: {},
};
const DAY_MS = 86_400_000;
/** Longer than a baseline takes, so that what is measured is series under watch and not series that learn. */
const WARM_UP_DAYS = 7.5;
const SLICE = 5_000;

/** The fold over encoded ledger records, five criteria each, in 500 and in 10,000 series of segment and criterion. */
export function benchFold({ quick, seed }: { readonly quick: boolean; readonly seed: number }): RowResult<FoldFigures> {
  const size = quick ? { warmUp: 40_000, records: 20_000 } : { warmUp: 300_000, records: 100_000 };
  const repetitions = quick ? 1 : 3;
  const runs = { few: [] as Folded[], many: [] as Folded[], unwatched: [] as Folded[] };
  for (let round = 0; round < repetitions; round++) {
    runs.few.push(foldOnce(FEW, ALERTING, seed + round, size));
    runs.many.push(foldOnce(MANY, ALERTING, seed + round, size));
    runs.unwatched.push(foldOnce(FEW, undefined, seed + round, size));
  }
  const micros = (folded: readonly Folded[]): number[] => folded.map(({ microsPerRecord }) => microsPerRecord);
  const perSecond = (folded: readonly Folded[]): Spread => spreadOf(micros(folded).map((cost) => 1e6 / cost));
  const slowdown = ratioSpread(micros(runs.many), micros(runs.few));
  const grown = spreadOf(
    runs.many.map(({ heapBytes }, i) => (heapBytes - (runs.few[i]?.heapBytes ?? NaN)) / (MANY - FEW) / 1000),
  );
  const figures = {
    records_per_second_500: perSecond(runs.few).median,
    records_per_second_10000: perSecond(runs.many).median,
    slowdown_500_to_10000: slowdown.median,
    records_per_second_500_unwatched: perSecond(runs.unwatched).median,
    per_series_kb: grown.median,
  };
  const row = (name: string, value: Spread, atLeast: number | null, reference: Row['reference'] = null): Row => {
    const goal = atLeast === null ? null : { of: 'value' as const, atLeast };
    return { name, unit: 'ledger records per CPU second', value, reference, goal };
  };
  return {
    figures,
    rows: [
      row('fold with Avro decoding and alerting, 500 series', perSecond(runs.few), 100_000),
      row('fold with Avro decoding and alerting, 10,000 series', perSecond(runs.many), 40_000, {
        name: 'its cost to that of 500',
        ratio: slowdown,
      }),
      row('fold with Avro decoding, nothing watched, 500 series', perSecond(runs.unwatched), null),
      { name: 'memory of the fold per series', unit: 'kB', value: grown, reference: null, goal: null },
    ],
  };
}

interface Folded {
  readonly microsPerRecord: number;
  /** Of the state, with everything else collected. */
  readonly heapBytes: number;
}

interface RunSize {
  readonly warmUp: number;
  readonly records: number;
}

function foldOnce(
  series: number,
  alerting: AlertParams | undefined,
  seed: number,
  { warmUp, records }: RunSize,
): Folded {
  const fold = createFold({
    segments: segmentOptions.parse({ dimensions: DIMENSIONS, maxValues: MANY }),
    watch: watchOptions.parse({}),
    criteria: CRITERIA,
    alerting,
  });
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const state = fold.initial();
  const traffic = foldTraffic(series / CRITERIA.length, (WARM_UP_DAYS * DAY_MS) / warmUp, seed);
  let position = 0n;
  let folded = 0;
  let micros = 0;
  while (folded < warmUp + records) {
    // A slice at a time, so that the records made for the bench are not the memory that is measured.
    const messages: LedgerMessage[] = [];
    while (messages.length < SLICE) messages.push(traffic.next().value as LedgerMessage);
    // Nor what their making left behind what the fold has to clear away.
    if (folded >= warmUp) collectGarbage();
    const cost = cpuMicros(() => {
      for (const { value, headers } of messages)
        fold.applyEntry(state, { position: position++, record: ledgerMessages.decode(value, headers) });
    });
    if (folded >= warmUp) micros += cost;
    folded += SLICE;
  }
  collectGarbage();
  const heapBytes = process.memoryUsage().heapUsed - before;
  if (fold.snapshot(state).position !== position) throw new Error('the fold has lost records');
  return { microsPerRecord: micros / (folded - warmUp), heapBytes };
}
