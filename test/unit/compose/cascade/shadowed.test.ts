import { promotionNote, type PromotionRequest } from '../../../../src/compose/judges/promotion';
import { createShadowedCascade } from '../../../../src/compose/cascade/shadowed';
import { type GoldenAnswer, shadowBeside } from '../../../../src/domain/golden';
import { annotationRecord, goldenRecord, type LedgerRecord } from '../../../../src/domain/ledger-record';
import { createAsk } from '../../../../src/judge/ask';
import { createCascade } from '../../../../src/judge/cascade';
import type { Judging } from '../../../../src/judge/cascade-port';
import { createNonceSource } from '../../../../src/judge/fence';
import { cascadeOptions } from '../../../../src/judge/options';
import { BESIDE_TRAFFIC, INITIAL_POLICY } from '../../../../src/policy/policy';
import { createFold, type FoldSnapshot } from '../../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../../src/watch/options';
import { buildInteraction } from '../../../support/builders/interaction';
import { buildSampling } from '../../../support/builders/verdict';
import { criterion, type FakeBehaviour, fakeJudge } from '../../judge/fake-judge';

const CRITERIA = [criterion('helpful'), criterion('safe', { group: 'safety' })];
const SURE: FakeBehaviour = { all: { verdict: 'pass', confidence: 90 } };
const MILDER: FakeBehaviour = { all: { verdict: 'pass', confidence: 98 } };

function set(shadowBehaviour: FakeBehaviour = MILDER, rate = 1) {
  const models = [{ match: 'acme-*', family: 'acme', lineage: [] }];
  const judges = [
    fakeJudge('mini', 'gpt-4.1-mini', SURE),
    fakeJudge('claude', 'claude-sonnet-4', SURE),
    fakeJudge('gemini', 'gemini-2.5-flash', SURE),
    // Of the family that serves: a shadow may be.
    fakeJudge('own', 'acme-judge', shadowBehaviour, { family: 'acme' }),
  ];
  const cascade = cascadeOptions.parse({
    cheap: [['mini']],
    ensemble: [['claude', 'gemini']],
    shadows: [{ judge: 'own', beside: 'mini' }],
    shadowRate: rate,
    independence: 'warn',
  });
  const randomId = (): string => `${Math.random()}`;
  const clock = { monotonicMs: () => 0 };
  const inner = createCascade({
    criteria: CRITERIA,
    judges,
    cascade,
    models,
    salt: 'salt',
    clock,
    randomId,
    onCall: () => undefined,
  });
  const told: GoldenAnswer[] = [];
  const shadowed = createShadowedCascade({
    inner,
    criteria: CRITERIA,
    judges,
    models,
    cascade,
    salt: 'salt',
    promptHash: 'prompt',
    ask: createAsk({
      monotonicMs: clock.monotonicMs,
      drawNonce: createNonceSource(randomId),
      onCall: () => undefined,
      inputBudgetChars: 48_000,
    }),
    tell: (answers) => Promise.resolve(void told.push(...answers)),
  });
  const judge = (
    id: string,
    pausedJudges: readonly string[] = [],
    closedCeilings: readonly string[] = [],
  ): Promise<Judging> =>
    shadowed.judge({
      interaction: buildInteraction({ interactionId: id }),
      sampling: buildSampling(),
      failedChecks: [],
      policy: { ...INITIAL_POLICY, pausedJudges, closedCeilings },
      signal: new AbortController().signal,
    });
  return { judge, told, judges };
}

const fold = createFold({ segments: segmentOptions.parse({}), watch: watchOptions.parse({}), criteria: ['helpful'] });

function folded(records: readonly LedgerRecord[]): FoldSnapshot {
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  return fold.snapshot(state);
}

describe('a shadow judge', () => {
  it('is asked about what the other scored, whatever its family, and is in no verdict', async () => {
    const { judge, told } = set();
    const judging = await judge('i-1');
    expect(told.map((answer) => [answer.judge, shadowBeside(answer), answer.item])).toEqual([
      ['own', 'mini', 'helpful'],
      ['own', 'mini', 'safe'],
    ]);
    expect(told[0]?.scores[0]).toMatchObject({ criterion: 'helpful', score: 0.98, base: 0.9 });
    expect(JSON.stringify(judging)).not.toContain('own');
  });

  it('sees the configured share of the traffic', async () => {
    const { judge, told } = set(MILDER, 0.25);
    for (let i = 0; i < 200; i++) await judge(`i-${i}`);
    expect(told.length / 400).toBeGreaterThan(0.18);
    expect(told.length / 400).toBeLessThan(0.32);
  });

  it('rests while the policy says that the golden share has no more for it', async () => {
    const { judge, told } = set();
    expect((await judge('i-1', [], [BESIDE_TRAFFIC])).criteria[0]?.result).toBe('scored');
    expect(told).toEqual([]);
  });

  it('that fails costs the interaction nothing, and pauses like any other', async () => {
    const failing = set({ rejects: true });
    expect((await failing.judge('i-1')).criteria[0]?.result).toBe('scored');
    const { judge, told } = set();
    await judge('i-1', ['own']);
    expect(told).toEqual([]);
  });

  it('is measured by the fold, once an interaction, and is in no estimate', async () => {
    const { judge, told } = set();
    for (let i = 0; i < 10; i++) await judge(`i-${i}`);
    const records = told.map((answer) => goldenRecord(answer, 1000));
    const { golden, estimates } = folded([...records, ...records]);
    expect(golden.shadows).toHaveLength(2);
    expect(golden.shadows[0]).toMatchObject({ judge: 'own', beside: 'mini', criterion: 'helpful', agreement: 1 });
    expect(golden.shadows[0]?.offset.n).toBe(10);
    expect(golden.shadows[0]?.offset.mean).toBeCloseTo(0.08, 10);
    expect(estimates).toEqual([]);
  });
});

describe('a promotion', () => {
  const config = { cascade: cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini']], shadows: [{ judge: 'own', beside: 'mini' }] }) }; // prettier-ignore
  const measured = (n: number): PromotionRequest['shadows'] => [
    { judge: 'own', beside: 'mini', criterion: 'helpful', offset: { n, mean: 0.08, lower: 0.05, upper: 0.11 }, agreement: 0.9 }, // prettier-ignore
  ];
  const asked = (change: Partial<PromotionRequest> = {}): PromotionRequest => ({
    judge: 'own',
    undone: false,
    reason: 'cheaper',
    author: 'ada',
    at: 1000,
    shadows: measured(400),
    isForced: false,
    ...change,
  });

  it('says how far the instrument moves', () => {
    expect(promotionNote(config, asked()).note.text).toBe(
      'own judges in place of mini: cheaper. Measured offset: helpful +0.080 (+0.050 to +0.110), n 400, same verdict on 90 %. Series begin anew.',
    );
  });

  it('wants a judge that was tried out on enough interactions', () => {
    expect(() => promotionNote(config, asked({ judge: 'gemini' }))).toThrow('not in cascade.shadows');
    expect(() => promotionNote(config, asked({ shadows: [] }))).toThrow('have none');
    expect(() => promotionNote(config, asked({ shadows: measured(40) }))).toThrow('want 100');
    expect(promotionNote(config, asked({ shadows: [], isForced: true })).note.text).toContain('not measured');
  });

  it('reaches the scorers through the policy and makes another series; taken back, the first goes on', async () => {
    const note = promotionNote(config, asked()).note;
    const { pausedJudges } = folded([annotationRecord(note, 1)]);
    expect(pausedJudges).toEqual(['mini', 'mini>own']);
    const { judge, told } = set();
    const before = await judge('i-1');
    const after = await judge('i-2', pausedJudges);
    const panel = (judging: Judging): string | null | undefined => judging.criteria[0]?.panel;
    expect(panel(before)).toBe('mini>claude+gemini/mean');
    // Of the serving family: independence is enforced as for any judge, and `warn` marks it.
    expect(panel(after)).toBe('own>claude+gemini/mean~own');
    expect(told.filter(({ run }) => run.endsWith('i-2'))).toEqual([]);
    const undone = promotionNote(config, asked({ undone: true })).note;
    expect(folded([annotationRecord(note, 1), annotationRecord(undone, 2)]).pausedJudges).toEqual([]);
  });
});
