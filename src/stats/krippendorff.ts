/** Distance between two labels: equal or not, by rank in use, or squared difference of the label numbers. */
export type LabelMetric = 'nominal' | 'ordinal' | 'interval';

/**
 * Krippendorff's alpha for any number of raters, with gaps; 1 = perfect, 0 = as by chance, may be negative.
 *
 * @param ratings one row per rater, one column per item, null where the rater gave none:
 *   `[[0, 1, null], [0, 2, 2]]` = two raters, three items. Labels are integers 0 .. categories-1. Items with fewer than
 *   two ratings count for nothing.
 * @returns null when no item has two ratings, or when all ratings that can be paired are equal.
 *
 * Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, coincidence-matrix form.
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (number | null)[])[],
  categories: number,
  metric: LabelMetric,
): number | null {
  const coincidences = coincidenceMatrix(ratings, categories);
  const totals = coincidences.map((row) => row.reduce((a, b) => a + b, 0));
  const n = totals.reduce((a, b) => a + b, 0);
  let observed = 0;
  let expected = 0;
  for (let c = 0; c < categories; c++) {
    for (let k = 0; k < categories; k++) {
      const distance = labelDistance(metric, totals, c, k);
      observed += coincidences[c]![k]! * distance;
      expected += totals[c]! * totals[k]! * distance;
    }
  }
  return expected === 0 ? null : 1 - ((n - 1) * observed) / expected;
}

/** Pairs of labels within an item, each item worth as many as it has ratings. */
function coincidenceMatrix(ratings: readonly (readonly (number | null)[])[], categories: number): number[][] {
  const cells = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  const items = ratings[0]?.length ?? 0;
  for (let item = 0; item < items; item++) {
    const labels = ratings.map((row) => row[item] ?? null).filter((label) => label !== null);
    labels.forEach((a, i) => {
      labels.forEach((b, j) => {
        if (i !== j) cells[a]![b]! += 1 / (labels.length - 1);
      });
    });
  }
  return cells;
}

function labelDistance(metric: LabelMetric, totals: readonly number[], c: number, k: number): number {
  if (c === k) return 0;
  if (metric === 'nominal') return 1;
  if (metric === 'interval') return (c - k) ** 2;
  let between = 0;
  for (let g = Math.min(c, k); g <= Math.max(c, k); g++) between += totals[g]!;
  return (between - (totals[c]! + totals[k]!) / 2) ** 2;
}
