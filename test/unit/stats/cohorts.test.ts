import { kaplanMeier, returnedBy } from '../../../src/stats/kaplan-meier';
import { noveltyProfile } from '../../../src/stats/novelty';

describe('time to return', () => {
  it('equals the plain share when nothing is censored', () => {
    const steps = kaplanMeier([1, 2, 2, 5], [1, 1, 1, 1]);
    expect(returnedBy(steps, 0)).toBe(0);
    expect(returnedBy(steps, 2)).toBeCloseTo(0.75, 12);
    expect(steps.at(-1)).toMatchObject({ survival: 0, standardError: 0 });
  });

  it('keeps those censored on a day at risk on that day', () => {
    expect(kaplanMeier([3, 3], [1, 0])).toEqual([
      { time: 3, atRisk: 2, events: 1, survival: 0.5, standardError: Math.sqrt(0.5) * 0.5 },
    ]);
  });

  it('has no steps when nobody returned', () => {
    expect(kaplanMeier([4, 9], [0, 0])).toEqual([]);
    expect(returnedBy([], 7)).toBe(0);
  });
});

describe('novelty after a release', () => {
  it('sees an effect fade among users seen every week', () => {
    const profile = noveltyProfile(
      [1, 1, 1],
      [
        [3, 2, 1],
        [3, 2, 1.5],
        [2, null, null],
      ],
    );
    expect(profile.balancedUsers).toEqual([0, 1]);
    expect(profile.meanSlope).toBeCloseTo(-0.875, 12);
    expect(profile.noveltyShare).toBeCloseTo(0.875, 12);
    expect(profile.weeks[1]).toMatchObject({ n: 2, retention: 2 / 3 });
  });

  it('counts silent users as zero in the mean over all', () => {
    const { weeks } = noveltyProfile([2, 2], [[3], [null]]);
    expect(weeks[0]).toMatchObject({ meanActive: 1, meanAll: -0.5 });
  });

  it('says null when no user was seen throughout', () => {
    const profile = noveltyProfile([1], [[2, null]]);
    expect(profile).toMatchObject({ balancedEffect: null, meanSlope: null, slopeP: null, noveltyShare: null });
    expect(profile.weeks[1]).toMatchObject({ n: 0, meanActive: null });
    expect(noveltyProfile([], []).weeks).toEqual([]);
  });
});
