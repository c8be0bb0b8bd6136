import type { OutcomeCriterion } from '../domain/ledger-record';
import type { SessionValue } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import { AIPW_SUMS, writeAipw } from '../stats/aipw';
import { type CriterionSeries, isFailedEscalation, isProbability, panelKey, type PanelSeries } from './series';
import {
  layoutOf,
  MISSING,
  type SeriesLayout,
  type SeriesShape,
  type ShapeSizes,
  type Slots,
  slotsOf,
  withCriterion,
  withPanel,
} from './series-shape';

/** The series of one segment. */
export interface SegmentSeries {
  /** Sampled items, and event time of the last. */
  records: number;
  lastAt: EpochMs;
  /** Sampled items a day, smoothed with a half-life of a week, as of the last review; `records` as of then. */
  volume: number;
  reviewedRecords: number;
  /** Where the numbers of each criterion and panel are. */
  shape: SeriesShape;
  numbers: Float64Array;
}

/** The numbers of a criterion, then of a panel: sums over items, then over sessions. */
const RESULTS = ['scored', 'notApplicable', 'unjudged'] as const;
const BESIDE_AIPW = ['cheapItems', 'cheapSum', 'ensembleSum'] as const;
const SESSION_SUMS = ['n', 'sum', 'sumSquares', 'bracketed', 'lowest', 'highest'] as const;
const ITEM_SUMS = AIPW_SUMS.length + BESIDE_AIPW.length;
const SIZES: ShapeSizes = { criterion: RESULTS.length, panel: ITEM_SUMS + SESSION_SUMS.length };

/**
 * What an item, or a closed session, adds to each of its segments: worked out once, then added row by row. Used for one
 * after the other.
 */
export interface Additions {
  layout: SeriesLayout;
  /** By place in the layout: which of `RESULTS` goes up, or `MISSING`. */
  readonly results: number[];
  /** By place in the layout: whether there is anything in `sums`. */
  readonly hasSums: boolean[];
  /** `ITEM_SUMS` or `SESSION_SUMS` numbers for each place in the layout. */
  sums: Float64Array;
}

export function createAdditions(): Additions {
  return { layout: { names: [], slots: new Map() }, results: [], hasSums: [], sums: new Float64Array(0) };
}

/** Returns the number of values that could not be used, because their escalation probability is impossible. */
export function readItem(additions: Additions, criteria: readonly OutcomeCriterion[], layouts: SeriesLayout[]): number {
  start(additions, criteria.length, ITEM_SUMS);
  additions.layout = layoutOf(layouts, criteria, panelKey);
  let rejected = 0;
  for (let i = 0; i < criteria.length; i++) {
    const criterion = criteria[i]!;
    additions.results[i] = resultOf(criterion);
    additions.hasSums[i] = criterion.result === 'scored' && writeValue(additions.sums, i * ITEM_SUMS, criterion);
    const isRejected =
      criterion.result === 'scored'
        ? !additions.hasSums[i]
        : isFailedEscalation(criterion) && !isProbability(criterion.escalationProbability ?? 1);
    if (isRejected) rejected += 1;
  }
  return rejected;
}

/** Each value is one session's mean for its criterion and panel. */
export function readSession(additions: Additions, values: readonly SessionValue[], layouts: SeriesLayout[]): void {
  start(additions, values.length, SESSION_SUMS.length);
  additions.layout = layoutOf(layouts, values, panelName);
  const { sums } = additions;
  for (let i = 0; i < values.length; i++) {
    const { value, lowest, highest } = values[i]!;
    const at = i * SESSION_SUMS.length;
    if (value !== null) {
      sums[at] = 1;
      sums[at + 1] = value;
      sums[at + 2] = value * value;
    }
    sums[at + 3] = 1;
    sums[at + 4] = lowest;
    sums[at + 5] = highest;
  }
}

function panelName({ panel }: SessionValue): string {
  return panel;
}

function start(additions: Additions, count: number, width: number): void {
  if (additions.sums.length < count * width) additions.sums = new Float64Array(count * width);
  else additions.sums.fill(0);
}

function resultOf({ result }: OutcomeCriterion): number {
  switch (result) {
    case 'scored':
      return 0;
    case 'not_applicable':
      return 1;
    case 'unjudged':
      return 2;
    case 'not_sampled':
      return MISSING;
  }
}

/** False for a value that cannot be used. */
function writeValue(sums: Float64Array, at: number, criterion: OutcomeCriterion): boolean {
  const { cheapScore, ensembleScore, escalated } = criterion;
  const pi = criterion.escalationProbability ?? 1;
  const ensemble = escalated ? ensembleScore : null;
  // Without a cheap score pi is 1, and the ensemble's own score makes the correction vanish.
  const prediction = cheapScore ?? ensemble;
  if (prediction === null || !isProbability(pi)) return false;
  writeAipw(sums, at, prediction, ensemble, pi);
  const beside = at + AIPW_SUMS.length;
  if (cheapScore !== null) {
    sums[beside] = 1;
    sums[beside + 1] = cheapScore;
  }
  if (ensemble !== null) sums[beside + 2] = ensemble;
  return true;
}

/** Every criterion of the item has a place from then on, a panel from its first value on. */
export function addItem(own: SegmentSeries, { layout, results, hasSums, sums }: Additions): void {
  let slots = slotsOf(layout, own.shape);
  if (!slots.isComplete && lacksPlace(slots, hasSums)) {
    let { shape } = own;
    for (const [criterion] of layout.names) shape = withCriterion(shape, criterion, SIZES);
    layout.names.forEach((name, i) => {
      if (hasSums[i] === true) shape = withPanel(shape, name, SIZES);
    });
    takeShape(own, shape);
    slots = slotsOf(layout, shape);
  }
  const { numbers } = own;
  for (let i = 0; i < layout.names.length; i++) {
    const result = results[i]!;
    if (result !== MISSING) numbers[slots.criteria[i]! + result]! += 1;
    if (hasSums[i] !== true) continue;
    const to = slots.panels[i]!;
    const from = i * ITEM_SUMS;
    for (let k = 0; k < ITEM_SUMS; k++) numbers[to + k]! += sums[from + k]!;
  }
}

function lacksPlace({ criteria, panels }: Slots, hasSums: readonly boolean[]): boolean {
  for (let i = 0; i < criteria.length; i++) {
    if (criteria[i] === MISSING || (hasSums[i] === true && panels[i] === MISSING)) return true;
  }
  return false;
}

/** Values of criteria that no item of the segment had are left out. */
export function addSession(own: SegmentSeries, { layout, sums }: Additions): void {
  let slots = slotsOf(layout, own.shape);
  if (!slots.isComplete) {
    let { shape } = own;
    for (const name of layout.names) shape = withPanel(shape, name, SIZES);
    takeShape(own, shape);
    slots = slotsOf(layout, shape);
  }
  const { numbers } = own;
  for (let i = 0; i < layout.names.length; i++) {
    if (slots.panels[i] === MISSING) continue;
    const to = slots.panels[i]! + ITEM_SUMS;
    const from = i * SESSION_SUMS.length;
    for (let k = 0; k < SESSION_SUMS.length; k++) numbers[to + k]! += sums[from + k]!;
  }
}

/** Numbers keep their places in a larger shape. */
function takeShape(own: SegmentSeries, shape: SeriesShape): void {
  if (shape === own.shape) return;
  const numbers = new Float64Array(shape.size);
  numbers.set(own.numbers);
  own.shape = shape;
  own.numbers = numbers;
}

export function createSegmentSeries(
  empty: SeriesShape,
  criteria: readonly (readonly [string, CriterionSeries])[] = [],
  records = 0,
  lastAt: EpochMs = -Infinity,
  [volume, reviewedRecords]: readonly [number, number] = [0, 0],
): SegmentSeries {
  const own: SegmentSeries = {
    records,
    lastAt,
    volume,
    reviewedRecords,
    shape: empty,
    numbers: new Float64Array(0),
  };
  let shape = empty;
  for (const [criterion] of criteria) shape = withCriterion(shape, criterion, SIZES);
  for (const [criterion, { panels }] of criteria) {
    for (const [panel] of panels) shape = withPanel(shape, [criterion, panel], SIZES);
  }
  takeShape(own, shape);
  const series = new Map(criteria);
  for (const { criterion, at, panels } of shape.criteria) {
    const known = series.get(criterion)!;
    own.numbers.set(
      RESULTS.map((name) => known[name]),
      at,
    );
    panels.forEach((place, i) => own.numbers.set(numbersOf(known.panels[i]![1]), place.at));
  }
  return own;
}

function numbersOf(panel: PanelSeries): number[] {
  return [
    ...AIPW_SUMS.map((name) => panel.aipw[name]),
    ...BESIDE_AIPW.map((name) => panel[name]),
    ...SESSION_SUMS.map((name) => panel.sessions[name]),
  ];
}

/** The series by criterion, in the order in which they came up. */
export function seriesIn({ shape, numbers }: SegmentSeries): (readonly [string, CriterionSeries])[] {
  return shape.criteria.map(({ criterion, at, panels }) => [
    criterion,
    {
      ...named(RESULTS, numbers, at),
      panels: panels.map((place) => [place.panel, panelOf(numbers, place.at)] as const),
    },
  ]);
}

function panelOf(numbers: Float64Array, at: number): PanelSeries {
  return {
    aipw: named(AIPW_SUMS, numbers, at),
    ...named(BESIDE_AIPW, numbers, at + AIPW_SUMS.length),
    sessions: named(SESSION_SUMS, numbers, at + ITEM_SUMS),
  };
}

function named<Name extends string>(names: readonly Name[], numbers: Float64Array, at: number): Record<Name, number> {
  return Object.fromEntries(names.map((name, i) => [name, numbers[at + i]])) as Record<Name, number>;
}
