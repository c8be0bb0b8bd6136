import type { Interaction } from '../../../src/domain/interaction';
import type { CriterionVerdict, JudgeAnswer } from '../../../src/domain/verdict';
import { createAsk } from '../../../src/judge/ask';
import { createCascade } from '../../../src/judge/cascade';
import { uniformDraw } from '../../../src/judge/draw';
import { createNonceSource } from '../../../src/judge/fence';
import type { JudgeCallEvent, Judging, JudgingRequest } from '../../../src/judge/cascade-port';
import {
  type CascadeOptions,
  type CriterionOptions,
  type JudgeOptions,
  cascadeOptions,
} from '../../../src/judge/options';
import type { JudgeRequest } from '../../../src/judge/port';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildInteraction } from '../../support/builders/interaction';
import { buildSampling } from '../../support/builders/verdict';
import { type FakeBehaviour, type FakeJudge, criterion, fakeJudge } from './fake-judge';

type Behave = FakeBehaviour | ((request: JudgeRequest) => FakeBehaviour);

interface Setup {
  readonly criteria?: readonly CriterionOptions[];
  readonly cheap?: Behave;
  readonly members?: readonly [Behave, Behave, Behave];
  readonly options?: Partial<CascadeOptions>;
  readonly prices?: JudgeOptions['prices'];
}

const SURE: FakeBehaviour = { all: { verdict: 'pass', confidence: 95 } };
const UNSURE: FakeBehaviour = { all: { verdict: 'pass', confidence: 60 } };
const YES: FakeBehaviour = { all: { verdict: 'pass', confidence: 90 } };
const NO: FakeBehaviour = { all: { verdict: 'fail', confidence: 80 } };

function set({
  criteria = [criterion('helpful')],
  cheap = SURE,
  members = [YES, YES, NO],
  options,
  prices,
}: Setup = {}) {
  const extra = prices === undefined ? {} : { prices };
  const judges: [FakeJudge, FakeJudge, FakeJudge, FakeJudge] = [
    fakeJudge('mini', 'gpt-4.1-mini', cheap, extra),
    fakeJudge('claude', 'claude-sonnet-4', members[0], extra),
    fakeJudge('gemini', 'gemini-2.5-flash', members[1], extra),
    fakeJudge('qwen', 'qwen3-32b', members[2], extra),
  ];
  const events: JudgeCallEvent[] = [];
  let now = 0;
  let ids = 0;
  const cascade = createCascade({
    criteria,
    judges,
    cascade: { ...cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini', 'qwen']] }), ...options },
    models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
    salt: 'salt',
    clock: { monotonicMs: () => now++ },
    randomId: () => `id-${ids++}`,
    onCall: (event) => events.push(event),
  });
  const judge = (change: Partial<JudgingRequest> = {}): Promise<Judging> =>
    cascade.judge({
      interaction: notAudited,
      sampling: buildSampling(),
      failedChecks: [],
      policy: INITIAL_POLICY,
      signal: new AbortController().signal,
      ...change,
    });
  return { cascade, judge, judges, events, calls: () => judges.map((each) => each.asked.length).join() };
}

/** Interactions whose audit draw under salt, policy and group of these tests says no, and yes. */
const notAudited = drawnAs(false);
const audited = drawnAs(true);

function drawnAs(escalated: boolean): Interaction {
  for (let i = 0; ; i++) {
    const below = uniformDraw('escalate', 'salt', INITIAL_POLICY.version, `default|i-${i}`) < 0.1;
    if (below === escalated) return buildInteraction({ interactionId: `i-${i}` });
  }
}

function only(judging: Judging): CriterionVerdict {
  expect(judging.criteria).toHaveLength(1);
  return judging.criteria[0] as CriterionVerdict;
}

describe('a confident cheap verdict', () => {
  it('is the score when the audit draw says no', async () => {
    const { judge, calls } = set();
    expect(only(await judge())).toMatchObject({
      result: 'scored',
      panel: 'mini>claude+gemini+qwen/mean',
      score: 0.95,
      pass: true,
      estimatorValue: 0.95,
      combined: null,
      ensemble: [],
      escalation: { escalated: false, reason: null, probability: 0.1 },
    });
    expect(calls()).toBe('1,0,0,0');
  });

  it('is corrected by the ensemble when it says yes, weighted by the probability', async () => {
    const { judge, calls } = set();
    const verdict = only(await judge({ interaction: audited }));
    const score = (0.9 + 0.9 + 0.2) / 3;
    expect(verdict).toMatchObject({
      result: 'scored',
      escalation: { escalated: true, reason: 'audit', probability: 0.1 },
    });
    expect(verdict.score).toBeCloseTo(score, 12);
    expect(verdict.estimatorValue).toBeCloseTo(0.95 + (score - 0.95) / 0.1, 12);
    expect(verdict.combined).toMatchObject({
      method: 'mean',
      outlierJudge: 'qwen',
      quorum: 3,
      degraded: false,
      independent: true,
    });
    expect(calls()).toBe('1,1,1,1');
  });

  it('draws the same on a replay', async () => {
    const first = await set().judge({ interaction: audited });
    expect(await set().judge({ interaction: audited })).toEqual(first);
  });
});

describe('escalation', () => {
  it('follows a borderline cheap score with certainty, so the value is the ensemble’s', async () => {
    const verdict = only(await set({ cheap: UNSURE }).judge());
    expect(verdict.escalation).toEqual({ escalated: true, reason: 'borderline', probability: 1 });
    expect(verdict.estimatorValue).toBeCloseTo(verdict.score ?? NaN, 12);
  });

  it('follows a failed check and a safety criterion', async () => {
    expect(only(await set().judge({ failedChecks: ['empty'] })).escalation).toMatchObject({ reason: 'check' });
    const { judge } = set({ criteria: [criterion('safe', { safety: true })] });
    expect(only(await judge()).escalation).toMatchObject({ reason: 'safety', probability: 1 });
  });

  it('is one decision for all criteria of a group, and another for another group', async () => {
    const { judge, judges } = set({
      criteria: [criterion('a'), criterion('b'), criterion('c', { group: 'other' })],
      cheap: { all: { verdict: 'pass', confidence: 95 }, byName: { b: { verdict: 'pass', confidence: 55 } } },
    });
    const { criteria } = await judge();
    expect(criteria.map(({ escalation }) => escalation)).toEqual([
      { escalated: true, reason: 'borderline', probability: 1 },
      { escalated: true, reason: 'borderline', probability: 1 },
      { escalated: false, reason: null, probability: 0.1 },
    ]);
    expect(judges.map(({ asked }) => asked.length)).toEqual([2, 1, 1, 1]);
  });

  it('obeys the policy’s band switch', async () => {
    const { judge, calls } = set({ cheap: UNSURE });
    await judge({ policy: { ...INITIAL_POLICY, bandEnabled: false } });
    expect(calls()).toBe('1,0,0,0');
  });

  it('follows two cheap readings that disagree', async () => {
    const { judge } = set({
      options: { cheap: [['mini', 'claude']], ensemble: [['claude', 'gemini', 'qwen']] },
      members: [NO, YES, YES],
    });
    const verdict = only(await judge());
    expect(verdict.panel).toBe('mini+claude>claude+gemini+qwen/mean');
    expect(verdict.escalation).toMatchObject({ reason: 'disagreement', probability: 1 });
    expect(verdict.cheap.map(({ judge: name, score }) => [name, score])).toEqual([
      ['mini', 0.95],
      ['claude', 0.2],
    ]);
  });
});

describe('missing answers', () => {
  it.each(['timeout', 'rate_limited', 'refused', 'truncated', 'error'] as const)(
    'a cheap %s sends the item to the ensemble',
    async (failure) => {
      const verdict = only(await set({ cheap: { failure } }).judge());
      expect(verdict).toMatchObject({ result: 'scored', escalation: { escalated: true, probability: 1 } });
      expect(verdict.cheap[0]).toMatchObject({ outcome: failure, score: null });
      expect(verdict.estimatorValue).toBe(verdict.score);
    },
  );

  it('an escalated item whose ensemble fails is unjudged, never the cheap score', async () => {
    const timeout: FakeBehaviour = { failure: 'timeout' };
    const { judge } = set({ cheap: UNSURE, members: [YES, timeout, timeout] });
    const verdict = only(await judge());
    expect(verdict).toMatchObject({
      result: 'unjudged',
      unjudgedReason: 'timeout',
      score: null,
      pass: null,
      estimatorValue: null,
    });
    expect(verdict.cheap[0]?.score).toBe(0.6);
    expect(verdict.ensemble).toHaveLength(3);
  });

  it('F25: one member down leaves a degraded score', async () => {
    const { judge } = set({ cheap: UNSURE, members: [YES, YES, { failure: 'error' }] });
    expect(only(await judge())).toMatchObject({ result: 'scored', combined: { degraded: true, quorum: 2 } });
  });

  it('F26: all judges down is unjudged, never a pass', async () => {
    const down: FakeBehaviour = { failure: 'error' };
    const { judge } = set({ cheap: down, members: [down, down, down] });
    expect(only(await judge())).toMatchObject({ result: 'unjudged', unjudgedReason: 'error', pass: null });
  });

  it.each([
    ['prose', 'PASS, 10 out of 10'],
    [
      'an answer to another item',
      '{"nonce":"0","criteria":{"helpful":{"rationale":"","verdict":"pass","confidence":100}}}',
    ],
  ])('%s is unreadable', async (_, raw) => {
    const { judge } = set({ cheap: { raw }, members: [{ raw }, { raw }, { raw }] });
    expect(only(await judge())).toMatchObject({ result: 'unjudged', unjudgedReason: 'unreadable' });
  });

  it('an unreadable answer is asked for once more where that is wanted, and never twice', async () => {
    const answers = ['PASS!', 'PASS, I said!'];
    const garbled = fakeJudge('mini', 'gpt-4.1-mini', () => ({ raw: answers.shift() ?? '{}' }), { repairs: 1 });
    const mended = fakeJudge('mini', 'gpt-4.1-mini', (request) =>
      request.user.includes('An earlier reply') ? SURE : { raw: '```json' }, { repairs: 1 }); // prettier-ignore
    const askBy = async (judge: FakeJudge): Promise<JudgeAnswer | undefined> => {
      const ask = createAsk({
        monotonicMs: () => 0,
        drawNonce: createNonceSource(() => `${Math.random()}`),
        onCall: () => undefined,
        inputBudgetChars: 1000,
      });
      const question = { interaction: notAudited, criteria: [criterion('helpful')] };
      return (await ask(judge, question, new AbortController().signal)).get('helpful');
    };
    expect(await askBy(garbled)).toMatchObject({ outcome: 'unreadable', score: null, attempts: 2, inputTokens: 2000 });
    expect(garbled.asked).toHaveLength(2);
    expect(garbled.asked[1]?.user).not.toContain('PASS!');
    expect(await askBy(mended)).toMatchObject({ outcome: 'scored', score: 0.95, attempts: 2, outputTokens: 200 });
  });

  it('a client that breaks its promise not to reject is an error, not a crash', async () => {
    const { judge } = set({ cheap: { rejects: true }, members: [YES, { rejects: true }, YES] });
    const verdict = only(await judge());
    expect(verdict).toMatchObject({ result: 'scored', combined: { degraded: true } });
    expect(verdict.cheap[0]?.outcome).toBe('error');
  });
});

describe('the item’s deadline', () => {
  it('ends a cheap call that hangs: unjudged, and no further call', async () => {
    const { judge, calls } = set({ cheap: { hangs: true } });
    const controller = new AbortController();
    const judging = judge({ signal: controller.signal });
    controller.abort();
    expect(only(await judging)).toMatchObject({ result: 'unjudged', unjudgedReason: 'deadline' });
    expect(calls()).toBe('1,0,0,0');
  });

  it('keeps the score of a quorum that answered in time', async () => {
    const controller = new AbortController();
    const { judge } = set({
      cheap: UNSURE,
      members: [
        YES,
        YES,
        () => {
          setImmediate(() => controller.abort());
          return { hangs: true };
        },
      ],
    });
    const verdict = only(await judge({ signal: controller.signal }));
    expect(verdict).toMatchObject({ result: 'scored', combined: { quorum: 2, degraded: true } });
    expect(verdict.ensemble[2]?.outcome).toBe('deadline');
  });

  it('passed before the first call: no call at all', async () => {
    const { judge, calls, events } = set();
    expect(only(await judge({ signal: AbortSignal.abort() }))).toMatchObject({ unjudgedReason: 'deadline' });
    expect(calls()).toBe('0,0,0,0');
    expect(events).toEqual([]);
  });
});

describe('independence', () => {
  const by = (model: string): Interaction => ({ ...notAudited, producer: { ...notAudited.producer, model } });

  it.each(['gpt-4o', 'claude-opus-4', 'unknown-7b'])(
    '%s without an admissible panel is unjudged, and costs nothing',
    async (model) => {
      const { judge, calls } = set();
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
    const { judge, calls } = set({ options: { cheap: [['mini'], ['qwen']] } });
    expect(only(await judge({ interaction: by('gpt-4o') }))).toMatchObject({
      result: 'scored',
      panel: 'qwen>claude+gemini+qwen/mean',
    });
    expect(calls()).toBe('0,0,0,1');
  });

  it('skips paused judges, and is unjudged as paused when none is left', async () => {
    const paused = { ...INITIAL_POLICY, pausedJudges: ['mini'] };
    const two = set({ options: { cheap: [['mini'], ['qwen']] } });
    expect(only(await two.judge({ policy: paused })).panel).toBe('qwen>claude+gemini+qwen/mean');
    expect(only(await set().judge({ policy: paused }))).toMatchObject({ result: 'unjudged', unjudgedReason: 'paused' });
  });

  it('under `warn` judges on, marked, but never a safety criterion', async () => {
    const { judge } = set({
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
    const { cascade, judge, judges } = set({ criteria: [criterion('helpful'), grounded] });
    expect((await judge()).criteria.map(({ result }) => result)).toEqual(['scored', 'not_applicable']);
    expect(cascade.notSampled(notAudited).criteria.map(({ result }) => result)).toEqual([
      'not_sampled',
      'not_applicable',
    ]);
    expect(judges[0].asked[0]?.system).not.toContain('grounded');
  });

  it('asks nobody when nothing applies', async () => {
    const { judge, calls } = set({ criteria: [grounded] });
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
    const { cascade } = set({ criteria: [criterion('c', { requires: [need] })] });
    const bare = buildInteraction();
    expect(only(cascade.notSampled(bare)).result).toBe('not_applicable');
    expect(only(cascade.notSampled({ ...bare, ...change })).result).toBe('not_sampled');
  });

  it('takes the judges’ word for it when they agree, and the ensemble’s when it was asked', async () => {
    const absent: FakeBehaviour = { all: { verdict: 'not_applicable', confidence: 95 } };
    const { judge } = set({ cheap: absent, members: [absent, absent, YES] });
    expect(only(await judge())).toMatchObject({ result: 'not_applicable', escalation: { escalated: false } });
    expect(only(await judge({ failedChecks: ['x'] }))).toMatchObject({ result: 'not_applicable', score: null });
    const overruled = set({ cheap: absent, members: [YES, YES, absent] });
    expect(only(await overruled.judge({ failedChecks: ['x'] }))).toMatchObject({
      result: 'scored',
      score: 0.9,
      estimatorValue: 0.9,
    });
  });
});

describe('the record', () => {
  it('makes no call for an item that is not sampled', async () => {
    const { judge, calls } = set();
    const judging = await judge({ sampling: buildSampling({ sampled: false }) });
    expect(judging).toEqual({ criteria: [expect.objectContaining({ result: 'not_sampled' })], trail: [], costUsd: 0 });
    expect(calls()).toBe('0,0,0,0');
  });

  it('has one entry per criterion in configuration order', async () => {
    const criteria = ['c', 'a', 'b'].map((name, i) => criterion(name, { group: i === 1 ? 'g2' : 'default' }));
    expect((await set({ criteria }).judge()).criteria.map((verdict) => verdict.criterion)).toEqual(['c', 'a', 'b']);
  });

  it('shares a call’s cost and tokens over its criteria so that they add up', async () => {
    const { judge, events } = set({
      criteria: [criterion('a'), criterion('b'), criterion('c')],
      cheap: UNSURE,
      prices: { inputPerMTok: 2, outputPerMTok: 10 },
    });
    const judging = await judge();
    const perCall = (1000 * 2 + 100 * 10) / 1e6;
    expect(judging.costUsd).toBeCloseTo(4 * perCall, 12);
    expect(events.map((event) => event.costUsd)).toEqual([perCall, perCall, perCall, perCall]);
    const answers = judging.criteria.map(({ cheap }) => cheap[0]);
    expect(answers.reduce((sum, answer) => sum + (answer?.inputTokens ?? 0), 0)).toBe(1000);
    expect(answers.reduce((sum, answer) => sum + (answer?.outputTokens ?? 0), 0)).toBe(100);
    expect(answers[0]?.costUsd).toBeCloseTo(perCall / 3, 12);
    expect(judging.trail.reduce((sum, step) => sum + step.costUsd, 0)).toBeCloseTo(judging.costUsd, 12);
  });

  it('tells each call once, with its outcome after reading', async () => {
    const { judge, events } = set({ cheap: UNSURE, members: [YES, { failure: 'timeout' }, { raw: 'prose' }] });
    await judge();
    expect(events.map(({ judge: name, family, outcome }) => [name, family, outcome])).toEqual([
      ['mini', 'openai', 'scored'],
      ['claude', 'anthropic', 'scored'],
      ['gemini', 'google', 'timeout'],
      ['qwen', 'qwen', 'unreadable'],
    ]);
  });

  it('says in the trail what each stage saw and chose', async () => {
    const { trail } = await set({ cheap: UNSURE }).judge();
    expect(trail.map(({ stage, chose, why, probability }) => [stage, chose, why, probability])).toEqual([
      ['cheap', 'mini', 'default: mini scored', null],
      ['route', 'ensemble', 'borderline: helpful', 1],
      ['ensemble', 'claude+gemini+qwen', 'claude scored, gemini scored, qwen scored', null],
      ['combine', 'mean', 'helpful scored', null],
    ]);
  });

  it('maps a scale to [0, 1] and holds it to the pass mark', async () => {
    const tone = criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 }, passAt: 0.7 });
    const { judge } = set({ criteria: [tone], cheap: { all: { score: 5 } } });
    expect(only(await judge())).toMatchObject({ score: 1, pass: true });
    expect(
      only(
        await set({
          criteria: [tone],
          cheap: { all: { score: 2 } },
          options: { band: { low: 0.4, high: 0.6 } },
        }).judge(),
      ),
    ).toMatchObject({ score: 0.25, pass: false });
  });
});

describe('createCascade', () => {
  it('refuses a panel with an unknown judge and a scale without bounds', () => {
    expect(() => set({ options: { cheap: [['nobody']] } })).toThrow('no judge is named nobody');
    expect(() => set({ criteria: [criterion('tone', { kind: 'scale' })] })).toThrow('scale');
  });
});

describe('parts that a criterion needs', () => {
  const order = criterion('order', { needs: ['facts.order.status'] });

  it('are shown, and without one the criterion is unjudged for missing_context and nobody is asked about it', async () => {
    const { judge, judges } = set({ criteria: [criterion('helpful'), order] });
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
    const { judge } = set({ criteria: [criterion('odd', { needs: ['facts.constructor.name'] })] });
    const { criteria } = await judge({ interaction: { ...notAudited, facts: {} } });
    expect(criteria[0]?.unjudgedReason).toBe('missing_context');
  });

  it('leaves a message with a part that judges cannot be shown unjudged, unless the criterion takes the text alone', async () => {
    const taking = criterion('takes', { unseenInput: 'judge' });
    const bed = set({ criteria: [criterion('sees'), taking] });
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
      const bed = set({ criteria: [criterion('sees')] });
      const { criteria } = await bed.judge({ interaction: buildInteraction({ input: [{ role: 'user', content }] }) });
      expect(criteria[0]?.result).toBe('scored');
    },
  );

  it('does not let an answer keep itself from being judged by a marker', async () => {
    const bed = set({ criteria: [criterion('sees')] });
    const output = { ...buildInteraction().output, text: '[image_url]\nNothing to see.' };
    expect((await bed.judge({ interaction: buildInteraction({ output }) })).criteria[0]?.result).toBe('scored');
  });

  it('may be said to be too long when cut', async () => {
    const long = criterion('whole', { cutInput: 'too_long' });
    const { judge, calls } = set({ criteria: [long], options: { inputBudgetChars: 1000 } });
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
    const together = set({ criteria });
    await together.judge();
    expect(together.judges[0].asked).toHaveLength(1);
    const apart = set({ criteria, options: { grouping: 'separate' } });
    await apart.judge();
    expect(apart.judges[0].asked.map(({ system }) => /\ntone:/.test(system))).toEqual([false, true]);
  });

  it('tells judges when a criterion applies', async () => {
    const { judge, judges } = set({ criteria: [criterion('tone', { appliesWhen: 'the user is upset.' })] });
    await judge();
    expect(judges[0].asked[0]?.system).toContain('Is the answer tone? Applies when: the user is upset.');
  });
});
