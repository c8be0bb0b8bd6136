import { createGrowing, resetGrowing, stepGrowing } from '../../src/detectors/growing-detector';
import { freezeBaseline } from '../../src/detectors/learned-baseline';
import { createLearned, designLearned, stepLearned } from '../../src/detectors/learned-detector';
import { createRandom } from '../../src/stats/seeded-random';
import { FAMILIES, type Family } from './streams';
import { type Simulated, simulated } from './summary';

const THRESHOLD = 10_000;
const MEAN = 0.85;

/**
 * False alarms per item times the threshold, averaged over reference windows; the detector starts afresh after each
 * alarm. The guarantee is at most 1.
 */
export function learnedRate(
  kind: 'growing' | 'fixed',
  family: Family,
  referenceSize: number,
  references: number,
  items: number,
  seed: number,
): Simulated {
  const draw = FAMILIES[family];
  const random = createRandom(seed);
  const rates = Array.from({ length: references }, () => {
    const reference = Array.from({ length: referenceSize }, () => draw(MEAN, random));
    const alarms = (kind === 'growing' ? growingAlarms : fixedAlarms)(reference, items, () => draw(MEAN, random));
    return (alarms / items) * THRESHOLD;
  });
  return simulated(rates);
}

function growingAlarms(reference: readonly number[], items: number, draw: () => number): number {
  const { design, state } = createGrowing(reference, { threshold: THRESHOLD });
  let alarms = 0;
  for (let t = 0; t < items; t++) {
    if (stepGrowing(design, state, draw()) < THRESHOLD) continue;
    alarms += 1;
    resetGrowing(state);
  }
  return alarms;
}

function fixedAlarms(reference: readonly number[], items: number, draw: () => number): number {
  const design = designLearned(freezeBaseline(reference, { threshold: THRESHOLD }));
  let state = createLearned(design);
  let alarms = 0;
  for (let t = 0; t < items; t++) {
    if (stepLearned(design, state, draw()).value < THRESHOLD) continue;
    alarms += 1;
    state = createLearned(design);
  }
  return alarms;
}
