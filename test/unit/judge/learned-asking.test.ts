import type { CriterionVerdict } from '../../../src/domain/verdict';
import { createCascade } from '../../../src/judge/cascade';
import type { Judging } from '../../../src/judge/cascade-port';
import { type AskedVerdict, learnAsking } from '../../../src/judge/learn-asking';
import { type LearnedAsking, parseLearnedAsking } from '../../../src/judge/learned-asking';
import { cascadeOptions, type CascadeOptions } from '../../../src/judge/options';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { createRandom } from '../../../src/stats/seeded-random';
import { buildInteraction } from '../../support/builders/interaction';
import { criterion, fakeJudge, type FakeJudge } from './fake-judge';

const N = 1500;
const CRITERION = criterion('helpful');

/** The cheap judge is right four times in five, members nearly always; who says what is fixed per item. */
function script(): { pass: (judge: string, item: number) => boolean; truth: readonly boolean[] } {
  const random = createRandom(5);
  const truth = Array.from({ length: N }, () => random() < 0.7);
  const accuracy = { mini: 0.8, a: 0.93, b: 0.95, c: 0.95 };
  const said = new Map(
    Object.entries(accuracy).map(([judge, share]) => [judge, truth.map((t) => (random() < share ? t : !t))]),
  );
  return { pass: (judge, item) => said.get(judge)?.[item] ?? false, truth };
}

const SCRIPT = script();

function judges(): FakeJudge[] {
  const make = (name: string, model: string, price: number): FakeJudge =>
    fakeJudge(
      name,
      model,
      (request) => {
        const item = Number(/item (\d+)/.exec(request.user)?.[1]);
        return { all: { verdict: SCRIPT.pass(name, item) ? 'pass' : 'fail', confidence: 95 } };
      },
      { prices: { inputPerMTok: price, outputPerMTok: 0 } },
    );
  return [
    make('mini', 'gpt-4.1-mini', 1),
    make('a', 'mistral-large', 3),
    make('b', 'gemini-2.5-pro', 30),
    make('c', 'qwen-max', 30),
  ];
}

function cascade(overrides: Partial<CascadeOptions>): CascadeOptions {
  return cascadeOptions.parse({
    cheap: [['mini']],
    ensemble: [['a', 'b', 'c']],
    method: 'majority',
    auditProbability: 0.2,
    independence: 'observe',
    ...overrides,
  });
}

async function judgeAll(options: CascadeOptions, learned: LearnedAsking | null, used: FakeJudge[]): Promise<Judging[]> {
  const made = createCascade({
    criteria: [CRITERION],
    judges: used,
    cascade: options,
    models: [],
    learned,
    salt: 's',
    clock: { monotonicMs: () => 0 },
    randomId: () => String(Math.random()),
    onCall: () => undefined,
  });
  const results: Judging[] = [];
  for (let i = 0; i < N; i++) {
    const interaction = buildInteraction({
      interactionId: `i-${i}`,
      segments: { product: i % 2 === 0 ? 'x' : 'y' },
      input: [{ role: 'user', content: `item ${i}` }],
    });
    results.push(
      await made.judge({
        interaction,
        sampling: { sampled: true, probability: 1, upstreamProbability: 1, cell: 'default' },
        failedChecks: [],
        policy: INITIAL_POLICY,
        signal: new AbortController().signal,
      }),
    );
  }
  return results;
}

function only(judging: Judging): CriterionVerdict {
  return judging.criteria[0]!;
}

describe('asking by a learned rule', () => {
  let before: Judging[];
  let learned: LearnedAsking;
  let whole: number[];
  let after: Judging[];
  let used: FakeJudge[];

  beforeAll(async () => {
    before = await judgeAll(cascade({ auditProbability: 1 }), null, judges());
    whole = before.map((judging) => only(judging).score ?? NaN);
    // Learned from the first half, so that the second is new to it.
    const verdicts = before.slice(0, N / 2).map((judging, i): AskedVerdict => {
      return { criteria: judging.criteria, segments: { product: i % 2 === 0 ? 'x' : 'y' } };
    });
    const result = learnAsking(verdicts, {
      criteria: [CRITERION],
      cascade: cascade({}),
      costShare: 0.5,
      partOf: ['product'],
    });
    learned = result.learned;
    expect(result.report[0]).toMatchObject({ items: N / 2, why: null });
    used = judges();
    after = await judgeAll(cascade({ asking: 'learned', stopping: 'x' }), learned, used);
  });

  it('costs about the share it was learned for, and reads from its file what was written', () => {
    const cost = (list: readonly Judging[]): number => list.reduce((sum, { costUsd }) => sum + costUsd, 0);
    expect(cost(after) / cost(before)).toBeGreaterThan(0.4);
    expect(cost(after) / cost(before)).toBeLessThan(0.55);
    expect(parseLearnedAsking(JSON.stringify(learned))).toEqual({ ok: true, value: learned });
  });

  it('says what the whole panel says far more often than the cheap judge does', () => {
    const agree = (pass: (i: number) => boolean): number =>
      whole.filter((score, i) => i >= N / 2 && score >= 0.5 === pass(i)).length / (N / 2);
    expect(agree((i) => only(after[i]!).pass === true)).toBeGreaterThan(agree((i) => SCRIPT.pass('mini', i)) + 0.08);
  });

  it('records a probability of at least the audit for the whole panel, and escalates by it', () => {
    const escalations = after.map((judging) => only(judging).escalation!);
    expect(new Set(escalations.map(({ probability }) => probability))).toEqual(new Set([0.2]));
    const share = escalations.filter(({ escalated }) => escalated).length / N;
    expect(Math.abs(share - 0.2)).toBeLessThan(0.04);
    for (const judging of after) {
      const { escalation, ensemble } = only(judging);
      if (escalation?.escalated === true) expect(ensemble).toHaveLength(3);
    }
  });

  it('keeps the mean of estimator values where the whole panel’s mean is', () => {
    const values = after.slice(N / 2).map((judging) => only(judging).estimatorValue ?? NaN);
    const truth = whole.slice(N / 2);
    const difference = values.map((value, i) => value - truth[i]!);
    const mean = difference.reduce((a, b) => a + b, 0) / difference.length;
    const sd = Math.sqrt(difference.reduce((a, b) => a + (b - mean) ** 2, 0) / difference.length);
    expect(Math.abs(mean)).toBeLessThan((3.5 * sd) / Math.sqrt(difference.length));
  });

  it('predicts the same for an item whether or not all were asked, so that the draw cannot move it', async () => {
    const all = await judgeAll(cascade({ asking: 'learned', stopping: 'x', auditProbability: 1 }), learned, judges());
    after.forEach((judging, i) => {
      if (only(judging).escalation?.escalated === false) {
        expect(only(judging).prediction).toBeCloseTo(only(all[i]!).prediction ?? NaN, 12);
      }
    });
  });

  it('names the rule in the trail, and falls back on the band for a panel it was not learned from', async () => {
    expect(after[0]!.trail.find(({ stage }) => stage === 'route')?.why).toMatch(/rule [0-9a-f]{8}$/);
    const other = cascade({ asking: 'learned', stopping: 'x', ensemble: [['a', 'b']] });
    const results = await judgeAll(other, learned, judges());
    expect(results.every((judging) => only(judging).prediction === null)).toBe(true);
  });

  it('says why it learned nothing from too few verdicts', () => {
    const few = before.slice(0, 20).map((judging) => ({ criteria: judging.criteria, segments: {} }));
    const { report } = learnAsking(few, { criteria: [CRITERION], cascade: cascade({}), costShare: 0.5, partOf: [] });
    expect(report[0]?.why).toBe('20 verdicts of a whole panel; 100 are needed');
  });
});
