import { createEDetector, designEDetector, stepEDetector } from '../../src/detectors/e-detector';
import { number, record, text } from './read';
import type { VectorSuite } from './suite';

/** Items looked ahead: every sequence of so many is visited. */
const ITEMS = 5;
const MEAN_BEFORE = 0.85;

/**
 * The file holds simulated figures (false-alarm intervals, delays), which only a simulation can meet: see the detection
 * bench. Checked here is what can be computed without one: the file asks for the nominal interval, and before a change
 * the expected statistic after t items is t, exactly, in each family with finitely many values; that is what makes the
 * mean interval to a false alarm at least the threshold.
 */
export const detectorGoals: VectorSuite = {
  file: 'detector-goals.json',
  casesOf: (content) =>
    Object.keys(record(content, 'goals'))
      .filter((family) => supportOf(family) !== null)
      .map((family) => ({
        name: `${family}: the expected statistic grows by one an item`,
        input: { family, goals: record(record(content, 'goals'), family) },
        expected: {
          arlAtLeast: number(content, 'nominalArl'),
          expectedStatistic: Array.from({ length: ITEMS }, (_, t) => t + 1),
        },
      })),
  compute: (input) => ({
    arlAtLeast: number(record(record(input, 'goals'), 'knownBaselineRunning'), 'arlAtLeast'),
    expectedStatistic: expectedStatistic(supportOf(text(input, 'family')) ?? []),
  }),
};

interface Outcome {
  readonly value: number;
  readonly probability: number;
}

/** Values and probabilities before a change; null for a continuous family. */
function supportOf(family: string): Outcome[] | null {
  const p = MEAN_BEFORE;
  if (family === 'bernoulli') return binomialShares(1, p);
  return family === 'rubric5' ? binomialShares(4, p) : null;
}

/** Binomial(n, p) / n. */
function binomialShares(n: number, p: number): Outcome[] {
  let ways = 1;
  return Array.from({ length: n + 1 }, (_, k) => {
    if (k > 0) ways = (ways * (n - k + 1)) / k;
    return { value: k / n, probability: ways * p ** k * (1 - p) ** (n - k) };
  });
}

/** Mean of the mixture statistic after 1, 2, ... items, over all sequences. */
function expectedStatistic(support: readonly Outcome[]): number[] {
  const variance = support.reduce(
    (total, { value, probability }) => total + probability * (value - MEAN_BEFORE) ** 2,
    0,
  );
  const design = designEDetector({ baseline: MEAN_BEFORE, variance });
  const totals = new Array<number>(ITEMS).fill(0);
  const visit = (sequence: readonly number[], probability: number): void => {
    if (sequence.length > 0) totals[sequence.length - 1]! += probability * statisticAfter(design, sequence);
    if (sequence.length === ITEMS) return;
    for (const outcome of support) visit([...sequence, outcome.value], probability * outcome.probability);
  };
  visit([], 1);
  return totals;
}

function statisticAfter(design: ReturnType<typeof designEDetector>, sequence: readonly number[]): number {
  const state = createEDetector(design);
  return sequence.reduce((_, x) => stepEDetector(design, state, x), 0);
}
