import {
  assertTopicsUsable,
  findingsOf,
  requiredTopics,
  type TopicFacts,
  type TopicPlan,
} from '../../../src/source/kafka-topics';

const DAY_MS = 86_400_000;
const plans = requiredTopics('plumbline', { interactions: 'llm.interactions', behaviour: null });

function planOf(name: string): TopicPlan {
  const plan = plans.find((each) => each.name === name);
  if (plan === undefined) throw new Error(`no plan for ${name}`);
  return plan;
}

function facts(partitions: number, replicas: number, config: Record<string, string> | null): TopicFacts {
  return { partitions, replicas, config: config && new Map(Object.entries({ 'min.insync.replicas': '2', ...config })) };
}

const kept = { 'cleanup.policy': 'delete', 'retention.ms': String(90 * DAY_MS) };

describe('the topics', () => {
  it('are ours by prefix and the inputs by name', () => {
    expect(plans.filter(({ isRequired }) => isRequired).map(({ name }) => name)).toEqual([
      'llm.interactions',
      'plumbline.verdicts',
      'plumbline.ledger',
      'plumbline.dead-letters',
    ]);
    expect(planOf('plumbline.ledger')).toMatchObject({ partitions: 1, isExactly: true, cleanupPolicy: 'delete' });
    expect(plans.map(({ name }) => name)).toEqual(expect.arrayContaining(['plumbline.state', 'plumbline.policy']));
  });

  it.each([
    ['a ledger as it should be', 'plumbline.ledger', facts(1, 3, kept), []],
    ['a ledger kept for ever', 'plumbline.ledger', facts(1, 3, { ...kept, 'retention.ms': '-1' }), []],
    ['a ledger of two partitions', 'plumbline.ledger', facts(2, 3, kept), ['error partitions']],
    [
      'a compacted ledger',
      'plumbline.ledger',
      facts(1, 3, { ...kept, 'cleanup.policy': 'compact' }),
      ['error cleanup_policy'],
    ],
    [
      'a ledger kept for a day',
      'plumbline.ledger',
      facts(1, 3, { ...kept, 'retention.ms': String(DAY_MS) }),
      ['warning retention'],
    ],
    [
      'one replica',
      'plumbline.ledger',
      facts(1, 1, { ...kept, 'min.insync.replicas': '1' }),
      ['warning replication', 'warning min_insync'],
    ],
    ['a configuration we may not read', 'plumbline.ledger', facts(1, 3, null), ['warning unreadable']],
    [
      'verdicts in any order of policies',
      'plumbline.verdicts',
      facts(9, 3, { ...kept, 'cleanup.policy': 'delete,compact' }),
      [],
    ],
    ['verdicts that are not compacted', 'plumbline.verdicts', facts(9, 3, kept), ['warning cleanup_policy']],
    [
      'an input however it is',
      'llm.interactions',
      facts(64, 3, { 'cleanup.policy': 'compact', 'retention.ms': '1' }),
      [],
    ],
    ['a missing input', 'llm.interactions', undefined, ['error missing']],
    ['a missing topic nobody needs yet', 'plumbline.policy', undefined, ['warning missing']],
  ])('with %s', (_case, name, found, expected) => {
    expect(findingsOf(planOf(name), found).map(({ severity, kind }) => `${severity} ${kind}`)).toEqual(expected);
  });

  it('are refused with every error at once, and never for a warning', () => {
    const errors = [
      ...findingsOf(planOf('plumbline.ledger'), facts(2, 1, { ...kept, 'cleanup.policy': 'compact' })),
      ...findingsOf(planOf('plumbline.policy'), undefined),
    ];
    expect(() => assertTopicsUsable(errors)).toThrow(
      'topic plumbline.ledger has 2 partitions and must have exactly 1; ' +
        'topic plumbline.ledger has cleanup.policy=compact; wanted is delete',
    );
    expect(() => assertTopicsUsable(errors.filter(({ severity }) => severity === 'warning'))).not.toThrow();
  });
});
