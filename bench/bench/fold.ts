import { ledgerMessages } from '../../src/compose/codecs';
import type { LedgerMessage } from '../../src/ledger/codec';
import type { SeriesId } from '../../src/domain/alert';
import { seriesKey } from '../../src/watch/alerts/series-key';
import type { WatchedSeries } from '../../src/watch/alerts/state';
import { createLight, observe } from '../../src/watch/alerts/watched';
import { createFold } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import { alertOptions, type AlertParams, detectorOptions } from '../../src/watch/options-alerts';
import { updateCosts } from '../detection/cost';
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
  /** The state of 10,000 segments of five criteria, each with an objective: heap and buffers, and the process's growth. */
  readonly fleet: FleetFigures;
  readonly per_light_series_kb: number;
  /** One value into a detector with a known level, a learned one, and a confidence sequence. */
  readonly cost_ns: { readonly known: number; readonly learned: number; readonly sequence: number };
}

interface FleetFigures {
  /** Series of segment and criterion that had values, those under watch by tier, and what they take. */
  readonly series: number;
  readonly full: number;
  readonly light: number;
  readonly state_mb: number;
  readonly rss_mb: number;
}

const FEW = 500;
const MANY = 10_000;
const FLEET = 50_000;
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
  const fleet = fleetOf(quick ? 100_000 : 300_000, seed);
  const light = lightBytes();
  const { known, learned, sequence } = updateCosts();
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
    fleet,
    per_light_series_kb: light / 1000,
    cost_ns: { known, learned, sequence },
  };
  const plain = (name: string, unit: string, value: number, atMost: number): Row => {
    return { name, unit, value: spreadOf([value]), reference: null, goal: { of: 'value', atMost } };
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
      plain(`state of ${fleet.series} series, ${fleet.full} full and ${fleet.light} light`, 'MB', fleet.state_mb, 300),
      plain('memory of a series of the light tier', 'kB', light / 1000, 0.5),
      plain('known baseline, one value', 'ns', known, 50),
      plain('learned baseline, one value', 'ns', learned, 5_000),
      plain('confidence sequence, one value', 'ns', sequence, 10_000),
    ],
  };
}

function fleetOf(records: number, seed: number): FleetFigures {
  const objectives = Object.fromEntries(CRITERIA.map((criterion) => [criterion, 0.5]));
  const detectors = detectorOptions.parse({ maxLightSeries: FLEET });
  collectGarbage();
  const before = process.memoryUsage.rss();
  const { heapBytes, ...counts } = foldOnce(FLEET, { ...ALERTING, detectors, objectives }, seed, {
    warmUp: records,
    records: 0,
  });
  const { series, full, light } = counts;
  return {
    series,
    full,
    light,
    state_mb: heapBytes / 1e6,
    rss_mb: (process.memoryUsage.rss() - before) / 1e6,
  };
}

/** One series of the light tier with its key, after a value. */
function lightBytes(): number {
  const many = 20_000;
  const series = new Map<string, WatchedSeries>();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < many; i++) {
    const id: SeriesId = {
      kind: 'score_regression',
      segment: { dimension: 'product', value: `product-${i}` },
      criterion: 'helpful',
      panel: 'mini>large+other+third/mean',
    };
    const one = createLight({ id, range: [-9, 10], objective: 0.8, seeded: null }, ALERTING);
    if (one === null) throw new Error('a series with an objective has a light tier');
    observe(one, 0.9, i, i, ALERTING);
    series.set(seriesKey(id), one);
  }
  collectGarbage();
  return (process.memoryUsage().heapUsed - before) / series.size;
}

interface Folded {
  readonly microsPerRecord: number;
  /** Of the state, with everything else collected. */
  readonly heapBytes: number;
  /** As in `FleetFigures`. */
  readonly series: number;
  readonly full: number;
  readonly light: number;
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
  const before = stateBytes();
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
  const heapBytes = stateBytes() - before;
  const snapshot = fold.snapshot(state);
  if (snapshot.position !== position) throw new Error('the fold has lost records');
  const { standings, estimates } = snapshot;
  const full = standings.filter(({ tier }) => tier === 'full').length;
  return {
    microsPerRecord: micros / (folded - warmUp),
    heapBytes,
    series: estimates.length,
    full,
    light: standings.length - full,
  };
}

function stateBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
