import { createConcordance, stepConcordance } from '../../../src/stats/concordance';

describe('concordance of score and outcome', () => {
  it('pairs good and bad outcomes first in, first out', () => {
    const state = createConcordance();
    expect(stepConcordance(state, 0.9, true)).toBeNull();
    expect(stepConcordance(state, 0.4, true)).toBeNull();
    expect(stepConcordance(state, 0.6, false)).toBe(1);
    expect(stepConcordance(state, 0.6, false)).toBe(0);
    expect(state).toEqual(createConcordance());
  });

  it('counts a tie half', () => {
    const state = createConcordance();
    stepConcordance(state, 0.5, false);
    expect(stepConcordance(state, 0.5, true)).toBe(0.5);
  });

  it('drops the oldest when one side is full, and counts it', () => {
    const state = createConcordance();
    for (const score of [0.1, 0.2, 0.3]) stepConcordance(state, score, true, 2);
    expect(state).toEqual({ good: [0.2, 0.3], bad: [], dropped: 1 });
  });
});
