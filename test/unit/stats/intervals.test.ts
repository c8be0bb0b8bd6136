import {
  clopperPearsonInterval,
  clopperPearsonLower,
  jeffreysInterval,
  newcombeInterval,
  wilsonInterval,
} from '../../../src/stats/binomial-intervals';
import { tInterval, welchTest } from '../../../src/stats/mean-intervals';
import { quantile } from '../../../src/stats/quantile';

describe('fixed-time intervals', () => {
  it('have no Wilson interval without trials, and the whole range by Clopper and Pearson', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(newcombeInterval(0, 0, 1, 2)).toBeNull();
    expect(clopperPearsonInterval(0, 0)).toEqual([0, 1]);
  });

  it('use the rule of three when nothing happened', () => {
    const [lower, upper] = clopperPearsonInterval(0, 100, 0.1);
    expect(lower).toBe(0);
    expect(upper).toBeCloseTo(1 - 0.05 ** (1 / 100), 12);
    expect(clopperPearsonLower(100, 100)).toBeCloseTo(0.05 ** (1 / 100), 12);
  });

  it('order Jeffreys inside Clopper and Pearson', () => {
    const exact = clopperPearsonInterval(7, 30);
    const bayes = jeffreysInterval(7, 30);
    expect(bayes[0]).toBeGreaterThan(exact[0]);
    expect(bayes[1]).toBeLessThan(exact[1]);
  });

  it('need two values for a t interval and spread for a Welch test', () => {
    expect(tInterval([0.5])).toBeNull();
    expect(tInterval([0.4, 0.6])?.[1]).toBeCloseTo(0.5 + 12.706204736174705 * 0.1, 10);
    expect(welchTest([1], [2, 3])).toBeNull();
    expect(welchTest([1, 1], [2, 2])).toBeNull();
  });

  it('interpolate quantiles and leave the input alone', () => {
    const values = [3, 1, 2];
    expect(quantile(values, 0.25)).toBe(1.5);
    expect(values).toEqual([3, 1, 2]);
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([7], 0.9)).toBe(7);
  });
});
