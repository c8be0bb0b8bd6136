import {
  createChangePoint,
  plausibleStarts,
  readChangePoint,
  stepChangePoint,
} from '../../../src/detectors/change-point';
import {
  expectedDelay,
  informationPerItem,
  learnedBaselineFactor,
  passRateInformation,
} from '../../../src/detectors/detection-delay';
import { changedTogether, seriesToPage, thresholdOf, thresholdRatio } from '../../../src/detectors/fleet-budget';

describe('the change point', () => {
  it('is where the present excursion began', () => {
    const state = createChangePoint(2);
    for (let i = 0; i < 200; i++) stepChangePoint([0.4, 0.8], 0.85, state, 0.9, i);
    for (let i = 200; i < 260; i++) stepChangePoint([0.4, 0.8], 0.85, state, 0.5, i);
    expect(readChangePoint(state)?.start).toBe(200);
  });

  it('takes any rising position, such as a time', () => {
    const state = createChangePoint(1);
    stepChangePoint([0.5], 0.85, state, 0, 1_700_000_000_000);
    expect(readChangePoint(state)?.start).toBe(1_700_000_000_000);
    expect(readChangePoint(createChangePoint(0))).toBeNull();
  });

  it('has a plausible range around it', () => {
    expect(plausibleStarts([-1, -2, -1, 4, 5, 6])).toEqual([2, 3]);
    expect(plausibleStarts([-1, 0, -2, 4, 5, 6], 1e9)).toEqual([0, 5]);
    expect(plausibleStarts([])).toBeNull();
  });
});

describe('the false-alarm budget of a fleet', () => {
  const budget = { days: 30, shares: [0.25, 0.25, 0.25, 0.25] };

  it('gives each series its threshold', () => {
    expect(thresholdOf(0.25, 30)).toBe(120);
    expect(thresholdRatio(60, 0.25, 30)).toBe(0.5);
    expect(seriesToPage([119, 120, 500, 0], budget)).toEqual([1, 2]);
  });

  it('finds a change common to all series before any series alone', () => {
    expect(seriesToPage([31, 31, 31, 31], budget)).toEqual([]);
    expect(changedTogether([31, 31, 31, 31], budget)).toEqual([0, 1, 2, 3]);
    expect(changedTogether([31, 1, 1, 1], budget)).toEqual([]);
  });
});

describe('the expected delay', () => {
  it('is near the simulated one for a pass rate falling from 0.85 to 0.75', () => {
    const delay = expectedDelay(10_000, passRateInformation(0.85, 0.75), false)!;
    expect(delay).toBeGreaterThan(110);
    expect(delay).toBeLessThan(150);
    expect(learnedBaselineFactor(delay, 10 * delay)).toBeCloseTo(1.25, 12);
  });

  it('is longer from a fresh start, and unknown for a hopeless case', () => {
    const information = informationPerItem(0.05, 0.1275);
    expect(expectedDelay(10_000, information, true)).toBeGreaterThan(expectedDelay(10_000, information, false)!);
    expect(expectedDelay(10, information, true)).toBeNull();
  });
});
