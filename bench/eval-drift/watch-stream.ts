import { DETECTOR_DEFAULTS } from '../../src/detectors/detector-defaults';
import { thresholdOf } from '../../src/detectors/fleet-budget';
import { createGrowing, stepGrowing } from '../../src/detectors/growing-detector';

/** Series that share the false-alarm budget in these replays: the product and a few segments of it. */
const SERIES = 10;

/** Item at which the detector of drops alarms, from 1; null when it stays silent. Values lie in [a, b], the mean in [0, 1]. */
export function dropAlarm(
  reference: readonly number[],
  stream: readonly number[],
  perDay: number,
  severity: 'page' | 'ticket',
  range: readonly [number, number] = [0, 1],
): number | null {
  const { days, tolerance } = DETECTOR_DEFAULTS[severity];
  const threshold = thresholdOf(1 / SERIES, days);
  const { design, state } = createGrowing(reference, { threshold: threshold * perDay, tolerance, range });
  for (let t = 0; t < stream.length; t++) {
    if (stepGrowing(design, state, stream[t]!, 1 / perDay) >= threshold) return t + 1;
  }
  return null;
}

/** `count` members drawn with repetition. */
export function redraw<T>(values: readonly T[], count: number, random: () => number): T[] {
  return Array.from({ length: count }, () => values[Math.floor(random() * values.length)]!);
}
