import { DETECTOR_DEFAULTS } from '../../src/detectors/detector-defaults';
import { thresholdOf } from '../../src/detectors/fleet-budget';
import { createGrowing, stepGrowing } from '../../src/detectors/growing-detector';
import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';

const CRITERIA = 5;
const BEFORE = 0.85;
/** The series was watched for two weeks before the drop. */
const RUNNING_DAYS = 14;
const MOST_DAYS = 120;

export interface DefaultDelays {
  readonly days_to_page_10: number | null;
  readonly days_to_ticket_10: number | null;
  readonly days_to_page_05: number | null;
  /** Days until the reference is complete. */
  readonly days_to_baseline: number;
  readonly days_to_ticket_05: number | null;
}

/** Median days from a drop of a pass/fail series to its page and ticket, as shipped. Null beyond 120 days. */
export function defaultDelays(runs: number, seed: number): Record<string, DefaultDelays> {
  const found: Record<string, DefaultDelays> = {};
  for (const segments of [1, 40, 500]) {
    for (const perDay of [30, 100, 500]) {
      const series = segments * CRITERIA;
      const days = (drop: number, kind: 'page' | 'ticket'): number | null =>
        medianDays(runs, seed, series, perDay, drop, kind);
      found[`${segments}x${CRITERIA}/${perDay}`] = {
        days_to_page_10: days(0.1, 'page'),
        days_to_ticket_10: days(0.1, 'ticket'),
        days_to_page_05: days(0.05, 'page'),
        days_to_ticket_05: days(0.05, 'ticket'),
        days_to_baseline: Math.round((10 * DETECTOR_DEFAULTS.referenceSessions) / perDay) / 10,
      };
    }
  }
  return found;
}

function medianDays(
  runs: number,
  seed: number,
  series: number,
  perDay: number,
  drop: number,
  kind: 'page' | 'ticket',
): number | null {
  const { days, tolerance } = DETECTOR_DEFAULTS[kind];
  const threshold = thresholdOf(1 / series, days);
  const random = createRandom(seed);
  const draw = (mean: number): number => (random() < mean ? 1 : 0);
  const delays = Array.from({ length: runs }, () => {
    const reference = Array.from({ length: DETECTOR_DEFAULTS.referenceSessions }, () => draw(BEFORE));
    const { design, state } = createGrowing(reference, { threshold: threshold * perDay, tolerance });
    for (let t = 0; t < RUNNING_DAYS * perDay; t++) stepGrowing(design, state, draw(BEFORE), 1 / perDay);
    for (let t = 1; t <= MOST_DAYS * perDay; t++) {
      if (stepGrowing(design, state, draw(BEFORE - drop), 1 / perDay) >= threshold) return t / perDay;
    }
    return Infinity;
  });
  const median = quantile(delays, 0.5);
  return median === null || !Number.isFinite(median) ? null : Math.round(10 * median) / 10;
}
