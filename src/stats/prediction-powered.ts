import { type Interval, waldInterval } from './interval';
import { covariance, mean, requireSameLength, variance } from './moments';

/** A batch mean and its interval. */
export interface PoweredMean {
  readonly mean: number;
  readonly standardError: number;
  /** 95 %, pointwise. */
  readonly interval: Interval;
  /** How far the predictions are trusted, in [0, 1]; 0 = the labelled sample alone. */
  readonly trust: number;
}

/**
 * Mean of a batch scored with known escalation probabilities, with the cheap score trusted as far as it correlates:
 * phi = xi y/pi + trust (f - xi f/pi). The trust is fitted to the same items, so use it in reports of finished
 * batches only, never in a stream.
 *
 * @param cheap one cheap score per item; @param ensemble null where not escalated; @param pi escalation probabilities.
 * @returns null below two items. Trust is 0 when everything was escalated.
 *
 * Source: Angelopoulos, Duchi & Zrnic, PPI++, arXiv:2311.01453; Zrnic & Candes, arXiv:2403.03208.
 */
export function tunedMean(
  cheap: readonly number[],
  ensemble: readonly (number | null)[],
  pi: readonly number[],
): PoweredMean | null {
  requireSameLength(cheap, ensemble);
  requireSameLength(cheap, pi);
  const weighted = ensemble.map((y, i) => (y === null ? 0 : y / pi[i]!));
  const contrast = cheap.map((f, i) => f - (ensemble[i] === null ? 0 : f / pi[i]!));
  const spread = variance(contrast);
  if (spread === null) return null;
  const trust = spread === 0 ? 0 : clipUnit(-covariance(weighted, contrast)! / spread);
  const phi = weighted.map((value, i) => value + trust * contrast[i]!);
  return poweredMean(mean(phi)!, variance(phi)! / phi.length, trust);
}

/**
 * Mean of a labelled sample, sharpened by predictions on a much larger unlabelled pool.
 *
 * @param labels n true scores; @param predictions the predictions for the same n items;
 * @param pool predictions for N other items of the same population.
 * @returns null when either sample is empty or fewer than two predictions exist.
 *
 * Source: Angelopoulos, Duchi & Zrnic, PPI++, arXiv:2311.01453 (power-tuned mean).
 */
export function predictionPoweredMean(
  labels: readonly number[],
  predictions: readonly number[],
  pool: readonly number[],
): PoweredMean | null {
  requireSameLength(labels, predictions);
  const together = covariance(labels, predictions, 0);
  const spread = variance([...predictions, ...pool]);
  if (together === null || spread === null || pool.length === 0) return null;
  const trust = spread === 0 ? 0 : clipUnit(together / ((1 + labels.length / pool.length) * spread));
  const residuals = labels.map((label, i) => label - trust * predictions[i]!);
  const trusted = pool.map((prediction) => trust * prediction);
  return poweredMean(
    mean(trusted)! + mean(residuals)!,
    variance(trusted, 0)! / pool.length + variance(residuals, 0)! / labels.length,
    trust,
  );
}

function poweredMean(center: number, squaredError: number, trust: number): PoweredMean {
  const standardError = Math.sqrt(squaredError);
  return { mean: center, standardError, interval: waldInterval(center, standardError), trust };
}

function clipUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
