/** Below this the argument is shifted up by the recurrence, so that the Stirling series is good to the last digits. */
const STIRLING_FROM = 10;
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;
const MAX_TERMS = 100_000;
/** Stands in for an exact zero inside a continued fraction (modified Lentz). */
const TINY = 1e-300;

/**
 * Natural logarithm of the gamma function for x > 0, relative error about 1e-15.
 * Source: Abramowitz & Stegun 6.1.15 (recurrence), 6.1.41 (asymptotic series).
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs a positive argument, got ${x}`);
  let shift = 1;
  let z = x;
  while (z < STIRLING_FROM) shift *= z++;
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + stirlingRest(z) - Math.log(shift);
}

/**
 * Logarithm of the beta function, a, b > 0. With a large argument the big terms of Stirling's formula are cancelled on
 * paper, so that no digits are lost to the difference of large logarithms.
 */
export function logBeta(a: number, b: number): number {
  const [p, q] = a < b ? [a, b] : [b, a];
  if (q < STIRLING_FROM) return logGamma(p) + logGamma(q) - logGamma(p + q);
  const rest = stirlingRest(q) - stirlingRest(p + q);
  const tail = Math.log1p(-p / (p + q));
  if (p < STIRLING_FROM) return logGamma(p) + rest + p - p * Math.log(p + q) + (q - 0.5) * tail;
  return HALF_LOG_TWO_PI - Math.log(q) / 2 + stirlingRest(p) + rest + (p - 0.5) * Math.log(p / (p + q)) + q * tail;
}

/** What Stirling's formula leaves out of ln gamma(x), for x >= 10: 1/(12 x) - ... */
function stirlingRest(x: number): number {
  const w = 1 / (x * x);
  return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / x;
}

/**
 * Regularised lower incomplete gamma function P(a, x) in [0, 1], a > 0, x >= 0: the CDF of a gamma variable of shape a.
 * Source: Abramowitz & Stegun 6.5.29 (series), 6.5.31 (continued fraction).
 */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** Upper tail 1 - P(a, x), without cancellation far out. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let total = term;
  for (let n = 1; n < MAX_TERMS && term > total * 1e-17; n++) {
    term *= x / (a + n);
    total += term;
  }
  return total * gammaDensityFactor(a, x);
}

/** x^a e^-x / Gamma(a); for large a without the difference of large logarithms. */
function gammaDensityFactor(a: number, x: number): number {
  if (a < STIRLING_FROM) return Math.exp(a * Math.log(x) - x - logGamma(a));
  const apart = (x - a) / a;
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * (Math.log1p(apart) - apart) - stirlingRest(a));
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return fraction * gammaDensityFactor(a, x);
}

/** The value, or a stand-in small enough not to matter when it is zero. */
export function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
