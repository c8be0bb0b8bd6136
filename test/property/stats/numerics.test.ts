import fc from 'fast-check';
import { betaCdf, betaQuantile } from '../../../src/stats/beta';
import { binomialCdf } from '../../../src/stats/binomial';
import { clopperPearsonInterval, wilsonInterval } from '../../../src/stats/binomial-intervals';
import { gammaP, logBeta } from '../../../src/stats/gamma';
import { normalCdf, normalQuantile } from '../../../src/stats/normal';
import { quantiles } from '../../../src/stats/quantile';
import { studentTCdf, studentTQuantile } from '../../../src/stats/student-t';

const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });

describe('distribution functions', () => {
  it('are inverted by their quantiles', () => {
    fc.assert(
      fc.property(share, shape, shape, (p, a, b) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-12);
        expect(Math.abs(studentTCdf(studentTQuantile(p, a), a) - p)).toBeLessThan(1e-9);
        const x = betaQuantile(p, a, b);
        // At the very ends of [0, 1] the quantile itself runs out of digits.
        if (x > 1e-12 && x < 1 - 1e-9) expect(Math.abs(betaCdf(x, a, b) - p)).toBeLessThan(1e-6);
      }),
    );
  });

  it('agree with the plain sum of binomial probabilities', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), share, fc.nat(60), (n, p, k) => {
        let total = 0;
        for (let i = 0; i <= Math.min(k, n); i++) {
          total += Math.exp(-Math.log(n + 1) - logBeta(i + 1, n - i + 1)) * p ** i * (1 - p) ** (n - i);
        }
        expect(Math.abs(binomialCdf(k, n, p) - total)).toBeLessThan(1e-10);
      }),
    );
  });

  it('rise', () => {
    fc.assert(
      fc.property(shape, shape, share, share, (a, b, p, q) => {
        expect(betaCdf(Math.min(p, q), a, b)).toBeLessThanOrEqual(betaCdf(Math.max(p, q), a, b) + 1e-12);
        expect(gammaP(a, b * Math.min(p, q))).toBeLessThanOrEqual(gammaP(a, b * Math.max(p, q)) + 1e-12);
      }),
    );
  });
});

describe('intervals of a proportion', () => {
  it('hold the observed share and stay within [0, 1]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), share, (n, part) => {
        const k = Math.round(n * part);
        for (const [lower, upper] of [wilsonInterval(k, n)!, clopperPearsonInterval(k, n)]) {
          expect(lower).toBeLessThanOrEqual(k / n + 1e-12);
          expect(upper).toBeGreaterThanOrEqual(k / n - 1e-12);
          expect(lower).toBeGreaterThanOrEqual(-1e-12);
          expect(upper).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it('of Clopper and Pearson miss with at most the stated probability', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), share, (n, p) => {
        let miss = 0;
        for (let k = 0; k <= n; k++) {
          const [lower, upper] = clopperPearsonInterval(k, n);
          if (p < lower || p > upper) miss += binomialCdf(k, n, p) - binomialCdf(k - 1, n, p);
        }
        expect(miss).toBeLessThanOrEqual(0.05 + 1e-9);
      }),
      { numRuns: 30 },
    );
  });
});

describe('sample quantiles', () => {
  it('lie within the sample and rise with p', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, share, share, (sample, p, q) => {
        const [low = NaN, high = NaN] = quantiles(sample, [Math.min(p, q), Math.max(p, q)]);
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(Math.min(...sample));
        expect(high).toBeLessThanOrEqual(Math.max(...sample));
      }),
    );
  });
});
