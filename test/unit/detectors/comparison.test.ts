import { createAdwin, stepAdwin } from '../../../src/detectors/comparison/adwin';
import { stepCusum } from '../../../src/detectors/comparison/classic-cusum';
import { createWindow, stepWindow } from '../../../src/detectors/comparison/moving-window';
import { createPageHinkley, stepPageHinkley } from '../../../src/detectors/comparison/page-hinkley';

describe('detectors to compare with', () => {
  it('ADWIN keeps a steady window whole and cuts it after a jump', () => {
    const state = createAdwin(0.002);
    for (let i = 0; i < 1000; i++) expect(stepAdwin(state, i % 2)).toBe(false);
    expect(state.width).toBe(1000);
    let cuts = 0;
    for (let i = 0; i < 320; i++) if (stepAdwin(state, 5)) cuts += 1;
    expect(cuts).toBeGreaterThan(0);
    expect(state.width).toBeLessThan(700);
    expect(state.total / state.width).toBeGreaterThan(2.5);
  });

  it('Page-Hinkley waits for its first items and forgets', () => {
    const design = { delta: 0.005, threshold: 1, forgetting: 0.9999, minInstances: 30 };
    const state = createPageHinkley();
    const alarms = Array.from({ length: 60 }, (_, i) => stepPageHinkley(design, state, i < 10 ? 0 : 1));
    expect(alarms.indexOf(true)).toBe(29);
  });

  it('CUSUM never goes below zero', () => {
    const design = { before: 0.85, after: 0.75 };
    expect(stepCusum(design, 0, 1)).toBe(0);
    expect(stepCusum(design, 0, 0)).toBeCloseTo(Math.log(0.25 / 0.15), 12);
  });

  it('a moving window is silent until it is full', () => {
    const state = createWindow(3);
    expect([1, 0, 1, 1].map((x) => stepWindow(state, x))).toEqual([null, null, 2 / 3, 2 / 3]);
  });
});
