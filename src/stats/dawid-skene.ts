/** A label model fitted without truth. */
export interface DawidSkene {
  /** Class shares. */
  readonly prior: readonly number[];
  /** `confusion[j][k][l]`: chance that judge j votes l when the truth is k; rows sum to 1. */
  readonly confusion: readonly (readonly (readonly number[])[])[];
  /** `posterior[i][k]`: chance that item i is of class k. */
  readonly posterior: readonly (readonly number[])[];
  /** Log likelihood of the votes under prior and confusion. */
  readonly logLikelihood: number;
}

export interface DawidSkeneOptions {
  readonly classes: number;
  /** EM steps, >= 1; 25 is plenty. */
  readonly iterations: number;
  /** Pseudo-votes in every cell of a confusion matrix, > 0; 0.01 usual. */
  readonly smoothing: number;
}

/**
 * Dawid-Skene EM, started at the vote shares. It takes judges to err independently given the truth, which judges of one
 * family do not: a report, not a way to combine verdicts.
 *
 * @param votes one row per item, one column per judge, class 0 .. classes-1 or null when missing:
 *   `[[0, 0, 1], [2, null, 2]]`. An item without votes starts uniform.
 *
 * Source: Dawid & Skene 1979.
 */
export function fitDawidSkene(votes: readonly (readonly (number | null)[])[], options: DawidSkeneOptions): DawidSkene {
  let posterior = votes.map((row) => voteShares(row, options.classes));
  let fit: DawidSkene = { prior: [], confusion: [], posterior, logLikelihood: 0 };
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const prior = meanRow(posterior, options.classes);
    const confusion = confusionOf(votes, posterior, options);
    const joint = votes.map((row) => jointOf(row, prior, confusion));
    posterior = joint.map((row) => {
      const total = row.reduce((a, b) => a + b, 0);
      return row.map((value) => value / total);
    });
    const logLikelihood = joint.reduce((total, row) => total + Math.log(row.reduce((a, b) => a + b, 0)), 0);
    fit = { prior, confusion, posterior, logLikelihood };
  }
  return fit;
}

function voteShares(row: readonly (number | null)[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const vote of row) if (vote !== null) counts[vote]! += 1;
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (total === 0 ? 1 / classes : count / total));
}

function meanRow(rows: readonly (readonly number[])[], classes: number): number[] {
  return Array.from({ length: classes }, (_, k) => rows.reduce((total, row) => total + row[k]!, 0) / rows.length);
}

function confusionOf(
  votes: readonly (readonly (number | null)[])[],
  posterior: readonly (readonly number[])[],
  { classes, smoothing }: DawidSkeneOptions,
): number[][][] {
  const judges = votes[0]?.length ?? 0;
  return Array.from({ length: judges }, (_, j) => {
    const cells = Array.from({ length: classes }, () => new Array<number>(classes).fill(smoothing));
    votes.forEach((row, i) => {
      const vote = row[j] ?? null;
      if (vote !== null) cells.forEach((cell, k) => (cell[vote]! += posterior[i]![k]!));
    });
    return cells.map((row) => {
      const total = row.reduce((a, b) => a + b, 0);
      return row.map((value) => value / total);
    });
  });
}

/** Chance of each class together with the item's votes. */
function jointOf(
  row: readonly (number | null)[],
  prior: readonly number[],
  confusion: readonly (readonly (readonly number[])[])[],
): number[] {
  return prior.map((share, k) =>
    row.reduce<number>((product, vote, j) => (vote === null ? product : product * confusion[j]![k]![vote]!), share),
  );
}
