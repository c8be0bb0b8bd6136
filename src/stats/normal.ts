import { gammaQ } from './gamma';

/** CDF of the standard normal distribution; the lower tail keeps its relative precision. */
export function normalCdf(z: number): number {
  const tail = gammaQ(0.5, (z * z) / 2) / 2;
  return z <= 0 ? tail : 1 - tail;
}

/**
 * z with normalCdf(z) = p, for p in (0, 1); -Infinity at 0, Infinity at 1. Starts at the rational approximation of
 * Abramowitz & Stegun 26.2.23 (error below 4.5e-4) and polishes by Halley steps to the last digits.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let i = 0; i < 3; i++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const step = (normalCdf(z) - p) / density;
    z -= step / (1 + (z * step) / 2);
  }
  return z;
}
