/** A fitted logistic regression: probability = 1 / (1 + exp(-(intercept + sum of weight x feature))). Plain JSON. */
export interface LogisticFit {
  readonly intercept: number;
  readonly weights: readonly number[];
}

export interface LogisticOptions {
  /** Ridge penalty on each squared weight, in units of items: the larger, the nearer the weights stay to `prior`. */
  readonly penalty: number;
  /** Weights that the penalty pulls towards; default all 0. */
  readonly prior?: readonly number[];
  /** False where swapping the sides of a pair must flip the answer; default true. */
  readonly hasIntercept?: boolean;
}

const STEPS = 25;
const SETTLED = 1e-8;
/** Keeps the intercept finite when all labels are equal. */
const INTERCEPT_PENALTY = 1e-3;

/**
 * Logistic regression with a ridge penalty, by Newton's method.
 * @param features one row per item: `[[1, -1], [1, 1]]`; @param labels 0 or 1 (or shares).
 * Source: le Cessie & van Houwelingen 1992.
 */
export function fitLogistic(
  features: readonly (readonly number[])[],
  labels: readonly number[],
  options: LogisticOptions,
): LogisticFit {
  const width = features[0]?.length ?? 0;
  const { penalty, prior = new Array<number>(width).fill(0), hasIntercept = true } = options;
  const size = width + 1;
  const beta = [0, ...prior];
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    features.forEach((row, i) => {
      const p = logistic(beta.reduce((total, b, j) => total + b * at(row, j), 0));
      const slack = labels[i]! - p;
      const spread = Math.max(p * (1 - p), 1e-9);
      for (let j = 0; j < size; j++) {
        const x = at(row, j);
        gradient[j]! += slack * x;
        for (let k = 0; k <= j; k++) hessian[j]![k]! += spread * x * at(row, k);
      }
    });
    for (let j = 0; j < size; j++) {
      const strength = j === 0 ? INTERCEPT_PENALTY : penalty;
      gradient[j]! -= strength * (beta[j]! - (j === 0 ? 0 : prior[j - 1]!));
      hessian[j]![j]! += strength;
    }
    if (!hasIntercept) {
      gradient[0] = 0;
      for (let j = 1; j < size; j++) hessian[j]![0] = 0;
      hessian[0]![0] = 1;
    }
    const move = solveCholesky(hessian, gradient);
    move.forEach((value, j) => (beta[j]! += value));
    if (Math.max(...move.map(Math.abs)) < SETTLED) break;
  }
  return { intercept: beta[0]!, weights: beta.slice(1) };
}

/** Probability of label 1. */
export function predictLogistic(fit: LogisticFit, row: readonly number[]): number {
  return logistic(fit.weights.reduce((total, weight, j) => total + weight * row[j]!, fit.intercept));
}

export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** Column 0 is the intercept. */
function at(row: readonly number[], j: number): number {
  return j === 0 ? 1 : row[j - 1]!;
}

/** Solves H x = g for a positive definite H of which the lower triangle is given. Source: Golub & Van Loan, 4.2. */
function solveCholesky(hessian: readonly Float64Array[], gradient: Float64Array): number[] {
  const n = gradient.length;
  const lower = hessian.map((row) => Float64Array.from(row));
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = lower[j]![k]!;
      for (let m = 0; m < k; m++) sum -= lower[j]![m]! * lower[k]![m]!;
      lower[j]![k] = j === k ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[k]![k]!;
    }
  }
  const x = Array.from(gradient);
  for (let j = 0; j < n; j++) {
    for (let m = 0; m < j; m++) x[j]! -= lower[j]![m]! * x[m]!;
    x[j]! /= lower[j]![j]!;
  }
  for (let j = n - 1; j >= 0; j--) {
    for (let m = j + 1; m < n; m++) x[j]! -= lower[m]![j]! * x[m]!;
    x[j]! /= lower[j]![j]!;
  }
  return x;
}
