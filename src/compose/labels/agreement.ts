import { accuracy, classFigures, cohenKappa, confusionMatrix } from '../../stats/agreement';

/** Agreement of the reported verdicts with human labels on one criterion; class 0 is fail, class 1 is pass. */
export interface LabelAgreement {
  readonly criterion: string;
  /** Items with both a label and a verdict. */
  readonly n: number;
  readonly labelled: number;
  /** Labelled items without a score; left out of the figures, never counted as a fail. */
  readonly without_score: number;
  readonly accuracy: number | null;
  readonly kappa: number | null;
  readonly kappa_lower: number | null;
  readonly kappa_upper: number | null;
  readonly f1_fail: number | null;
}

/**
 * @param labels interaction id → whether a person passed it.
 * @param verdicts interaction id → whether the monitor passed it; absent = no score.
 */
export function labelAgreement(
  criterion: string,
  labels: ReadonlyMap<string, boolean>,
  verdicts: ReadonlyMap<string, boolean>,
): LabelAgreement {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const [id, label] of labels) {
    const pass = verdicts.get(id);
    if (pass === undefined) continue;
    ours.push(pass ? 1 : 0);
    theirs.push(label ? 1 : 0);
  }
  const matrix = confusionMatrix(theirs, ours, 2);
  const kappa = cohenKappa(matrix);
  return {
    criterion,
    n: ours.length,
    labelled: labels.size,
    without_score: labels.size - ours.length,
    accuracy: accuracy(matrix),
    kappa: kappa.kappa,
    kappa_lower: kappa.interval?.[0] ?? null,
    kappa_upper: kappa.interval?.[1] ?? null,
    f1_fail: ours.length === 0 ? null : (classFigures(matrix).f1[0] ?? null),
  };
}
