import { asymptoticHalfWidth, asymptoticTuning } from '../../../src/stats/asymptotic-sequence';
import { NO_PRIOR } from '../../../src/stats/bet-size';
import { betaBinomialInterval, logBetaBinomialE } from '../../../src/stats/beta-binomial';
import {
  createBernstein,
  readBernstein,
  recordBernstein,
  type SequenceDesign,
  UNIT_SEQUENCE,
} from '../../../src/stats/confidence-sequence';
import { hedgedInterval } from '../../../src/stats/hedged-interval';
import { createHedged, readHedged, recordHedged } from '../../../src/stats/hedged-sequence';

const PSEUDO: SequenceDesign = { alpha: 0.05, range: [-9, 10], prior: NO_PRIOR };
const HEDGED = { ...UNIT_SEQUENCE, truncation: 0.5, steps: 200 };

describe('confidence sequences', () => {
  it('know nothing before the first item', () => {
    expect(readBernstein(UNIT_SEQUENCE, createBernstein(UNIT_SEQUENCE))).toBeNull();
    expect(readHedged(HEDGED, createHedged(HEDGED))).toEqual([0, 1]);
    expect(hedgedInterval({ ...UNIT_SEQUENCE, truncation: 0.5 }, [])).toEqual([0, 1]);
    expect(betaBinomialInterval(0, 0)).toEqual([0, 1]);
  });

  it('turn away a value outside their range', () => {
    expect(() => recordBernstein(UNIT_SEQUENCE, createBernstein(UNIT_SEQUENCE), 1.2)).toThrow(RangeError);
    expect(() => recordBernstein(PSEUDO, createBernstein(PSEUDO), -9)).not.toThrow();
  });

  it('close in on the mean, hedged bets faster than empirical Bernstein', () => {
    const bernstein = createBernstein(UNIT_SEQUENCE);
    const hedged = createHedged(HEDGED);
    for (let i = 0; i < 200; i++) {
      const x = i % 5 === 0 ? 0.5 : 0.9;
      recordBernstein(UNIT_SEQUENCE, bernstein, x);
      recordHedged(HEDGED, hedged, x);
    }
    expect(bernstein.lower).toBeLessThan(0.82);
    expect(bernstein.upper).toBeGreaterThan(0.82);
    expect(hedged.upper - hedged.lower).toBeLessThan(bernstein.upper - bernstein.lower);
  });

  it('keep the running interval when a later one is wider', () => {
    const state = createBernstein(UNIT_SEQUENCE);
    for (let i = 0; i < 300; i++) recordBernstein(UNIT_SEQUENCE, state, 0.9);
    const before = [state.lower, state.upper];
    for (let i = 0; i < 5; i++) recordBernstein(UNIT_SEQUENCE, state, i % 2);
    expect(state.lower).toBeGreaterThanOrEqual(before[0]!);
    expect(state.upper).toBeLessThanOrEqual(before[1]!);
  });

  it('cross their ends when the mean moves', () => {
    const state = createHedged(HEDGED);
    for (let i = 0; i < 400; i++) recordHedged(HEDGED, state, 0.9);
    for (let i = 0; i < 4000; i++) recordHedged(HEDGED, state, 0.2);
    expect(state.lower).toBeGreaterThan(state.upper);
  });

  it('bound a pass rate from its two counts', () => {
    const [lower, upper] = betaBinomialInterval(90, 10);
    expect(lower).toBeLessThan(0.9);
    expect(upper).toBeGreaterThan(0.9);
    expect(logBetaBinomialE(90, 10, lower)).toBeCloseTo(Math.log(20), 8);
    expect(logBetaBinomialE(90, 10, upper)).toBeCloseTo(Math.log(20), 8);
  });

  it('are narrowest near the tuned size in the approximate form', () => {
    const tuned = asymptoticTuning(0.05, 500);
    const other = asymptoticTuning(0.05, 50_000);
    expect(asymptoticHalfWidth(0.4, 500, 0.05, tuned)).toBeLessThan(asymptoticHalfWidth(0.4, 500, 0.05, other));
  });
});
