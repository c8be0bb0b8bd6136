import { type Interval, waldInterval } from './interval';
import { requireSameLength } from './moments';

/**
 * Counts (or sums of weights) of label pairs, rows = reference, columns = predicted:
 * `[[23, 8], [6, 23]]` = 23 items both 0, 8 items reference 0 and predicted 1, and so on. Square.
 */
export type ConfusionMatrix = readonly (readonly number[])[];

/** How much credit a near miss gets: none, 1 - |i-j|/(k-1), or 1 - (i-j)^2/(k-1)^2. The last two need ordered labels. */
export type KappaWeighting = 'identity' | 'linear' | 'quadratic';

export interface Kappa {
  /** Observed and chance agreement, weighted, in [0, 1]. Null without items. */
  readonly observed: number | null;
  readonly expected: number | null;
  /** (observed - expected) / (1 - expected); null when the expected agreement is 1 or there are no items. */
  readonly kappa: number | null;
  /** Large-sample standard error, for equal weights of the items; null when kappa is. */
  readonly standardError: number | null;
  /** kappa +- 1.96 se, not clipped to [-1, 1]. */
  readonly interval: Interval | null;
}

/** Per category, in label order; 0 where the denominator is 0. */
export interface ClassFigures {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
}

/** A variance below this is rounding of an exact zero. */
const VARIANCE_ROUNDING = 1e-14;
const NO_CHANCE_LEFT = 1e-12;

/**
 * Counts label pairs. Labels are integers 0 .. categories-1; anything else throws. With `itemWeights` (1/pi of items
 * sampled with probability pi) cells hold sums of weights; then take standard errors by bootstrap over items.
 */
export function confusionMatrix(
  reference: readonly number[],
  predicted: readonly number[],
  categories: number,
  itemWeights?: readonly number[],
): ConfusionMatrix {
  requireSameLength(reference, predicted);
  const cells = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  reference.forEach((row, i) => {
    const column = predicted[i]!;
    const cell = cells[row]?.[column];
    if (cell === undefined) throw new RangeError(`labels ${row} and ${column} are not both in 0..${categories - 1}`);
    cells[row]![column] = cell + (itemWeights?.[i] ?? 1);
  });
  return cells;
}

/** Sum of all cells. */
export function itemCount(matrix: ConfusionMatrix): number {
  return matrix.reduce((total, row) => total + row.reduce((a, b) => a + b, 0), 0);
}

/** Share of equal labels; null without items. Equals micro-averaged F1. */
export function accuracy(matrix: ConfusionMatrix): number | null {
  const n = itemCount(matrix);
  return n === 0 ? null : diagonal(matrix).reduce((a, b) => a + b, 0) / n;
}

/**
 * Cohen's kappa, plain or weighted, with the large-sample standard error.
 * Source: Cohen 1960, 1968; Fleiss, Cohen & Everitt 1969, Large sample standard errors of kappa and weighted kappa.
 */
export function cohenKappa(matrix: ConfusionMatrix, weighting: KappaWeighting = 'identity'): Kappa {
  const n = itemCount(matrix);
  if (n === 0) return { observed: null, expected: null, kappa: null, standardError: null, interval: null };
  const k = matrix.length;
  const { rows, columns } = shares(matrix, n);
  const credit = (i: number, j: number): number => agreementCredit(weighting, i, j, k);
  const rowCredit = rows.map((_, i) => columns.reduce((total, share, j) => total + credit(i, j) * share, 0));
  const columnCredit = columns.map((_, j) => rows.reduce((total, share, i) => total + credit(i, j) * share, 0));
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      observed += (credit(i, j) * matrix[i]![j]!) / n;
      expected += credit(i, j) * rows[i]! * columns[j]!;
    }
  }
  const room = 1 - expected;
  if (room < NO_CHANCE_LEFT) return { observed, expected, kappa: null, standardError: null, interval: null };
  const kappa = (observed - expected) / room;
  let squares = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      squares += (matrix[i]![j]! / n) * (credit(i, j) - (rowCredit[i]! + columnCredit[j]!) * (1 - kappa)) ** 2;
    }
  }
  const raw = (squares - (kappa - expected * (1 - kappa)) ** 2) / (n * room * room);
  const standardError = raw < VARIANCE_ROUNDING ? 0 : Math.sqrt(raw);
  return { observed, expected, kappa, standardError, interval: waldInterval(kappa, standardError) };
}

/** Scott's pi: chance agreement from the pooled margins. Null as for kappa. Source: Scott 1955. */
export function scottPi(matrix: ConfusionMatrix): number | null {
  return chanceCorrected(matrix, (pooled) => pooled.reduce((total, share) => total + share * share, 0));
}

/**
 * Gwet's AC1: chance agreement sum q(1-q)/(k-1); steady where one label is rare and kappa collapses. Null without items
 * or with a single category. Source: Gwet 2008.
 */
export function gwetAc1(matrix: ConfusionMatrix): number | null {
  if (matrix.length < 2) return null;
  return chanceCorrected(
    matrix,
    (pooled) => pooled.reduce((total, share) => total + share * (1 - share), 0) / (matrix.length - 1),
  );
}

/** Precision, recall and F1 = 2 tp / (predicted + reference) of each category. */
export function classFigures(matrix: ConfusionMatrix): ClassFigures {
  const reference = matrix.map((row) => row.reduce((a, b) => a + b, 0));
  const predicted = columnSums(matrix);
  const hits = diagonal(matrix);
  return {
    precision: hits.map((tp, c) => ratioOrZero(tp, predicted[c]!)),
    recall: hits.map((tp, c) => ratioOrZero(tp, reference[c]!)),
    f1: hits.map((tp, c) => ratioOrZero(2 * tp, predicted[c]! + reference[c]!)),
  };
}

/** Unweighted mean of the categories' F1; null without categories. */
export function macroF1(matrix: ConfusionMatrix): number | null {
  const { f1 } = classFigures(matrix);
  return f1.length === 0 ? null : f1.reduce((a, b) => a + b, 0) / f1.length;
}

/** Mean of the categories' F1 weighted by how often the reference uses them; null without items. */
export function weightedF1(matrix: ConfusionMatrix): number | null {
  const n = itemCount(matrix);
  if (n === 0) return null;
  const reference = matrix.map((row) => row.reduce((a, b) => a + b, 0));
  return classFigures(matrix).f1.reduce((total, f1, c) => total + (f1 * reference[c]!) / n, 0);
}

/**
 * Matthews correlation, any number of categories, in [-1, 1]; null when either side uses one label only.
 * Source: Gorodkin 2004.
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number | null {
  const n = itemCount(matrix);
  if (n === 0) return null;
  const { rows, columns } = shares(matrix, n);
  const hits = diagonal(matrix).reduce((a, b) => a + b, 0) / n;
  const product = rows.reduce((total, share, i) => total + share * columns[i]!, 0);
  const spreadRows = 1 - rows.reduce((total, share) => total + share * share, 0);
  const spreadColumns = 1 - columns.reduce((total, share) => total + share * share, 0);
  if (spreadRows < NO_CHANCE_LEFT || spreadColumns < NO_CHANCE_LEFT) return null;
  return (hits - product) / Math.sqrt(spreadRows * spreadColumns);
}

function chanceCorrected(matrix: ConfusionMatrix, chance: (pooled: readonly number[]) => number): number | null {
  const observed = accuracy(matrix);
  if (observed === null) return null;
  const { rows, columns } = shares(matrix, itemCount(matrix));
  const expected = chance(rows.map((share, i) => (share + columns[i]!) / 2));
  return 1 - expected < NO_CHANCE_LEFT ? null : (observed - expected) / (1 - expected);
}

function agreementCredit(weighting: KappaWeighting, i: number, j: number, k: number): number {
  if (i === j) return 1;
  const distance = Math.abs(i - j) / (k - 1);
  if (weighting === 'identity') return 0;
  return weighting === 'linear' ? 1 - distance : 1 - distance * distance;
}

function shares(matrix: ConfusionMatrix, n: number): { rows: number[]; columns: number[] } {
  return {
    rows: matrix.map((row) => row.reduce((a, b) => a + b, 0) / n),
    columns: columnSums(matrix).map((total) => total / n),
  };
}

function columnSums(matrix: ConfusionMatrix): number[] {
  return matrix.map((_, c) => matrix.reduce((total, row) => total + row[c]!, 0));
}

function diagonal(matrix: ConfusionMatrix): number[] {
  return matrix.map((row, i) => row[i]!);
}

function ratioOrZero(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
