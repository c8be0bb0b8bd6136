import { createEDetector, designEDetector, stepEDetector } from '../../src/detectors/e-detector';
import { thresholdOf } from '../../src/detectors/fleet-budget';
import { createGrowing, resetGrowing, stepGrowing } from '../../src/detectors/growing-detector';
import { createRandom } from '../../src/stats/seeded-random';
import { FAMILIES, type Family, familyVariance } from './streams';
import { type Simulated, simulated } from './summary';

export interface FleetPlan {
  readonly segments: number;
  readonly days: number;
  /** Judged sessions of a series per day. */
  readonly perDay: number;
  readonly fleets: number;
  /** Days per false page of the whole fleet. */
  readonly budgetDays: number;
  readonly tolerance: number;
}

const REFERENCE = 1000;

/** A fleet mixes families and levels, as real ones do. */
const KINDS: readonly (readonly [family: Family, mean: number])[] = [
  ['bernoulli', 0.85],
  ['bernoulli', 0.95],
  ['rubric5', 0.7],
  ['bernoulli', 0.6],
  ['beta10', 0.85],
];

/** False pages per fleet when every series is looked at after every session; weights are days. Goal: days / budgetDays. */
export function falsePages(plan: FleetPlan, baseline: 'known' | 'learned', seed: number): Simulated {
  const random = createRandom(seed);
  const threshold = thresholdOf(1 / plan.segments, plan.budgetDays);
  const pages = Array.from({ length: plan.fleets }, () => {
    let count = 0;
    for (let k = 0; k < plan.segments; k++) {
      const [family, mean] = KINDS[k % KINDS.length]!;
      const step = (baseline === 'known' ? knownSeries : learnedSeries)(plan, family, mean, threshold, random);
      const draw = FAMILIES[family];
      for (let t = 0; t < plan.days * plan.perDay; t++) if (step(draw(mean, random))) count += 1;
    }
    return count;
  });
  return simulated(pages);
}

type Step = (x: number) => boolean;

function knownSeries(plan: FleetPlan, family: Family, mean: number, threshold: number): Step {
  const variance = familyVariance(family, mean);
  const design = designEDetector({ baseline: mean, variance, tolerance: plan.tolerance });
  let state = createEDetector(design);
  return (x) => {
    if (stepEDetector(design, state, x, 1 / plan.perDay) < threshold) return false;
    state = createEDetector(design);
    return true;
  };
}

function learnedSeries(plan: FleetPlan, family: Family, mean: number, threshold: number, random: () => number): Step {
  const draw = FAMILIES[family];
  const reference = Array.from({ length: REFERENCE }, () => draw(mean, random));
  const { design, state } = createGrowing(reference, {
    threshold: threshold * plan.perDay,
    tolerance: plan.tolerance,
  });
  return (x) => {
    if (stepGrowing(design, state, x, 1 / plan.perDay) < threshold) return false;
    resetGrowing(state);
    return true;
  };
}
