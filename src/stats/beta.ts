import { logBeta, nonZero } from './gamma';

const MAX_TERMS = 100_000;
/** Log-odds beyond which x or 1 - x is no longer a positive double. */
const LOGIT_LIMIT = 700;

/**
 * Regularised incomplete beta function I_x(a, b) in [0, 1]: the CDF of a Beta(a, b) variable at x in [0, 1], a, b > 0.
 * Pass `complement` = 1 - x when it is known more exactly than the subtraction gives.
 * Source: Abramowitz & Stegun 26.5.8 (continued fraction), evaluated by the modified Lentz method.
 */
export function betaCdf(x: number, a: number, b: number, complement: number = 1 - x): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  return x < (a + 1) / (a + b + 2) ? betaFraction(x, complement, a, b) : 1 - betaFraction(complement, x, b, a);
}

/** x with I_x(a, b) = p, for p in [0, 1]; 0 and 1 at the ends. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return 1 / (1 + Math.exp(-betaLogitQuantile(p, a, b)));
}

/**
 * ln(x / (1 - x)) of the Beta(a, b) quantile x, for p in (0, 1). On this scale both tails keep their relative
 * precision. Newton on the logarithm of the smaller tail, which is nearly a straight line far out, kept inside a
 * bracket.
 */
export function betaLogitQuantile(p: number, a: number, b: number): number {
  if (p > 0.5) return -lowerLogitQuantile(1 - p, b, a);
  return lowerLogitQuantile(p, a, b);
}

function lowerLogitQuantile(p: number, a: number, b: number): number {
  const scale = logBeta(a, b);
  let low = -LOGIT_LIMIT;
  let high = LOGIT_LIMIT;
  let logit = Math.log(a / b);
  for (let i = 0; i < 200; i++) {
    const x = 1 / (1 + Math.exp(-logit));
    const y = 1 / (1 + Math.exp(logit));
    const cdf = betaCdf(x, a, b, y);
    if (cdf < p) low = logit;
    else high = logit;
    const slope = Math.exp(a * logShare(x, y) + b * logShare(y, x) - scale) / cdf;
    const newton = logit - Math.log(cdf / p) / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const settled = Math.abs(next - logit) <= 1e-15 * Math.max(1, Math.abs(logit));
    logit = next;
    if (settled) break;
  }
  return logit;
}

/** I_x(a, b) where the continued fraction converges fast, x < (a + 1) / (a + b + 2); y = 1 - x. */
function betaFraction(x: number, y: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return (fraction * Math.exp(a * logShare(x, y) + b * logShare(y, x) - logBeta(a, b))) / a;
}

/** ln x from whichever of x and y = 1 - x is the smaller, hence the more exact. */
function logShare(x: number, y: number): number {
  return y < x ? Math.log1p(-y) : Math.log(x);
}
