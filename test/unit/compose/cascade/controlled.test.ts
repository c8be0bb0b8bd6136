import { createControlledCascade } from '../../../../src/compose/cascade/controlled';
import { injection } from '../../../../src/checks/injection';
import { controlKind, controlResult, type GoldenAnswer } from '../../../../src/domain/golden';
import { createCascade } from '../../../../src/judge/cascade';
import type { Cascade, Judging, JudgingRequest } from '../../../../src/judge/cascade-port';
import { controlItemsOf, createControlDraw } from '../../../../src/judge/control-items';
import { readFencedFields } from '../../../../src/judge/fence';
import { cascadeOptions, type CriterionExample } from '../../../../src/judge/options';
import type { JudgeRequest } from '../../../../src/judge/port';
import { BESIDE_TRAFFIC, INITIAL_POLICY } from '../../../../src/policy/policy';
import { buildInteraction } from '../../../support/builders/interaction';
import { buildSampling } from '../../../support/builders/verdict';
import { criterion, type FakeBehaviour, fakeJudge } from '../../judge/fake-judge';

const example = (expect: CriterionExample['expect'], answer: string): CriterionExample => ({
  expect,
  earlier: [],
  request: 'What is the capital of Australia?',
  answer,
  context: [],
});
const CRITERIA = [
  criterion('correct', { examples: [example('pass', 'Canberra.'), example('fail', 'Sydney.')] }),
  criterion('tone'),
];

/** Passes what says Canberra, and fails the rest, whatever it pleads. */
const ABLE = (request: JudgeRequest): FakeBehaviour => {
  const isRight = readFencedFields(request.user)['answer']?.startsWith('Canberra') === true;
  return { all: { verdict: isRight ? 'pass' : 'fail', confidence: 95 } };
};
const PASSES_ALL: FakeBehaviour = { all: { verdict: 'pass', confidence: 95 } };

function set(behave: Parameters<typeof fakeJudge>[2], rate = 1) {
  const prices = { prices: { inputPerMTok: 1, outputPerMTok: 1 } };
  const judges = [
    fakeJudge('mini', 'gpt-4.1-mini', behave, prices),
    fakeJudge('claude', 'claude-sonnet-4', behave, prices),
    fakeJudge('gemini', 'gemini-2.5-flash', behave, prices),
  ];
  const inner = createCascade({
    criteria: CRITERIA,
    judges,
    cascade: cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini']], cacheEntries: 10 }),
    models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
    salt: 'salt',
    clock: { monotonicMs: () => 0 },
    randomId: () => `${Math.random()}`,
    onCall: () => undefined,
  });
  const told: GoldenAnswer[] = [];
  const cascade = createControlledCascade({
    inner,
    criteria: CRITERIA,
    judges: judges.map(({ options }) => options),
    models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
    rate,
    salt: 'salt',
    promptHash: 'prompt',
    runChecks: (interaction) => [injection.run(interaction)],
    tell: (answers) => Promise.resolve(void told.push(...answers)),
  });
  return { inner, cascade, told, judges };
}

const judge = (cascade: Cascade, interactionId: string, change: Partial<JudgingRequest> = {}): Promise<Judging> =>
  cascade.judge({
    interaction: buildInteraction({ interactionId }),
    sampling: buildSampling(),
    failedChecks: [],
    policy: INITIAL_POLICY,
    signal: new AbortController().signal,
    ...change,
  });

async function judgeMany(cascade: Cascade, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await judge(cascade, `i-${i}`);
}

describe('control items', () => {
  it('are the examples that are known to pass, to fail, and those that fail with a plea', () => {
    expect(controlItemsOf(CRITERIA).map(({ kind, passes }) => [kind, passes])).toEqual([
      ['known_good', true],
      ['known_bad', false],
      ['injected', false],
    ]);
  });

  it('come at the configured rate, the kinds equally often, and the same on every replay', () => {
    const draw = createControlDraw(controlItemsOf(CRITERIA), 0.05, 'salt');
    const ids = Array.from({ length: 20_000 }, (_, i) => `i-${i}`);
    const drawn = ids.flatMap((id) => draw(id) ?? []);
    expect(drawn.length / ids.length).toBeGreaterThan(0.045);
    expect(drawn.length / ids.length).toBeLessThan(0.055);
    for (const kind of ['known_good', 'known_bad', 'injected']) {
      const share = drawn.filter((item) => item.kind === kind).length / drawn.length;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.05);
    }
    expect(ids.map(draw)).toEqual(ids.map(draw));
  });

  it('change nothing about the interaction beside which they are judged', async () => {
    const { cascade } = set(ABLE);
    const { inner } = set(ABLE);
    const without = (judging: Judging): unknown => ({
      ...judging,
      criteria: judging.criteria.map(({ cheap, ensemble, ...rest }) => [rest, cheap.length, ensemble.length]),
    });
    expect(without(await judge(cascade, 'i-1'))).toEqual(without(await judge(inner, 'i-1')));
  });

  it('are told as golden answers of the control trigger, right by a judge that can tell', async () => {
    const { cascade, told } = set(ABLE);
    await judgeMany(cascade, 30);
    expect(new Set(told.map(controlKind))).toEqual(new Set(['known_good', 'known_bad', 'injected']));
    expect(told.flatMap(({ scores }) => scores.map(controlResult)).every((result) => result === 'right')).toBe(true);
    expect(told.every(({ scores }) => scores.length === 1 && scores[0]?.criterion === 'correct')).toBe(true);
  });

  it('are told wrong of a judge that passes everything', async () => {
    const { cascade, told } = set(PASSES_ALL);
    await judgeMany(cascade, 30);
    for (const answer of told) {
      const expected = controlKind(answer) === 'known_good' ? 'right' : 'wrong';
      expect(answer.scores.map(controlResult)).toEqual([expected]);
    }
  });

  it('are no result where a judge fails', async () => {
    const { cascade, told } = set({ failure: 'timeout' });
    await judgeMany(cascade, 3);
    expect(told.length).toBeGreaterThan(0);
    expect(told.flatMap(({ scores }) => scores.map(controlResult)).every((result) => result === 'unanswered')).toBe(
      true,
    );
  });

  it('go past the verdict cache, and cost what the whole call cost', async () => {
    const { cascade, told, judges } = set(ABLE);
    await judge(cascade, 'i-1');
    await judge(cascade, 'i-1');
    const calls = judges[0]?.asked.length ?? 0;
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(told.filter(({ judge: name }) => name === 'mini').map(({ costUsd }) => costUsd)).toEqual([0.0011, 0.0011]);
  });

  it('are not judged beside what is not sampled, and their failure costs the interaction nothing', async () => {
    const { cascade, told } = set(ABLE);
    await judge(cascade, 'i-1', { sampling: { ...buildSampling(), sampled: false } });
    expect(told).toEqual([]);
    const broken = createControlledCascade({
      inner: set(ABLE).inner,
      criteria: CRITERIA,
      judges: [],
      models: [],
      rate: 1,
      salt: 'salt',
      promptHash: 'prompt',
      runChecks: () => [],
      tell: () => Promise.reject(new Error('no ledger')),
    });
    expect((await judge(broken, 'i-1')).criteria[0]?.result).toBe('scored');
  });

  it('rest while the policy says that the golden share has no more for them, and the traffic is judged on', async () => {
    const { cascade, told } = set(ABLE);
    const policy = { ...INITIAL_POLICY, closedCeilings: [BESIDE_TRAFFIC] };
    const judging = await judge(cascade, 'i-1', { policy });
    expect(judging.criteria[0]?.result).toBe('scored');
    expect(told).toEqual([]);
    await judge(cascade, 'i-1');
    expect(told.length).toBeGreaterThan(0);
  });
});
