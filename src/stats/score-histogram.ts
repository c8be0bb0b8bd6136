/** Counts of scores in [0, 1] over bins of equal width: merges exactly, quantiles good to one bin. Plain JSON. */
export interface ScoreHistogram {
  readonly counts: number[];
  /** Sum of the counts. */
  n: number;
}

const DEFAULT_BINS = 1000;

/** An empty histogram; 1,000 bins by default, so quantiles are off by at most 0.001. */
export function createScoreHistogram(bins: number = DEFAULT_BINS): ScoreHistogram {
  return { counts: new Array<number>(bins).fill(0), n: 0 };
}

/** Takes in one score, in place; a score outside [0, 1] throws. */
export function recordScore(histogram: ScoreHistogram, score: number): void {
  if (!(score >= 0 && score <= 1)) throw new RangeError(`score ${score} is outside [0, 1]`);
  const bins = histogram.counts.length;
  histogram.counts[Math.min(Math.floor(score * bins), bins - 1)]! += 1;
  histogram.n += 1;
}

/** Histogram of both sets together; both must have the same bins. */
export function mergeHistograms(a: ScoreHistogram, b: ScoreHistogram): ScoreHistogram {
  if (a.counts.length !== b.counts.length) throw new RangeError('histograms differ in their bins');
  return { counts: a.counts.map((count, i) => count + b.counts[i]!), n: a.n + b.n };
}

/** Middle of the bin that holds the p-quantile, p in [0, 1]; null when empty. */
export function histogramQuantile(histogram: ScoreHistogram, p: number): number | null {
  if (histogram.n === 0) return null;
  const wanted = Math.max(1, Math.ceil(p * histogram.n));
  let seen = 0;
  const bin = histogram.counts.findIndex((count) => (seen += count) >= wanted);
  return (bin + 0.5) / histogram.counts.length;
}
