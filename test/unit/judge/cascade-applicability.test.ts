import type { Interaction } from '../../../src/domain/interaction';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildInteraction } from '../../support/builders/interaction';
import { type FakeBehaviour, criterion } from './fake-judge';
import { notAudited, only, setUp, UNSURE, YES } from './cascade-set-up';

describe('independence', () => {
  const by = (model: string): Interaction => ({ ...notAudited, producer: { ...notAudited.producer, model } });

  it.each(['gpt-4o', 'claude-opus-4', 'unknown-7b'])(
    '%s without an admissible panel is unjudged, and costs nothing',
    async (model) => {
      const { judge, calls } = setUp();
      expect(only(await judge({ interaction: by(model) }))).toMatchObject({
        result: 'unjudged',
        unjudgedReason: 'not_independent',
        panel: null,
        escalation: null,
      });
      expect(calls()).toBe('0,0,0,0');
    },
  );

  it('moves on to the next panel, which makes another series', async () => {
    const { judge, calls } = setUp({ options: { cheap: [['mini'], ['qwen']] } });
    expect(only(await judge({ interaction: by('gpt-4o') }))).toMatchObject({
      result: 'scored',
      panel: 'qwen>claude+gemini+qwen/mean',
    });
    expect(calls()).toBe('0,0,0,1');
  });

  it('skips paused judges, and is unjudged as paused when none is left', async () => {
    const paused = { ...INITIAL_POLICY, pausedJudges: ['mini'] };
    const two = setUp({ options: { cheap: [['mini'], ['qwen']] } });
    expect(only(await two.judge({ policy: paused })).panel).toBe('qwen>claude+gemini+qwen/mean');
    expect(only(await setUp().judge({ policy: paused }))).toMatchObject({
      result: 'unjudged',
      unjudgedReason: 'paused',
    });
  });

  it('under `warn` judges on, marked, but never a safety criterion', async () => {
    const { judge } = setUp({
      criteria: [criterion('helpful'), criterion('safe', { safety: true })],
      options: { independence: 'warn' },
      cheap: UNSURE,
    });
    const { criteria } = await judge({ interaction: by('gpt-4o') });
    expect(criteria[0]).toMatchObject({
      result: 'scored',
      panel: 'mini>claude+gemini+qwen/mean~own',
      combined: { independent: false },
    });
    expect(criteria[1]).toMatchObject({ result: 'unjudged', unjudgedReason: 'not_independent' });
  });
});

describe('applicability', () => {
  const grounded = criterion('grounded', { requires: ['context'] });

  it('is decided first, sampled or not', async () => {
    const { cascade, judge, judges } = setUp({ criteria: [criterion('helpful'), grounded] });
    expect((await judge()).criteria.map(({ result }) => result)).toEqual(['scored', 'not_applicable']);
    expect(cascade.notSampled(notAudited).criteria.map(({ result }) => result)).toEqual([
      'not_sampled',
      'not_applicable',
    ]);
    expect(judges[0].asked[0]?.system).not.toContain('grounded');
  });

  it('asks nobody when nothing applies', async () => {
    const { judge, calls } = setUp({ criteria: [grounded] });
    expect(only(await judge()).result).toBe('not_applicable');
    expect(calls()).toBe('0,0,0,0');
  });

  it.each([
    ['context', { context: [{ id: 'd', text: 't' }] }],
    ['facts', { facts: { a: 1 } }],
    ['reference_answer', { referenceAnswer: 'x' }],
    ['tools', { tools: [{ name: 't', description: null }] }],
    ['output_schema', { outputSchema: {} }],
    [
      'conversation',
      {
        input: [
          { role: 'user' as const, content: 'a' },
          { role: 'user' as const, content: 'b' },
        ],
      },
    ],
  ] as const)('needs %s', async (need, change) => {
    const { cascade } = setUp({ criteria: [criterion('c', { requires: [need] })] });
    const bare = buildInteraction();
    expect(only(cascade.notSampled(bare)).result).toBe('not_applicable');
    expect(only(cascade.notSampled({ ...bare, ...change })).result).toBe('not_sampled');
  });

  it('takes the judges’ word for it when they agree, and the ensemble’s when it was asked', async () => {
    const absent: FakeBehaviour = { all: { verdict: 'not_applicable', confidence: 95 } };
    const { judge } = setUp({ cheap: absent, members: [absent, absent, YES] });
    expect(only(await judge())).toMatchObject({ result: 'not_applicable', escalation: { escalated: false } });
    expect(only(await judge({ failedChecks: ['x'] }))).toMatchObject({ result: 'not_applicable', score: null });
    const overruled = setUp({ cheap: absent, members: [YES, YES, absent] });
    expect(only(await overruled.judge({ failedChecks: ['x'] }))).toMatchObject({
      result: 'scored',
      score: 0.9,
      estimatorValue: 0.9,
    });
  });
});

describe('parts that a criterion needs', () => {
  const order = criterion('order', { needs: ['facts.order.status'] });

  it('are shown, and without one the criterion is unjudged for missing_context and nobody is asked about it', async () => {
    const { judge, judges } = setUp({ criteria: [criterion('helpful'), order] });
    const lacking = await judge({ interaction: { ...notAudited, facts: { order: { id: 1 } } } });
    expect(lacking.criteria.map(({ result, unjudgedReason }) => [result, unjudgedReason])).toEqual([
      ['scored', null],
      ['unjudged', 'missing_context'],
    ]);
    expect(judges[0].asked[0]?.system).not.toContain('order:');
    const whole = await judge({ interaction: { ...notAudited, facts: { order: { status: 'sent' } } } });
    expect(whole.criteria[1]?.result).toBe('scored');
    expect(judges[0].asked[1]?.user).toContain('"status":"sent"');
  });

  it('are not found on a prototype', async () => {
    const { judge } = setUp({ criteria: [criterion('odd', { needs: ['facts.constructor.name'] })] });
    const { criteria } = await judge({ interaction: { ...notAudited, facts: {} } });
    expect(criteria[0]?.unjudgedReason).toBe('missing_context');
  });

  it('leaves a message with a part that judges cannot be shown unjudged, unless the criterion takes the text alone', async () => {
    const taking = criterion('takes', { unseenInput: 'judge' });
    const bed = setUp({ criteria: [criterion('sees'), taking] });
    const input = [{ role: 'user' as const, content: 'What is in this picture?\n[image_url]' }];
    const { criteria } = await bed.judge({ interaction: buildInteraction({ input }) });
    expect(criteria.map(({ result, unjudgedReason }) => [result, unjudgedReason])).toEqual([
      ['unjudged', 'unsupported_content'],
      ['scored', null],
    ]);
  });

  it.each(['Is [image_url] a marker?', 'an array [image]', '[INST]'])(
    'judges text that only speaks of one: %s',
    async (content) => {
      const bed = setUp({ criteria: [criterion('sees')] });
      const { criteria } = await bed.judge({ interaction: buildInteraction({ input: [{ role: 'user', content }] }) });
      expect(criteria[0]?.result).toBe('scored');
    },
  );

  it('does not let an answer keep itself from being judged by a marker', async () => {
    const bed = setUp({ criteria: [criterion('sees')] });
    const output = { ...buildInteraction().output, text: '[image_url]\nNothing to see.' };
    expect((await bed.judge({ interaction: buildInteraction({ output }) })).criteria[0]?.result).toBe('scored');
  });

  it('may be said to be too long when cut', async () => {
    const long = criterion('whole', { cutInput: 'too_long' });
    const { judge, calls } = setUp({ criteria: [long], options: { inputBudgetChars: 1000 } });
    const interaction = { ...notAudited, output: { ...notAudited.output, text: 'word '.repeat(500) } };
    expect((await judge({ interaction })).criteria[0]).toMatchObject({
      result: 'unjudged',
      unjudgedReason: 'too_long',
    });
    expect(calls()).toBe('0,0,0,0');
    expect((await judge()).criteria[0]?.result).toBe('scored');
  });
});

describe('grouping', () => {
  it('asks about each criterion apart when told to, with a draw of its own', async () => {
    const criteria = [criterion('helpful'), criterion('tone')];
    const together = setUp({ criteria });
    await together.judge();
    expect(together.judges[0].asked).toHaveLength(1);
    const apart = setUp({ criteria, options: { grouping: 'separate' } });
    await apart.judge();
    expect(apart.judges[0].asked.map(({ system }) => /\ntone:/.test(system))).toEqual([false, true]);
  });

  it('tells judges when a criterion applies', async () => {
    const { judge, judges } = setUp({ criteria: [criterion('tone', { appliesWhen: 'the user is upset.' })] });
    await judge();
    expect(judges[0].asked[0]?.system).toContain('Is the answer tone? Applies when: the user is upset.');
  });
});
