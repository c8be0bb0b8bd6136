import type { OutcomeItem } from '../../../../src/domain/ledger-record';
import { buildOutcomeCriterion, buildUnscoredCriterion } from '../../../support/builders/ledger-record';
import { createFeed, paramsOf } from './feed';

const params = paramsOf();

function checked(check: string, failures: number): (draw: number) => Partial<OutcomeItem> {
  return (draw) => ({ sampled: false, checks: [{ check, result: draw < failures ? 'fail' : 'pass' }] });
}

function judged(unjudged: number, unjudgedReason: 'timeout' | 'refused'): (draw: number) => Partial<OutcomeItem> {
  return (draw) => ({
    criteria: [draw < unjudged ? buildUnscoredCriterion('unjudged', { unjudgedReason }) : buildOutcomeCriterion()],
  });
}

describe('score_regression', () => {
  it('learns, then stays silent while nothing changes', () => {
    const feed = createFeed(params);
    feed.scores(2_500, 0.85);
    expect(feed.told).toEqual([]);
  });

  it('fires as a page when the mean falls by thirty points, and says from where to where and since when', () => {
    const feed = createFeed(params);
    feed.scores(1_000, 0.85);
    const changeAt = feed.state.series.values().next().value?.lastAt ?? 0;
    feed.scores(150, 0.55);
    const last = feed.told.at(-1);
    expect(last).toMatchObject({ state: 'firing', severity: 'page', series: { kind: 'score_regression' } });
    expect(last?.before?.mean).toBeCloseTo(0.85, 1);
    expect(last?.after?.mean).toBeLessThan(0.75);
    expect(last?.began?.from).toBeLessThanOrEqual(changeAt + 20 * 600_000);
    expect(last?.began?.to).toBeGreaterThanOrEqual(changeAt - 20 * 600_000);
    expect(last?.text).toContain('score_regression: mean score of correct in the whole stream fell from 0.8');
  });

  it('does not take a rise for a fall', () => {
    const feed = createFeed(params);
    feed.scores(800, 0.6);
    feed.scores(800, 0.95);
    expect(feed.told).toEqual([]);
  });
});

describe.each([
  ['check_regression', 'truncated'],
  ['refusal_shift', 'refusal'],
  ['unsupported_claim_rise', 'grounding'],
  ['unsupported_action_rise', 'tool_claims'],
  ['prompt_injection_rise', 'injection'],
])('%s', (kind, check) => {
  it('fires when more first turns fail the check', () => {
    const feed = createFeed(params);
    feed.items(700, checked(check, 0.02));
    feed.items(150, checked(check, 0.4));
    expect(feed.firing()).toEqual([kind]);
  });

  it('stays silent while as many fail as ever', () => {
    const feed = createFeed(params);
    feed.items(1_500, checked(check, 0.02));
    expect(feed.told).toEqual([]);
  });

  it('takes one value per conversation, at its first turn', () => {
    const feed = createFeed(params);
    feed.items(700, checked(check, 0.02));
    feed.items(300, (draw) => ({ ...checked(check, 0.4)(draw), turnIndex: 1 }));
    expect(feed.told).toEqual([]);
  });
});

describe('judged_ratio_low', () => {
  it('fires without learning when a third of the sampled items is not judged', () => {
    const feed = createFeed(params);
    feed.items(400, judged(0.4, 'refused'));
    expect(feed.firing()).toEqual(['judged_ratio_low']);
  });

  it('stays silent at a tenth', () => {
    const feed = createFeed(params);
    feed.items(1_500, judged(0.1, 'refused'));
    expect(feed.told).toEqual([]);
  });
});

describe('judge_unavailable', () => {
  it('fires when judges do not answer', () => {
    const feed = createFeed(params);
    feed.items(100, judged(1, 'timeout'));
    expect(feed.firing()).toContain('judge_unavailable');
  });

  it('stays silent over answers that are refusals, which are no outage', () => {
    const feed = createFeed(params);
    feed.items(300, judged(0.5, 'refused'));
    expect(feed.firing()).not.toContain('judge_unavailable');
  });
});

describe('dead_letters_rise', () => {
  it('fires when a tenth of the records cannot be used', () => {
    const feed = createFeed(params);
    feed.items(1, () => ({ sampled: false }));
    feed.state.eventTime = Date.UTC(2026, 0, 5);
    for (let i = 0; i < 40; i++) {
      feed.items(1, () => ({ sampled: false }));
      feed.records(10, 0.3);
    }
    expect(feed.firing()).toEqual(['dead_letters_rise']);
  });

  it('stays silent at one in a hundred', () => {
    const feed = createFeed(params);
    for (let i = 0; i < 40; i++) {
      feed.items(1, () => ({ sampled: false }));
      feed.records(25, 0.005);
    }
    expect(feed.told).toEqual([]);
  });
});

describe('traffic_absent', () => {
  it('fires after silence and is over with the first interaction', () => {
    const feed = createFeed(params);
    feed.items(5, () => ({ sampled: false }));
    feed.pause(20 * 60_000);
    expect(feed.firing()).toEqual(['traffic_absent']);
    feed.items(1, () => ({ sampled: false }));
    expect(feed.told.map(({ state }) => state)).toEqual(['firing', 'resolved']);
  });

  it('stays silent before anything came, and while something comes', () => {
    const feed = createFeed(params);
    feed.pause(86_400_000);
    feed.items(50, () => ({ sampled: false }));
    expect(feed.told).toEqual([]);
  });
});
