import { combineScores, learnCombination } from '../../src/calibration/learned-combination';
import { planLabels, plannedMean } from '../../src/calibration/label-planner';
import { mean, standardErrorOfMean } from '../../src/stats/moments';
import { createRandom } from '../../src/stats/seeded-random';
import type { PanelSet } from '../eval-weights/panels';
import { shuffled } from '../support/shuffle';
import type { Draws } from './draws';

interface PlannerFigures {
  readonly labels: number;
  readonly uniform_width: number;
  /** Smallest share of the labels, in steps of 5 %, with which the planner's interval is no wider; null = not even all. */
  readonly label_share: number | null;
  readonly widths: Readonly<Record<string, number>>;
  /** Mean error of the planner's estimates at that share, and its standard error. */
  readonly bias: number;
  readonly bias_se: number;
  readonly coverage: number;
  readonly draws: number;
}

const PILOT = 100;
const LABELS = 200;
const SHARES = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];

/** The same 100 labels teach both what judges are worth; then a budget is spent on the other items. */
export function planning(set: PanelSet, { seed, halves }: Draws): PlannerFigures | null {
  const rest = set.labels.length - PILOT;
  const labels = Math.min(LABELS, Math.floor(rest / 3));
  if (labels < 30) return null;
  const random = createRandom(seed);
  const uniform: number[] = [];
  const planned = SHARES.map((): PlannedDraw[] => []);
  for (let draw = 0; draw < halves; draw++) {
    const order = shuffled(set.labels.length, random);
    const pilot = order.slice(0, PILOT);
    const learned = learnCombination(
      set.members,
      pilot.map((i) => set.scores[i]!),
      pilot.map((i) => set.labels[i]!),
      { isPaired: set.isPaired },
    );
    if (learned === null) continue;
    const pool = order.slice(PILOT);
    const predicted = pool.map((i) => combineScores(learned, set.scores[i]!));
    const truth = pool.map((i) => set.labels[i]!);
    const target = truth.reduce((a, b) => a + b, 0) / truth.length;
    const drawn = (probabilities: readonly number[]): PlannedDraw | null => {
      const found = plannedMean(
        predicted,
        truth.map((label, i) => (random() < probabilities[i]! ? label : null)),
        probabilities,
      );
      if (found === null) return null;
      const covers = found.lower <= target && target <= found.upper;
      return { width: found.upper - found.lower, error: found.mean - target, covers };
    };
    const plain = drawn(pool.map(() => labels / pool.length));
    if (plain !== null) uniform.push(plain.width);
    SHARES.forEach((share, k) => {
      const items = predicted.map((p) => ({ predicted: p, series: 'all' }));
      const found = drawn(planLabels(items, { labels: share * labels }).probabilities);
      if (found !== null) planned[k]!.push(found);
    });
  }
  const uniformWidth = mean(uniform);
  if (uniformWidth === null) return null;
  const widths = planned.map((draws) => mean(draws.map(({ width }) => width)) ?? Infinity);
  const enough = SHARES.flatMap((share, k) => (widths[k]! <= uniformWidth ? [k] : []));
  const best = enough.at(-1) ?? 0;
  const errors = planned[best]!.map(({ error }) => error);
  return {
    labels,
    uniform_width: uniformWidth,
    label_share: enough.length === 0 ? null : SHARES[best]!,
    widths: Object.fromEntries(SHARES.map((share, k) => [String(share), widths[k]!])),
    bias: mean(errors) ?? 0,
    bias_se: standardErrorOfMean(errors) ?? 0,
    coverage: mean(planned[best]!.map(({ covers }) => Number(covers))) ?? 0,
    draws: errors.length,
  };
}

interface PlannedDraw {
  readonly width: number;
  readonly error: number;
  readonly covers: boolean;
}
