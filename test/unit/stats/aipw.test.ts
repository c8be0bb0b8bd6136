import {
  emptyAipw,
  fixedTimeInterval,
  mergeAipw,
  pseudoOutcome,
  pseudoOutcomeRange,
  recordAipw,
  snapshotAipw,
} from '../../../src/stats/aipw';

describe('the AIPW accumulator', () => {
  it('takes the cheap score where nothing was escalated and corrects it by 1/pi where it was', () => {
    expect(pseudoOutcome(0.8, null, 0.1)).toBe(0.8);
    expect(pseudoOutcome(0.8, 0.7, 0.1)).toBeCloseTo(-0.2, 12);
    expect(pseudoOutcome(0.8, 0.7, 1)).toBeCloseTo(0.7, 12);
  });

  it('stays inside the range of its escalation floor', () => {
    const [lowest, highest] = pseudoOutcomeRange(0.1);
    expect(pseudoOutcome(1, 0, 0.1)).toBeCloseTo(lowest, 12);
    expect(pseudoOutcome(0, 1, 0.1)).toBeCloseTo(highest, 12);
  });

  it('says null, not zero, before there is anything to say', () => {
    const snapshot = snapshotAipw(emptyAipw());
    expect(snapshot).toMatchObject({ n: 0, mean: null, variance: null, hajek: null, effectiveSampleSize: 0 });
    expect(fixedTimeInterval(snapshot)).toBeNull();
  });

  it('has a mean but no variance after one item', () => {
    const snapshot = snapshotAipw(recordAipw(emptyAipw(), 0.5, null, 0.1));
    expect(snapshot.mean).toBe(0.5);
    expect(snapshot.variance).toBeNull();
  });

  it('equals the plain mean and variance when everything is escalated', () => {
    const scores = [0.2, 0.4, 0.9];
    const state = scores.reduce((s, y) => recordAipw(s, 0.5, y, 1), emptyAipw());
    const snapshot = snapshotAipw(state);
    expect(snapshot.mean).toBeCloseTo(0.5, 12);
    expect(snapshot.hajek).toBeCloseTo(0.5, 12);
    expect(snapshot.variance).toBeCloseTo(0.13, 12);
    expect(snapshot.effectiveSampleSize).toBeCloseTo(3, 12);
  });

  it('never reports a negative variance for a constant stream', () => {
    let state = emptyAipw();
    for (let i = 0; i < 1000; i++) state = recordAipw(state, 0.1, null, 0.1);
    expect(snapshotAipw(state).variance).toBeGreaterThanOrEqual(0);
  });

  it('merges two windows into the state of both', () => {
    const a = recordAipw(recordAipw(emptyAipw(), 0.5, 1, 0.25), 0.6, null, 0.25);
    const b = recordAipw(emptyAipw(), 0.9, 0.8, 1);
    const whole = recordAipw(a, 0.9, 0.8, 1);
    expect(mergeAipw(a, b)).toEqual(whole);
    expect(mergeAipw(a, emptyAipw())).toEqual(a);
  });

  it.each([0, -0.1, 1.1, NaN])('turns away an inclusion probability of %p', (pi) => {
    expect(() => recordAipw(emptyAipw(), 0.5, null, pi)).toThrow(RangeError);
  });
});
