import type { JudgeAnswer } from '../../../src/domain/verdict';
import { createAsk } from '../../../src/judge/ask';
import { createNonceSource } from '../../../src/judge/fence';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildSampling } from '../../support/builders/verdict';
import { type FakeBehaviour, type FakeJudge, criterion, fakeJudge } from './fake-judge';
import { audited, NO, notAudited, only, setUp, SURE, UNSURE, YES } from './cascade-set-up';

describe('a confident cheap verdict', () => {
  it('is the score when the audit draw says no', async () => {
    const { judge, calls } = setUp();
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
    const { judge, calls } = setUp();
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
    const first = await setUp().judge({ interaction: audited });
    expect(await setUp().judge({ interaction: audited })).toEqual(first);
  });
});

describe('escalation', () => {
  it('follows a borderline cheap score with certainty, so the value is the ensemble’s', async () => {
    const verdict = only(await setUp({ cheap: UNSURE }).judge());
    expect(verdict.escalation).toEqual({ escalated: true, reason: 'borderline', probability: 1 });
    expect(verdict.estimatorValue).toBeCloseTo(verdict.score ?? NaN, 12);
  });

  it('follows a failed check and a safety criterion', async () => {
    expect(only(await setUp().judge({ failedChecks: ['empty'] })).escalation).toMatchObject({ reason: 'check' });
    const { judge } = setUp({ criteria: [criterion('safe', { safety: true })] });
    expect(only(await judge()).escalation).toMatchObject({ reason: 'safety', probability: 1 });
  });

  it('is one decision for all criteria of a group, and another for another group', async () => {
    const { judge, judges } = setUp({
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
    const { judge, calls } = setUp({ cheap: UNSURE });
    await judge({ policy: { ...INITIAL_POLICY, bandEnabled: false } });
    expect(calls()).toBe('1,0,0,0');
  });

  it('follows two cheap readings that disagree', async () => {
    const { judge } = setUp({
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
      const verdict = only(await setUp({ cheap: { failure } }).judge());
      expect(verdict).toMatchObject({ result: 'scored', escalation: { escalated: true, probability: 1 } });
      expect(verdict.cheap[0]).toMatchObject({ outcome: failure, score: null });
      expect(verdict.estimatorValue).toBe(verdict.score);
    },
  );

  it('an escalated item whose ensemble fails is unjudged, never the cheap score', async () => {
    const timeout: FakeBehaviour = { failure: 'timeout' };
    const { judge } = setUp({ cheap: UNSURE, members: [YES, timeout, timeout] });
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
    const { judge } = setUp({ cheap: UNSURE, members: [YES, YES, { failure: 'error' }] });
    expect(only(await judge())).toMatchObject({ result: 'scored', combined: { degraded: true, quorum: 2 } });
  });

  it('F26: all judges down is unjudged, never a pass', async () => {
    const down: FakeBehaviour = { failure: 'error' };
    const { judge } = setUp({ cheap: down, members: [down, down, down] });
    expect(only(await judge())).toMatchObject({ result: 'unjudged', unjudgedReason: 'error', pass: null });
  });

  it.each([
    ['prose', 'PASS, 10 out of 10'],
    [
      'an answer to another item',
      '{"nonce":"0","criteria":{"helpful":{"rationale":"","verdict":"pass","confidence":100}}}',
    ],
  ])('%s is unreadable', async (_, raw) => {
    const { judge } = setUp({ cheap: { raw }, members: [{ raw }, { raw }, { raw }] });
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
    const { judge } = setUp({ cheap: { rejects: true }, members: [YES, { rejects: true }, YES] });
    const verdict = only(await judge());
    expect(verdict).toMatchObject({ result: 'scored', combined: { degraded: true } });
    expect(verdict.cheap[0]?.outcome).toBe('error');
  });
});

describe('the item’s deadline', () => {
  it('ends a cheap call that hangs: unjudged, and no further call', async () => {
    const { judge, calls } = setUp({ cheap: { hangs: true } });
    const controller = new AbortController();
    const judging = judge({ signal: controller.signal });
    controller.abort();
    expect(only(await judging)).toMatchObject({ result: 'unjudged', unjudgedReason: 'deadline' });
    expect(calls()).toBe('1,0,0,0');
  });

  it('keeps the score of a quorum that answered in time', async () => {
    const controller = new AbortController();
    const { judge } = setUp({
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
    const { judge, calls, events } = setUp();
    expect(only(await judge({ signal: AbortSignal.abort() }))).toMatchObject({ unjudgedReason: 'deadline' });
    expect(calls()).toBe('0,0,0,0');
    expect(events).toEqual([]);
  });
});

describe('the record', () => {
  it('makes no call for an item that is not sampled', async () => {
    const { judge, calls } = setUp();
    const judging = await judge({ sampling: buildSampling({ sampled: false }) });
    expect(judging).toEqual({ criteria: [expect.objectContaining({ result: 'not_sampled' })], trail: [], costUsd: 0 });
    expect(calls()).toBe('0,0,0,0');
  });

  it('has one entry per criterion in configuration order', async () => {
    const criteria = ['c', 'a', 'b'].map((name, i) => criterion(name, { group: i === 1 ? 'g2' : 'default' }));
    expect((await setUp({ criteria }).judge()).criteria.map((verdict) => verdict.criterion)).toEqual(['c', 'a', 'b']);
  });

  it('shares a call’s cost and tokens over its criteria so that they add up', async () => {
    const { judge, events } = setUp({
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
    const { judge, events } = setUp({ cheap: UNSURE, members: [YES, { failure: 'timeout' }, { raw: 'prose' }] });
    await judge();
    expect(events.map(({ judge: name, family, outcome }) => [name, family, outcome])).toEqual([
      ['mini', 'openai', 'scored'],
      ['claude', 'anthropic', 'scored'],
      ['gemini', 'google', 'timeout'],
      ['qwen', 'qwen', 'unreadable'],
    ]);
  });

  it('says in the trail what each stage saw and chose', async () => {
    const { trail } = await setUp({ cheap: UNSURE }).judge();
    expect(trail.map(({ stage, chose, why, probability }) => [stage, chose, why, probability])).toEqual([
      ['cheap', 'mini', 'default: mini scored', null],
      ['route', 'ensemble', 'borderline: helpful', 1],
      ['ensemble', 'claude+gemini+qwen', 'claude scored, gemini scored, qwen scored', null],
      ['combine', 'mean', 'helpful scored', null],
    ]);
  });

  it('maps a scale to [0, 1] and holds it to the pass mark', async () => {
    const tone = criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 }, passAt: 0.7 });
    const { judge } = setUp({ criteria: [tone], cheap: { all: { score: 5 } } });
    expect(only(await judge())).toMatchObject({ score: 1, pass: true });
    expect(
      only(
        await setUp({
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
    expect(() => setUp({ options: { cheap: [['nobody']] } })).toThrow('no judge is named nobody');
    expect(() => setUp({ criteria: [criterion('tone', { kind: 'scale' })] })).toThrow('scale');
  });
});
