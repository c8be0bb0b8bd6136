import { NO_PAIRS, stepConcordance } from '../../../src/stats/concordance';

describe('concordance of score and outcome', () => {
  it('pairs good and bad outcomes first in, first out', () => {
    const first = stepConcordance(NO_PAIRS, 0.9, true);
    expect(first.concordance).toBeNull();
    const second = stepConcordance(first.state, 0.4, true);
    const third = stepConcordance(second.state, 0.6, false);
    expect(third.concordance).toBe(1);
    const fourth = stepConcordance(third.state, 0.6, false);
    expect(fourth.concordance).toBe(0);
    expect(fourth.state).toEqual(NO_PAIRS);
  });

  it('counts a tie half', () => {
    const { state } = stepConcordance(NO_PAIRS, 0.5, false);
    expect(stepConcordance(state, 0.5, true).concordance).toBe(0.5);
  });

  it('drops the oldest when one side is full, and counts it', () => {
    let state = NO_PAIRS;
    for (const score of [0.1, 0.2, 0.3]) ({ state } = stepConcordance(state, score, true, 2));
    expect(state).toEqual({ good: [0.2, 0.3], bad: [], dropped: 1 });
  });
});
