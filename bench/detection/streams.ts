import { logBeta } from '../../src/stats/gamma';

export type Random = () => number;

/** One value with mean p. */
export type Draw = (p: number, random: Random) => number;

export type Family = 'bernoulli' | 'rubric5' | 'beta10';

/** Pass/fail, a five-step rubric (Binomial(4, p) / 4), and even scores (Beta(10 p, 10 (1 - p))). */
export const FAMILIES: Readonly<Record<Family, Draw>> = {
  bernoulli: (p, random) => (random() < p ? 1 : 0),
  rubric5: (p, random) => {
    let passes = 0;
    for (let i = 0; i < 4; i++) if (random() < p) passes += 1;
    return passes / 4;
  },
  beta10: (p, random) => {
    const a = gamma(10 * p, random);
    return a / (a + gamma(10 * (1 - p), random));
  },
};

/** Variance of a family at mean p. */
export function familyVariance(family: Family, p: number): number {
  return (p * (1 - p)) / { bernoulli: 1, rubric5: 4, beta10: 11 }[family];
}

/** Log likelihood ratio of mean `after` against `before` for one value: what only an oracle knows. */
export function logRatio(family: Family, before: number, after: number): (x: number) => number {
  if (family === 'beta10') {
    const constant = logBeta(10 * before, 10 * (1 - before)) - logBeta(10 * after, 10 * (1 - after));
    const slope = 10 * (after - before);
    return (x) => constant + slope * (Math.log(x) - Math.log1p(-x));
  }
  const trials = family === 'rubric5' ? 4 : 1;
  const pass = trials * Math.log(after / before);
  const fail = trials * Math.log((1 - after) / (1 - before));
  return (x) => x * pass + (1 - x) * fail;
}

/** Gamma variate, shape > 0. Source: Marsaglia & Tsang 2000; shapes below 1 by Johnk's power of a uniform. */
export function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal(random);
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Standard normal variate. Source: Box & Muller 1958. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
