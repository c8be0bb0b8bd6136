import { divergenceOf } from '../../src/detectors/divergence';
import { betsForDrops, createEDetector, type EDetectorDesign, stepEDetector } from '../../src/detectors/e-detector';
import { createConcordance, stepConcordance } from '../../src/stats/concordance';
import { mean } from '../../src/stats/moments';
import { type Fields, has, number, numbers } from './read';
import type { VectorSuite } from './suite';

export const divergence: VectorSuite = {
  file: 'divergence.json',
  compute: (input) => (has(input, 'judgeUp') ? oppositeDirections(input) : concordance(input)),
};

function concordance(input: Fields): Fields {
  const outcomes = numbers(input, 'outcome');
  const pairs: { value: number; at: number }[] = [];
  const state = createConcordance();
  numbers(input, 'score').forEach((score, i) => {
    const value = stepConcordance(state, score, outcomes[i] === 1, Infinity);
    if (value !== null) pairs.push({ value, at: i });
  });
  const values = pairs.map((pair) => pair.value);
  const baseline = number(input, 'baselineAuc');
  const bets = betsForDrops(numbers(input, 'deltas'), number(input, 'variance'), 1 - baseline);
  const design: EDetectorDesign = {
    baseline,
    tolerance: 0,
    bets,
    weights: numbers(input, 'weights'),
    cap: Number.MAX_VALUE,
  };
  const detector = createEDetector(design);
  return {
    concordance: values,
    formedAtIndex: pairs.map((pair) => pair.at),
    lambdas: bets,
    sr: values.map((value) => stepEDetector(design, detector, value)),
    finalAuc: mean(values),
  };
}

function oppositeDirections(input: Fields): Fields {
  const [judgeUp, judgeDown] = [numbers(input, 'judgeUp'), numbers(input, 'judgeDown')];
  const [behaviourUp, behaviourDown] = [numbers(input, 'behaviourUp'), numbers(input, 'behaviourDown')];
  const steps = judgeUp.map((up, i) =>
    divergenceOf({
      judgeUp: up,
      judgeDown: judgeDown[i] ?? NaN,
      behaviourUp: behaviourUp[i] ?? NaN,
      behaviourDown: behaviourDown[i] ?? NaN,
    }),
  );
  return {
    judgeUpBehaviourDown: steps.map((step) => step.judgeUpBehaviourDown),
    judgeDownBehaviourUp: steps.map((step) => step.judgeDownBehaviourUp),
    divergence: steps.map((step) => step.divergence),
  };
}
