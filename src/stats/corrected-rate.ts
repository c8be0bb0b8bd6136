import { clipInterval, type Interval, waldInterval } from './interval';

/** Right verdicts of so many, on items whose truth is known. */
export interface CalibrationCount {
  readonly correct: number;
  readonly n: number;
}

/** A pass rate corrected for the judge's known errors. */
export interface CorrectedRate {
  readonly raw: number;
  /** sensitivity + specificity - 1: 1 for a perfect judge, 0 for a useless one. Below 0.1 do not publish the rate. */
  readonly youden: number;
  /** Corrected rate, possibly outside [0, 1], and clipped to it; null when youden is 0. */
  readonly corrected: number | null;
  readonly clipped: number | null;
  readonly standardError: number | null;
  /** corrected +- 1.96 se, clipped to [0, 1]. */
  readonly interval: Interval | null;
}

/**
 * True pass rate behind a judge's pass rate, from its sensitivity (passes of true passes) and specificity (fails of true
 * fails) on a calibration set. Holds only while judge and mix are those of the calibration set. Null when a count is 0.
 * Source: Rogan & Gladen 1978; Lee et al., arXiv:2511.21140 (variance with estimated sensitivity and specificity).
 */
export function correctedPassRate(
  passes: number,
  n: number,
  specificity: CalibrationCount,
  sensitivity: CalibrationCount,
): CorrectedRate | null {
  if (n === 0 || specificity.n === 0 || sensitivity.n === 0) return null;
  const raw = passes / n;
  const spec = specificity.correct / specificity.n;
  const sens = sensitivity.correct / sensitivity.n;
  const youden = sens + spec - 1;
  if (Math.abs(youden) < 1e-12) {
    return { raw, youden, corrected: null, clipped: null, standardError: null, interval: null };
  }
  const corrected = (raw + spec - 1) / youden;
  const clipped = Math.min(1, Math.max(0, corrected));
  const noise =
    (raw * (1 - raw)) / n +
    ((1 - clipped) ** 2 * spec * (1 - spec)) / specificity.n +
    (clipped ** 2 * sens * (1 - sens)) / sensitivity.n;
  const standardError = Math.sqrt(noise) / Math.abs(youden);
  return {
    raw,
    youden,
    corrected,
    clipped,
    standardError,
    interval: clipInterval(waldInterval(corrected, standardError), 0, 1),
  };
}
