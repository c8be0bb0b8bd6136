import { createAdwin, stepAdwin } from '../../src/detectors/comparison/adwin';
import { createWindow, stepWindow } from '../../src/detectors/comparison/moving-window';
import { createPageHinkley, stepPageHinkley } from '../../src/detectors/comparison/page-hinkley';
import { createEDetector, designEDetector, stepEDetector } from '../../src/detectors/e-detector';
import { createGrowing, type GrowingDesignOptions, stepGrowing } from '../../src/detectors/growing-detector';
import { freezeBaseline } from '../../src/detectors/learned-baseline';
import { createLearned, designLearned, stepLearned } from '../../src/detectors/learned-detector';
import { type Family, familyVariance, logRatio } from './streams';

/** A detector under test: takes a value, says whether it alarms. `copy` goes on from the same state. */
export interface Watcher {
  readonly step: (x: number) => boolean;
  readonly copy: () => Watcher;
}

function watcher<State>(state: State, step: (state: State, x: number) => boolean): Watcher {
  return { step: (x) => step(state, x), copy: () => watcher(structuredClone(state), step) };
}

/** The product's e-detector with the mean known; `varianceFactor` makes its variance wrong on purpose. */
export function known(family: Family, baseline: number, threshold: number, varianceFactor = 1): Watcher {
  const design = designEDetector({ baseline, variance: varianceFactor * familyVariance(family, baseline) });
  return watcher(createEDetector(design), (state, x) => stepEDetector(design, state, x) >= threshold);
}

/** The product's detector on a learned baseline that stays as it was frozen. */
export function fixedBaseline(reference: readonly number[], threshold: number): Watcher {
  const design = designLearned(freezeBaseline(reference, { threshold }));
  return watcher(createLearned(design), (state, x) => stepLearned(design, state, x).value >= threshold);
}

/** The product's detector on a learned baseline that goes on learning. */
export function growingBaseline(reference: readonly number[], options: GrowingDesignOptions): Watcher {
  const { design, state } = createGrowing(reference, options);
  return watcher(state, (s, x) => stepGrowing(design, s, x) >= options.threshold);
}

/** CUSUM with the distribution and both means known; `threshold` from simulating that very stream. */
export function oracleCusum(family: Family, before: number, after: number, threshold: number): Watcher {
  const ratio = logRatio(family, before, after);
  return watcher({ sum: 0 }, (state, x) => (state.sum = Math.max(0, state.sum + ratio(x))) >= threshold);
}

/** Mean of the last `size` values below `level`. */
export function windowBelow(size: number, level: number): Watcher {
  return watcher(createWindow(size), (state, x) => {
    const mean = stepWindow(state, x);
    return mean !== null && mean < level - 1e-9;
  });
}

/** Page-Hinkley for a fall. */
export function pageHinkley(delta: number, threshold: number): Watcher {
  const design = { delta, threshold, forgetting: 0.9999, minInstances: 30 };
  return watcher(createPageHinkley(), (state, x) => stepPageHinkley(design, state, 1 - x));
}

/** ADWIN as in river 0.21, whose thresholds the comparison was calibrated with. */
export function adwin(delta: number): Watcher {
  return watcher(createAdwin(delta, 'river-0.21'), (state, x) => stepAdwin(state, x));
}

/**
 * Thresholds of the comparators that make one false alarm in about 10,000 items of mean 0.85, found by simulating the
 * very family they are then run on. `goals` of the vectors give them too; they are settings, not results.
 */
export const CALIBRATED: Readonly<
  Record<
    Family,
    {
      readonly cusum: readonly [to080: number, to075: number];
      readonly windows: readonly (readonly [size: number, level: number])[];
      readonly hinkley: readonly (readonly [delta: number, threshold: number])[];
      readonly adwin: number;
    }
  >
> = {
  bernoulli: {
    cusum: [4.384, 5.471],
    windows: [
      [100, 0.74],
      [200, 0.775],
      [500, 0.81],
    ],
    hinkley: [
      [0.005, 22.848],
      [0.025, 12.099],
    ],
    adwin: 0.7766,
  },
  rubric5: {
    cusum: [5.545, 6.537],
    windows: [
      [50, 0.765],
      [100, 0.795],
      [200, 0.8137],
    ],
    hinkley: [
      [0.005, 9.146],
      [0.025, 3.846],
    ],
    adwin: 0.9968,
  },
  beta10: {
    cusum: [6.511, 7.304],
    windows: [
      [50, 0.7978],
      [100, 0.8162],
      [200, 0.8281],
    ],
    hinkley: [
      [0.005, 4.372],
      [0.025, 1.682],
    ],
    adwin: 0.9968,
  },
};
