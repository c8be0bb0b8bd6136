import { policyMessages } from '../../../src/compose/codecs';
import { createPolicyDesk, policyFigures, policyKey } from '../../../src/compose/policy-desk';
import { budgetOptions } from '../../../src/policy/options';
import { createSpend, recordSpend } from '../../../src/policy/spend';
import type { Weighting } from '../../../src/policy/weighting';

const NOON = Date.UTC(2026, 5, 10, 12);

function deskOf(monthlyUsd?: number) {
  return createPolicyDesk({
    budget: budgetOptions.parse(monthlyUsd === undefined ? {} : { monthlyUsd }),
    itemDeadlineMs: 1_000,
    behaviourTopic: 'llm.behaviour',
  });
}

const seen = (spentUsd: number, more: { clock?: number; pausedJudges?: string[]; weightings?: Weighting[] } = {}) => {
  const spend = createSpend();
  recordSpend(spend, { at: NOON, partition: 'llm.interactions/0', usd: spentUsd, ceilings: [] });
  return {
    clock: NOON,
    spend,
    watermarks: [
      { topic: 'llm.behaviour', partition: 0, offset: 1n },
      { topic: 'llm.interactions', partition: 0, offset: 1n },
    ],
    pausedJudges: [],
    weightings: [],
    ...more,
  };
};

describe('the policy desk', () => {
  it('says nothing without a budget and without a pause, and leases nothing', () => {
    const desk = deskOf();
    expect(desk.keep(seen(5))).toEqual([]);
    expect(policyFigures(desk)).toEqual({ mode: 'full', remaining: [] });
  });

  it('leases to partitions that hold interactions', () => {
    const leases = deskOf(3_000).keep(seen(0));
    expect(leases.map(policyKey)).toEqual(['lease/llm.interactions/0']);
  });

  it('tells of a pause once, and of its end', () => {
    const desk = deskOf();
    const paused = desk.keep(seen(0, { pausedJudges: ['mini'] }));
    expect(paused).toMatchObject([{ policy: { version: 2, pausedJudges: ['mini'] }, lease: null }]);
    expect(desk.keep(seen(0, { pausedJudges: ['mini'] }))).toEqual([]);
    expect(desk.keep(seen(0))).toMatchObject([{ policy: { version: 3, pausedJudges: [] } }]);
    expect(desk.policy().version).toBe(3);
  });

  it('tells of learned weights once, through the wire, and of their end', () => {
    const desk = deskOf();
    const weighting: Weighting = {
      criterion: 'helpful',
      panel: 'mini>a+b/mean',
      members: ['a', 'b'],
      weights: [1.5, -0.25],
      intercept: 0.1,
      cheapUpTo: [0.5, 1],
      cheapValue: [0.2, 0.9],
      saidItems: [100, 90],
      sidedItems: [80, 70],
    };
    const [record] = desk.keep(seen(0, { weightings: [weighting] }));
    expect(desk.keep(seen(0, { weightings: [weighting] }))).toEqual([]);
    const follower = deskOf();
    follower.onRecord(policyMessages.decode(policyMessages.encode(record!).value));
    expect(follower.policy().weightings).toEqual([weighting]);
    expect(desk.keep(seen(0))).toMatchObject([{ policy: { version: 3, weightings: [] } }]);
  });

  it('gives a follower what it said, through the wire, and a new owner goes on from there', () => {
    const owner = deskOf(30);
    const said = owner.keep(seen(25));
    const follower = deskOf(30);
    for (const record of said) follower.onRecord(policyMessages.decode(policyMessages.encode(record).value));
    expect(follower.policy()).toEqual(owner.policy());
    expect(follower.policy().mode).toBe('checks_only');
    expect(follower.keep(seen(25))).toEqual([]);
  });

  it('does not follow a policy that is older than the one in force', () => {
    const desk = deskOf();
    const first = desk.keep(seen(0, { pausedJudges: ['mini'] }))[0]!;
    desk.keep(seen(0));
    desk.onRecord(first);
    expect(desk.policy().pausedJudges).toEqual([]);
  });
});
