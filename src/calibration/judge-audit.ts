import { accuracy, classFigures, type ConfusionMatrix, cohenKappa, confusionMatrix } from '../stats/agreement';
import { wilsonInterval } from '../stats/binomial-intervals';
import type { Interval } from '../stats/interval';

/** One judge held against labels of people, on the items where both said something. */
export interface JudgeAudit {
  /** Items with a label and a verdict. */
  readonly n: number;
  /** Items with a label on which the judge's text held no verdict; never counted as right or wrong. */
  readonly missing: number;
  readonly accuracy: number | null;
  readonly accuracyInterval: Interval | null;
  readonly kappa: number | null;
  /** Null below `FEWEST_ITEMS` and where a margin is empty: then only the counts mean something. */
  readonly kappaInterval: Interval | null;
  /** F1 of the class asked for; null when neither side ever says it. */
  readonly f1: number | null;
  readonly f1Interval: Interval | null;
  /** Share of items on which the judge says the class. */
  readonly says: number | null;
  /** Rows = label, columns = verdict. */
  readonly matrix: ConfusionMatrix;
}

/** Below this the large-sample interval of kappa is not given. */
export const FEWEST_ITEMS = 30;

/**
 * Agreement of verdicts with labels, both as class numbers 0 .. classes-1, verdicts null where unreadable.
 * `auditJudge([0, 1, 1], [0, 1, null], { classes: 2, positive: 1 })`: 2 items, 1 missing, accuracy 1.
 *
 * @param options.positive class whose F1 is reported.
 * Source: STATISTICS 5.1; Fleiss, Cohen & Everitt 1969 (interval of kappa); Wilson 1927 (of shares).
 */
export function auditJudge(
  labels: readonly number[],
  verdicts: readonly (number | null)[],
  options: { readonly classes: number; readonly positive: number },
): JudgeAudit {
  const kept = labels.flatMap((label, i) => {
    const verdict = verdicts[i] ?? null;
    return verdict === null ? [] : [{ label, verdict }];
  });
  const n = kept.length;
  const matrix = confusionMatrix(
    kept.map(({ label }) => label),
    kept.map(({ verdict }) => verdict),
    options.classes,
  );
  const right = matrix.reduce((total, row, c) => total + row[c]!, 0);
  const kappa = cohenKappa(matrix);
  const said = kept.filter(({ verdict }) => verdict === options.positive).length;
  const ofClass = f1With(matrix, options.positive);
  return {
    n,
    missing: labels.length - n,
    accuracy: accuracy(matrix),
    accuracyInterval: wilsonInterval(right, n),
    kappa: kappa.kappa,
    kappaInterval: n < FEWEST_ITEMS || hasEmptyMargin(matrix) ? null : kappa.interval,
    ...ofClass,
    says: n === 0 ? null : said / n,
    matrix,
  };
}

/**
 * F1 and its interval. F1 = 2 J / (1 + J) with J = tp / (tp + fp + fn), which is a plain proportion among the items that
 * either side puts in the class; Wilson's limits of J carry over because the map rises.
 */
function f1With(matrix: ConfusionMatrix, positive: number): { f1: number | null; f1Interval: Interval | null } {
  const hits = matrix[positive]![positive]!;
  const union = matrix.reduce(
    (total, row, r) => total + row.reduce((sum, cell, c) => sum + (r === positive || c === positive ? cell : 0), 0),
    0,
  );
  const ofShare = wilsonInterval(hits, union);
  if (ofShare === null) return { f1: null, f1Interval: null };
  const toF1 = (share: number): number => (2 * share) / (1 + share);
  return { f1: classFigures(matrix).f1[positive]!, f1Interval: [toF1(ofShare[0]), toF1(ofShare[1])] };
}

function hasEmptyMargin(matrix: ConfusionMatrix): boolean {
  const rows = matrix.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = matrix.map((_, c) => matrix.reduce((total, row) => total + row[c]!, 0));
  return rows.filter((total) => total > 0).length < 2 || columns.filter((total) => total > 0).length < 2;
}
