import { betaCdf, betaQuantile } from '../../../src/stats/beta';
import { binomialCdf, mcnemarExactP } from '../../../src/stats/binomial';
import { gammaP, gammaQ, logBeta, logGamma } from '../../../src/stats/gamma';
import { normalCdf, normalQuantile } from '../../../src/stats/normal';
import { studentTCdf, studentTQuantile } from '../../../src/stats/student-t';

describe('special functions', () => {
  it('give factorials through the gamma function', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(6)).toBeCloseTo(Math.log(120), 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    expect(() => logGamma(0)).toThrow(RangeError);
  });

  it('lose no digits in the beta function of one small and one huge argument', () => {
    // B(1, b) = 1/b exactly.
    expect(logBeta(1, 1e8)).toBeCloseTo(-Math.log(1e8), 12);
    expect(logBeta(2, 1e7)).toBeCloseTo(-Math.log(1e7) - Math.log(1e7 + 1), 12);
  });

  it('split the gamma distribution into two tails that sum to 1', () => {
    for (const x of [0.1, 1, 3, 20]) expect(gammaP(3, x) + gammaQ(3, x)).toBeCloseTo(1, 14);
    expect(gammaP(1, 2)).toBeCloseTo(1 - Math.exp(-2), 14);
    expect(gammaP(3, 0)).toBe(0);
  });

  it('invert the normal distribution, far tails included', () => {
    for (const p of [1e-300, 1e-12, 0.025, 0.5, 0.8]) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 10);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
  });

  it('invert the beta distribution', () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [2, 7],
      [400.5, 600.5],
    ] as const) {
      for (const p of [1e-10, 0.025, 0.5, 0.975]) expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 12);
    }
    expect(betaQuantile(0, 2, 3)).toBe(0);
    expect(betaQuantile(1, 2, 3)).toBe(1);
  });

  it('know that t with one degree of freedom is Cauchy and with many is normal', () => {
    expect(studentTCdf(1, 1)).toBeCloseTo(0.75, 14);
    expect(studentTQuantile(0.975, 1)).toBeCloseTo(12.706204736, 8);
    expect(studentTQuantile(0.975, 1e7)).toBeCloseTo(normalQuantile(0.975), 6);
    expect(studentTQuantile(0.5, 3)).toBe(0);
  });

  it('sum binomial probabilities', () => {
    expect(binomialCdf(1, 3, 0.5)).toBeCloseTo(0.5, 14);
    expect(binomialCdf(-1, 3, 0.5)).toBe(0);
    expect(binomialCdf(3, 3, 0.5)).toBe(1);
    expect(binomialCdf(0, 5, 0)).toBe(1);
    expect(mcnemarExactP(0, 0)).toBe(1);
    expect(mcnemarExactP(0, 5)).toBeCloseTo(2 / 32, 14);
  });
});
