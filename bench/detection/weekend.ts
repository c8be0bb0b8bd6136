import { thresholdOf } from '../../src/detectors/fleet-budget';
import { createGrowing, resetGrowing, stepGrowing } from '../../src/detectors/growing-detector';
import { createRandom } from '../../src/stats/seeded-random';
import { detectorOptions } from '../../src/watch/options-alerts';
import { type Simulated, simulated } from './summary';

const SERIES = 200;
const PER_DAY = 50;
const WEEKS = 3;
const WATCHED_DAYS = 30;
const WEEKDAY = 0.88;
const WEEKEND = 0.78;

/**
 * Weekends are 10 points lower and nothing changes: false pages of 200 series in the first 30 days after baselines of
 * three whole weeks. The paging tolerance is the usual one, or how far the lowest day of the week lay below the mean.
 */
export function weekend(fleets: number, seed: number): Simulated & { nominal: number; tolerance_mean: number } {
  const random = createRandom(seed);
  const { days, tolerance } = detectorOptions.parse({}).page;
  const threshold = thresholdOf(1 / SERIES, days);
  const rate = (day: number): number => (day % 7 < 5 ? WEEKDAY : WEEKEND);
  const dayOf = (day: number): number[] => Array.from({ length: PER_DAY }, () => (random() < rate(day) ? 1 : 0));
  let tolerances = 0;
  const pages = Array.from({ length: fleets }, () => {
    let count = 0;
    for (let k = 0; k < SERIES; k++) {
      const reference = Array.from({ length: 7 * WEEKS }, (_, day) => dayOf(day));
      const spread = Math.max(tolerance, dayOfWeekSpread(reference));
      tolerances += spread;
      // The window of the guarantee: growth would learn weekdays and weekends in turn, so it stays off where days differ.
      const options = { threshold: threshold * PER_DAY, tolerance: spread, growth: Infinity };
      const { design, state } = createGrowing(reference.flat(), options);
      for (let day = 0; day < WATCHED_DAYS; day++) {
        for (const x of dayOf(day)) {
          if (stepGrowing(design, state, x, 1 / PER_DAY) < threshold) continue;
          count += 1;
          resetGrowing(state);
        }
      }
    }
    return count;
  });
  return { ...simulated(pages), nominal: WATCHED_DAYS / days, tolerance_mean: tolerances / (fleets * SERIES) };
}

/** Mean of the reference minus that of its lowest day of the week. */
function dayOfWeekSpread(reference: readonly (readonly number[])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const byDay = Array.from({ length: 7 }, (_, day) => mean(reference.filter((_, i) => i % 7 === day).flat()));
  return mean(reference.flat()) - Math.min(...byDay);
}
