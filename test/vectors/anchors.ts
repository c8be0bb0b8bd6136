import { driftVectors, judgeShift, type Shift, type ShiftVerdict } from '../../src/stats/attribution';
import { tInterval } from '../../src/stats/mean-intervals';
import { mean, variance } from '../../src/stats/moments';
import { bootstrapMeanInterval, exactSignFlipP, pairedDifferences, signFlipEValue } from '../../src/stats/paired-drift';
import { rankEvidence, sequentialRank, startRankProcess, stepRankProcess } from '../../src/stats/rank-e-process';
import { type Fields, has, matrix, number, numbers, numbersOrNull, record } from './read';
import type { VectorSuite } from './suite';

export const anchors: VectorSuite = {
  file: 'anchors.json',
  compute: (input) => {
    if (has(input, 'runs')) return reruns(input);
    if (has(input, 'production')) return vectors(input);
    return pairedTest(input);
  },
};

function pairedTest(input: Fields): Fields {
  const differences = pairedDifferences(numbers(input, 'baseline'), numbers(input, 'current'));
  const spread = variance(differences);
  return {
    differences,
    mean: mean(differences),
    sd: spread === null ? null : Math.sqrt(spread),
    tCi95: tInterval(differences),
    signFlipP: exactSignFlipP(differences),
    bootstrapPercentile95: bootstrapMeanInterval(differences, matrix(input, 'bootstrapIndices')),
    signFlipE: signFlipEValue(differences, numbers(input, 'lambdas'), number(input, 'scale')),
  };
}

function reruns(input: Fields): Fields {
  const [first = [], ...later] = matrix(input, 'runs');
  const uniforms = matrix(input, 'tieUniforms');
  const kappas = numbers(input, 'kappas');
  let state = startRankProcess(first, kappas);
  const steps = later.map((run, r) => {
    const u = uniforms[r] ?? [];
    const ranks = run.map((score, item) => sequentialRank(state.history[item] ?? [], score, u[item] ?? NaN));
    state = stepRankProcess(state, run, u, kappas);
    return { ranks, evidence: rankEvidence(state) };
  });
  return { ranks: steps.map((step) => step.ranks), eProcess: steps.map((step) => step.evidence) };
}

function vectors(input: Fields): Fields {
  const production = record(input, 'production');
  const observed: Shift = {
    change: number(production, 'mean1') - number(production, 'mean0'),
    standardError: Math.hypot(number(production, 'se0'), number(production, 'se1')),
  };
  const drift = driftVectors(
    observed,
    { then: numbersOrNull(input, 'anchorBaseline'), now: numbersOrNull(input, 'anchorNow') },
    { then: numbersOrNull(input, 'humanBaseline'), now: numbersOrNull(input, 'humanNow') },
  );
  if (drift === null) return {};
  const verdict = (shift: Shift | null): ShiftVerdict | null =>
    shift === null ? null : judgeShift(shift, number(input, 'minimalEffect'));
  return {
    ...named('observed', observed),
    ...named('judge', drift.judge),
    ...named('human', drift.human),
    ...named('product', drift.product),
    ...named('judgeMinusHuman', drift.judgeMinusHuman),
    verdict: { judge: verdict(drift.judge), humans: verdict(drift.human), product: verdict(drift.product) },
  };
}

function named(name: string, shift: Shift | null): Fields {
  return { [name]: shift?.change, [`${name}Se`]: shift?.standardError };
}
