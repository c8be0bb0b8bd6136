import type { CheckResult } from '../../../src/domain/check';
import { createCascade } from '../../../src/judge/cascade';
import type { Judging } from '../../../src/judge/cascade-port';
import { cascadeOptions } from '../../../src/judge/options';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { notedWeighting, type Weighting, weightingNote, weightingVersion } from '../../../src/policy/weighting';
import { buildInteraction } from '../../support/builders/interaction';
import { buildSampling } from '../../support/builders/verdict';
import { criterion, type FakeBehaviour, fakeJudge } from './fake-judge';

const YES: FakeBehaviour = { all: { verdict: 'pass', confidence: 100 } };
const NO: FakeBehaviour = { all: { verdict: 'fail', confidence: 100 } };
const PANEL = 'mini>claude+gemini+qwen/mean';
/** Two of three say no; the one who says yes is worth more than both. */
const WEIGHTING: Weighting = {
  criterion: 'helpful',
  panel: PANEL,
  members: ['mini', 'claude', 'gemini', 'qwen'],
  weights: [0, 3, 0.5, 0.5],
  intercept: 0.25,
  cheapUpTo: [0.5, 1],
  cheapValue: [0.1, 0.7],
  saidItems: [200, 200, 200, 200],
  sidedItems: [150, 190, 160, 160],
};

function judged(
  weightings: readonly Weighting[],
  {
    failedChecks = ['truncated'],
    claude = YES,
    panelOf = 'gpt-4.1-mini',
    checks = [],
  }: { failedChecks?: string[]; claude?: FakeBehaviour; panelOf?: string; checks?: CheckResult[] } = {},
): Promise<Judging> {
  const cascade = createCascade({
    criteria: [criterion('helpful')],
    judges: [
      fakeJudge('mini', panelOf, YES),
      fakeJudge('claude', 'claude-sonnet-4', claude),
      fakeJudge('gemini', 'gemini-2.5-flash', NO),
      fakeJudge('qwen', 'qwen3-32b', NO),
    ],
    cascade: cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini', 'qwen']] }),
    models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
    salt: 'salt',
    clock: { monotonicMs: () => 0 },
    randomId: () => 'id',
    onCall: () => {},
  });
  return cascade.judge({
    interaction: buildInteraction({ interactionId: 'i-4' }),
    sampling: buildSampling(),
    failedChecks,
    checks,
    policy: { ...INITIAL_POLICY, weightings },
    signal: new AbortController().signal,
  });
}

describe('learned weights in force', () => {
  it('combine the panel’s answers, as another series', async () => {
    const plain = (await judged([])).criteria[0]!;
    expect(plain).toMatchObject({ panel: PANEL, pass: false, combined: { method: 'mean' } });
    const weighted = (await judged([WEIGHTING])).criteria[0]!;
    expect(weighted.panel).toBe(`mini>claude+gemini+qwen/w${weightingVersion(WEIGHTING)}`);
    expect(weighted).toMatchObject({ pass: true, prediction: 0.7, combined: { method: 'weighted' } });
    expect(weighted.score).toBeCloseTo(1 / (1 + Math.exp(-(0.25 + 3 - 0.5 - 0.5))), 12);
    expect(weighted.ensemble).toEqual(plain.ensemble);
  });

  it('give a judge without an answer no say', async () => {
    const { criteria } = await judged([WEIGHTING], { claude: { failure: 'timeout' } });
    expect(criteria[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-(0.25 - 0.5 - 0.5))), 12);
  });

  it.each([
    ['passes', 'pass', 2],
    ['fails', 'fail', -2],
    ['does not apply', 'not_applicable', 0],
  ] as const)('weigh a check that %s among the judges', async (_name, result, vote) => {
    const members = [...WEIGHTING.members, 'check:cites_source'];
    const weighting = {
      ...WEIGHTING,
      members,
      weights: [...WEIGHTING.weights, 2],
      saidItems: [...WEIGHTING.saidItems, 200],
      sidedItems: [...WEIGHTING.sidedItems, 180],
    };
    const checks = [{ check: 'cites_source', version: 1, result, span: null, detail: null }];
    const { criteria } = await judged([weighting], { checks });
    expect(criteria[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-(0.25 + 3 - 0.5 - 0.5 + vote))), 12);
  });

  it('begin the series of what is not escalated too, with the mapped cheap score as its prediction', async () => {
    const { criteria } = await judged([WEIGHTING], { failedChecks: [] });
    expect(criteria[0]).toMatchObject({
      panel: `mini>claude+gemini+qwen/w${weightingVersion(WEIGHTING)}`,
      score: 1,
      prediction: 0.7,
      estimatorValue: 0.7,
      ensemble: [],
    });
  });

  it.each([
    ['another criterion', { ...WEIGHTING, criterion: 'kind' }],
    ['another panel', { ...WEIGHTING, panel: 'mini>claude+gemini/mean' }],
  ])('of %s change nothing', async (_name, other) => {
    expect((await judged([other])).criteria).toEqual((await judged([])).criteria);
  });
});

describe('the note of weights', () => {
  const WHO = { text: 'better', author: 'ada', at: 7 };

  it('is read back, and taken back by the same id', () => {
    const note = weightingNote('helpful', WEIGHTING, WHO);
    expect(notedWeighting(note)).toEqual({ criterion: 'helpful', weighting: WEIGHTING });
    const withdrawn = weightingNote('helpful', null, WHO);
    expect(withdrawn.id).toBe(note.id);
    expect(notedWeighting(withdrawn)).toEqual({ criterion: 'helpful', weighting: null });
  });

  it.each([
    ['text', 'no json'],
    ['null', 'null'],
    ['too few weights', JSON.stringify({ ...WEIGHTING, weights: [1] })],
    ['a weight that is no number', JSON.stringify({ ...WEIGHTING, weights: [0, 3, 'x', 1] })],
    ['another criterion', JSON.stringify({ ...WEIGHTING, criterion: 'kind' })],
  ])('changes nothing when it holds %s', (_name, weighting) => {
    const note = weightingNote('helpful', WEIGHTING, WHO);
    expect(notedWeighting({ ...note, segments: { weighting } })).toBeNull();
    expect(notedWeighting({ ...note, kind: 'note' })).toBeNull();
  });
});
