import type { OutcomeItem } from '../../../../src/domain/ledger-record';
import type { SegmentKey } from '../../../../src/domain/segment';
import {
  buildEscalatedCriterion,
  buildOutcomeCriterion,
  buildUnscoredCriterion,
} from '../../../support/builders/ledger-record';
import { ALL, createFeed, type Feed, paramsOf } from './feed';

const params = paramsOf();

function checked(check: string, failures: number): (draw: number) => Partial<OutcomeItem> {
  return (draw) => ({ sampled: false, checks: [{ check, result: draw < failures ? 'fail' : 'pass' }] });
}

function judged(
  unjudged: number,
  unjudgedReason: 'timeout' | 'refused' | 'unreadable' | 'over_budget',
): (draw: number) => Partial<OutcomeItem> {
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
    feed.scores(220, 0.55);
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

describe('the operating point', () => {
  const kept = { low: 0.25, high: 0.75, tolerance: 0.05, shares: { correct: 0.7 } };
  const sure = (share: number): ((draw: number) => Partial<OutcomeItem>) => {
    return (draw) => ({
      criteria: [buildOutcomeCriterion({ criterion: 'correct', cheapScore: draw < share ? 0.9 : 0.5 })],
    });
  };
  const told = (share: number, items: number): readonly string[] => {
    const feed = createFeed({ ...params, kept });
    feed.items(items, sure(share));
    return feed.told.map(({ series, severity }) => `${severity} ${series.kind} ${series.criterion}`);
  };

  it('is left when the cheap stage is sure of fewer items: a ticket says so', () => {
    expect(told(0.5, 600)).toEqual(['ticket traffic_mix_shift correct:kept_less']);
  });

  it('is left when the cheap stage is sure of more items than it was tuned to be', () => {
    expect(told(0.9, 600)).toEqual(['ticket traffic_mix_shift correct:kept_more']);
  });

  it('holds within the tolerance', () => {
    expect(told(0.68, 3_000)).toEqual([]);
  });

  it('is not watched where none was tuned, and not by items without a cheap score', () => {
    const feed = createFeed(params);
    feed.items(600, sure(0.2));
    const silent = createFeed({ ...params, kept });
    silent.items(600, () => ({ criteria: [buildOutcomeCriterion({ criterion: 'correct', cheapScore: null })] }));
    expect([...feed.told, ...silent.told]).toEqual([]);
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

describe('judge_invalid_output', () => {
  it('fires when a third of the replies cannot be read', () => {
    const feed = createFeed(params);
    feed.items(300, judged(0.35, 'unreadable'));
    expect(feed.firing()).toContain('judge_invalid_output');
  });

  it('stays silent over timeouts, which are no replies', () => {
    const feed = createFeed(params);
    feed.items(300, judged(0.5, 'timeout'));
    expect(feed.firing()).not.toContain('judge_invalid_output');
  });
});

describe('judge_budget_limited', () => {
  it('fires when the budget leaves a fifth unjudged', () => {
    const feed = createFeed(params);
    feed.items(600, judged(0.18, 'over_budget'));
    expect(feed.firing()).toEqual(['judge_budget_limited']);
  });

  it('stays silent at one in a hundred', () => {
    const feed = createFeed(params);
    feed.items(1_000, judged(0.01, 'over_budget'));
    expect(feed.told).toEqual([]);
  });
});

describe('judges_converged', () => {
  const disagreeing = (share: number) => (draw: number) => ({
    criteria: [buildEscalatedCriterion(0.5, 1, 1, { disagreement: draw < share ? 0.8 : 0 })],
  });

  it('fires when judges that used to differ say the same thing', () => {
    const feed = createFeed(params);
    feed.items(700, disagreeing(0.4));
    feed.items(200, disagreeing(0.02));
    expect(feed.firing()).toEqual(['judges_converged']);
  });

  it('stays silent while they differ as ever, and when they differ more', () => {
    const feed = createFeed(params);
    feed.items(900, disagreeing(0.3));
    feed.items(400, disagreeing(0.7));
    expect(feed.told).toEqual([]);
  });
});

describe('refusal_shift', () => {
  it('tells refusing less from refusing more', () => {
    const feed = createFeed(params);
    feed.items(700, checked('refusal', 0.3));
    feed.items(200, checked('refusal', 0.02));
    expect(feed.told.map(({ series }) => series.criterion)).toEqual(['under_refusal']);
  });
});

describe('traffic_mix_shift', () => {
  const search = [ALL, { dimension: 'product', value: 'search' }];
  const chat = [ALL, { dimension: 'product', value: 'chat' }];
  const traffic = (feed: Feed, rounds: number, chats: number): void => {
    for (let i = 0; i < rounds; i++) {
      for (let k = 0; k < 10; k++) feed.items(1, () => ({ sampled: false }), k < chats ? chat : search);
    }
  };

  it('fires for a share that rises and for the one that falls', () => {
    const feed = createFeed(params);
    traffic(feed, 60, 3);
    traffic(feed, 40, 7);
    expect(new Set(feed.firing())).toEqual(new Set(['traffic_mix_shift']));
    expect(feed.told.map(({ series }) => `${series.segment.value} ${series.criterion}`).sort()).toEqual([
      'chat share_rises',
      'search share_falls',
    ]);
  });

  it('stays silent while shares stay, and over a roll-out, which moves shares on purpose', () => {
    const feed = createFeed(params);
    traffic(feed, 60, 3);
    const release = (value: string): SegmentKey[] => [...chat, { dimension: 'release', value }];
    for (let i = 0; i < 60; i++) {
      for (let k = 0; k < 10; k++) feed.items(1, () => ({ sampled: false }), k < 3 ? release(`r${i}`) : search);
    }
    expect(feed.told).toEqual([]);
  });
});

describe('offset_gap', () => {
  it('fires when many offsets in a row have no record, and is over two hours later', () => {
    const feed = createFeed(params);
    feed.gap(5_000);
    expect(feed.firing()).toEqual(['offset_gap']);
    expect(feed.told[0]?.text).toContain('5000 consecutive offsets of llm.interactions/0');
    feed.pause(121 * 60_000);
    expect(feed.firing()).not.toContain('offset_gap');
  });

  it('stays silent over the small gaps that transactions leave', () => {
    const feed = createFeed(params);
    for (let i = 0; i < 50; i++) feed.gap(1);
    expect(feed.told).toEqual([]);
  });
});
