import { pseudoOutcome } from '../../src/stats/aipw';
import { allocateEscalations } from '../../src/stats/escalation-allocation';
import { escalationProbability, shrunkenResidualSd } from '../../src/stats/escalation-probability';
import { createHedged, type HedgedDesign, readHedged, recordHedged } from '../../src/stats/hedged-sequence';
import { applyCalibrationMap, type CalibrationMap, fitCalibrationMap } from '../../src/stats/isotonic';
import { mean } from '../../src/stats/moments';
import { createRandom } from '../../src/stats/seeded-random';

/** Kinds of items: how often the ensemble passes them, and how common they are. The mean is exactly 0.8. */
const KINDS = [
  { pass: 0.25, share: 0.1 },
  { pass: 0.625, share: 0.2 },
  { pass: 0.9, share: 0.5 },
  { pass: 1, share: 0.2 },
] as const;
const TRUTH = 0.8;
/** The cheap judge is 10 points too generous, and more or less so by segment. */
const SEGMENT_BIAS = [-0.06, 0, 0.02, 0.04] as const;
const BIAS = 0.1;
const NOISE = 0.1;
const FLOOR = 0.1;
const BOUND = 3;
const BUDGET = 0.35;
const REFIT = 250;
const SCORE_BINS = 5;

/** Predicts the ensemble's score and the spread left, for a segment and a cheap score. */
interface Prediction {
  readonly mean: (segment: number, cheap: number) => number;
  readonly sd: (segment: number, cheap: number) => number;
}

interface Item {
  readonly segment: number;
  readonly cheap: number;
  readonly y: number;
}

export interface CoverageFigure {
  readonly nominal: number;
  readonly wrong_ever: number;
  /** A 95 % interval for one fixed time around the naive mean, looked at after every 50th item. */
  readonly naive_wrong_ever: number;
  readonly naive_mean: number | null;
  readonly estimate_mean: number | null;
  readonly truth: number;
  readonly width_ratio: number;
  readonly escalated: number;
  readonly escalated_oracle: number;
  readonly streams: number;
  readonly items: number;
}

/**
 * Selective escalation with a biased cheap judge: is the published sequence ever wrong, and how wide is it against the
 * same sequence with the true calibration and the best escalation at the same expected cost.
 */
export function coverage(streams: number, items: number, seed: number): CoverageFigure {
  const truth = trueCalibration();
  const fine = Math.min(streams, 100);
  let wrong = 0;
  let naiveWrong = 0;
  const estimates: number[] = [];
  const naive: number[] = [];
  const widths = { ours: 0, oracle: 0 };
  const escalated = { ours: 0, oracle: 0 };
  for (let run = 0; run < streams; run++) {
    const steps = run < fine ? 200 : 20;
    const ours = watch(null, items, steps, createRandom(seed * 100_003 + run));
    if (ours.everWrong) wrong += 1;
    if (ours.naiveEverWrong) naiveWrong += 1;
    estimates.push(ours.estimate);
    naive.push(ours.naive);
    escalated.ours += ours.escalated / streams;
    if (run >= fine) continue;
    const oracle = watch(truth, items, steps, createRandom(seed * 100_003 + run));
    widths.ours += ours.width / fine;
    widths.oracle += oracle.width / fine;
    escalated.oracle += oracle.escalated / fine;
  }
  return {
    nominal: 0.05,
    wrong_ever: wrong / streams,
    naive_wrong_ever: naiveWrong / streams,
    naive_mean: mean(naive),
    estimate_mean: mean(estimates),
    truth: TRUTH,
    width_ratio: widths.ours / widths.oracle,
    escalated: escalated.ours,
    escalated_oracle: escalated.oracle,
    streams,
    items,
  };
}

/** One stream; `known` null means that calibration and spread are learned from past escalations, as in the product. */
function watch(
  known: Prediction | null,
  items: number,
  steps: number,
  random: () => number,
): {
  everWrong: boolean;
  naiveEverWrong: boolean;
  estimate: number;
  naive: number;
  width: number;
  escalated: number;
} {
  const range = [1 - 1 / FLOOR, BOUND] as const;
  const span = range[1] - range[0];
  const design: HedgedDesign = {
    alpha: 0.05,
    range,
    prior: { mean: (TRUTH - range[0]) / span, variance: 0.5 / (span * span) },
    truncation: 0.75,
    steps,
  };
  const state = createHedged(design);
  const past: (Item & { weight: number })[] = [];
  let prediction = known ?? startPrediction();
  let multiplier = known === null ? 1 : solveMultiplier(known);
  let sum = 0;
  let seen = 0;
  let passes = 0;
  let naiveEverWrong = false;
  for (let t = 1; t <= items; t++) {
    const item = drawItem(random);
    const g = prediction.mean(item.segment, item.cheap);
    const sd = prediction.sd(item.segment, item.cheap);
    const rule = { floor: FLOOR, multiplier, band: null, bound: BOUND };
    const pi = escalationProbability(rule, item.cheap, g, sd, 1);
    const asked = random() < pi;
    const phi = pseudoOutcome(g, asked ? item.y : null, pi);
    recordHedged(design, state, phi);
    sum += phi;
    if (asked) {
      past.push({ ...item, weight: 1 / pi });
      seen += 1;
      passes += item.y;
    }
    if (t % 50 === 0 && t >= 100) {
      const half = 1.96 * Math.sqrt(((passes / seen) * (1 - passes / seen)) / seen);
      naiveEverWrong ||= Math.abs(passes / seen - TRUTH) > half;
    }
    if (known === null && t % REFIT === 0) {
      prediction = learn(past);
      multiplier = solveMultiplier(prediction);
    }
  }
  const [lower, upper] = readHedged(design, state);
  return {
    // The truth is a grid point, so it was rejected at some time exactly when an end of the running interval is at it.
    everWrong: state.lower >= TRUTH - 1e-9 || state.upper <= TRUTH + 1e-9,
    naiveEverWrong,
    estimate: sum / items,
    naive: passes / seen,
    width: upper - lower,
    escalated: seen / items,
  };
}

function drawItem(random: () => number): Item {
  let u = random();
  const kind = KINDS.find(({ share }) => (u -= share) < 0) ?? KINDS[KINDS.length - 1]!;
  const segment = Math.floor(random() * SEGMENT_BIAS.length);
  const cheap = kind.pass + BIAS + SEGMENT_BIAS[segment]! + NOISE * (2 * random() - 1);
  return { segment, cheap: Math.min(1, Math.max(0, cheap)), y: random() < kind.pass ? 1 : 0 };
}

/** Before anything is known: the cheap score itself, spread as of a pass/fail score. */
function startPrediction(): Prediction {
  return { mean: (_, cheap) => cheap, sd: (_, cheap) => Math.sqrt(Math.max(0.05, cheap * (1 - cheap))) };
}

/** The product's calibration by segment and residual spread by segment and score bin, from past escalations. */
function learn(past: readonly (Item & { weight: number })[]): Prediction {
  const common = fitCalibrationMap(
    past.map((item) => item.cheap),
    past.map((item) => item.y),
    past.map((item) => item.weight),
  );
  const bySegment = SEGMENT_BIAS.map((_, segment): CalibrationMap | null => {
    const own = past.filter((item) => item.segment === segment);
    return fitCalibrationMap(
      own.map((item) => item.cheap),
      own.map((item) => item.y),
      own.map((item) => item.weight),
      10,
    );
  });
  const predict = (segment: number, cheap: number): number => {
    const map = bySegment[segment] ?? common;
    return map === null ? cheap : applyCalibrationMap(map, cheap);
  };
  const cells = SEGMENT_BIAS.map(() => Array.from({ length: SCORE_BINS }, () => ({ weight: 0, squares: 0 })));
  let squares = 0;
  let weights = 0;
  for (const item of past) {
    const residual = (item.y - predict(item.segment, item.cheap)) ** 2;
    const cell = cells[item.segment]![binOf(item.cheap)]!;
    cell.weight += item.weight;
    cell.squares += item.weight * residual;
    weights += item.weight;
    squares += item.weight * residual;
  }
  const varianceOfAll = weights === 0 ? 0.25 : squares / weights;
  return {
    mean: predict,
    sd: (segment, cheap) => {
      const { weight, squares: own } = cells[segment]![binOf(cheap)]!;
      return shrunkenResidualSd(varianceOfAll, weight, own);
    },
  };
}

function binOf(cheap: number): number {
  return Math.min(SCORE_BINS - 1, Math.floor(cheap * SCORE_BINS));
}

/** E[y | segment, cheap] by Bayes over the kinds that can give such a score. */
function trueCalibration(): Prediction {
  const at = (segment: number, cheap: number): number => {
    const possible = KINDS.map(({ pass, share }) => {
      const center = pass + BIAS + SEGMENT_BIAS[segment]!;
      const likelihood = cheap >= 1 ? Math.max(0, center + NOISE - 1) : Math.abs(cheap - center) <= NOISE ? 1 : 0;
      return { pass, weight: share * likelihood };
    });
    const total = possible.reduce((sum, { weight }) => sum + weight, 0);
    return total === 0 ? TRUTH : possible.reduce((sum, { pass, weight }) => sum + pass * weight, 0) / total;
  };
  return { mean: at, sd: (segment, cheap) => Math.sqrt(at(segment, cheap) * (1 - at(segment, cheap))) };
}

/** Multiplier that meets the budget on a fixed sample of traffic, the range rule paid for first. */
function solveMultiplier(prediction: Prediction): number {
  const sample = TRAFFIC.map((item) => ({
    sd: prediction.sd(item.segment, item.cheap),
    g: prediction.mean(item.segment, item.cheap),
    cheap: item.cheap,
  }));
  const share = (multiplier: number): number =>
    mean(
      sample.map(({ sd, g, cheap }) =>
        escalationProbability({ floor: FLOOR, multiplier, band: null, bound: BOUND }, cheap, g, sd, 1),
      ),
    )!;
  let low = 0;
  let high = allocateEscalations(
    sample.map(({ sd }) => sd),
    sample.map(() => 1),
    BUDGET * sample.length,
    FLOOR,
  ).multiplier;
  if (share(high) <= BUDGET) return high;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (share(middle) > BUDGET) high = middle;
    else low = middle;
  }
  return low;
}

const TRAFFIC: readonly Item[] = (() => {
  const random = createRandom(7);
  return Array.from({ length: 200 }, () => drawItem(random));
})();
