import { createCascade } from '../../../src/judge/cascade';
import type { CriterionVerdict } from '../../../src/domain/verdict';
import { cascadeOptions, type CriterionOptions } from '../../../src/judge/options';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildInteraction } from '../../support/builders/interaction';
import { buildSampling } from '../../support/builders/verdict';
import { criterion, type FakeBehaviour, fakeJudge } from './fake-judge';

const YES: FakeBehaviour = { all: { verdict: 'pass', confidence: 100 } };
const NO: FakeBehaviour = { all: { verdict: 'fail', confidence: 100 } };
const PANEL = 'mini>claude+gemini+qwen/mean';

async function judged(
  says: readonly [claude: FakeBehaviour, gemini: FakeBehaviour, qwen: FakeBehaviour],
  {
    onSplit = 'ask',
    mistral = YES,
    failedChecks = ['truncated'],
    others = [],
  }: {
    onSplit?: 'ask' | 'review' | 'nothing';
    mistral?: FakeBehaviour;
    failedChecks?: string[];
    others?: CriterionOptions[];
  } = {},
): Promise<{ verdict: CriterionVerdict; other: CriterionVerdict | undefined; asked: string[][] }> {
  const extra = fakeJudge('mistral', 'mistral-large', mistral);
  const [claude, gemini, qwen] = says;
  const cascade = createCascade({
    criteria: [criterion('helpful', onSplit === 'nothing' ? {} : { onSplit }), ...others],
    judges: [
      fakeJudge('mini', 'gpt-4.1-mini', YES),
      fakeJudge('claude', 'claude-sonnet-4', claude),
      fakeJudge('gemini', 'gemini-2.5-flash', gemini),
      fakeJudge('qwen', 'qwen3-32b', qwen),
      extra,
    ],
    cascade: cascadeOptions.parse({
      cheap: [['mini']],
      ensemble: [['claude', 'gemini', 'qwen']],
      tieBreakers: ['mistral'],
    }),
    models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
    salt: 'salt',
    clock: { monotonicMs: () => 0 },
    randomId: () => 'id',
    onCall: () => {},
  });
  const { criteria } = await cascade.judge({
    interaction: buildInteraction({ interactionId: 'i-4' }),
    sampling: buildSampling(),
    failedChecks,
    policy: INITIAL_POLICY,
    signal: new AbortController().signal,
  });
  const asked = extra.asked.map(({ schema }) =>
    Object.keys((schema as { properties: { criteria: { properties: object } } }).properties.criteria.properties),
  );
  return { verdict: criteria[0]!, other: criteria[1], asked };
}

describe('a split ensemble', () => {
  it('gets one judge more where the criterion asks for it, whose answer counts like the others', async () => {
    const { verdict, asked } = await judged([YES, NO, NO]);
    expect(asked).toEqual([['helpful']]);
    expect(verdict.ensemble.map(({ judge }) => judge)).toEqual(['claude', 'gemini', 'qwen', 'mistral']);
    expect(verdict).toMatchObject({ panel: `${PANEL}?mistral`, score: 0.5, combined: { quorum: 4 } });
  });

  it.each(['review', 'nothing'] as const)('is combined as it is where the criterion says %s', async (onSplit) => {
    const { verdict, asked } = await judged([YES, NO, NO], { onSplit });
    expect(asked).toEqual([]);
    expect(verdict).toMatchObject({ panel: PANEL, score: 1 / 3, pass: false });
  });

  it('keeps its verdict when the judge asked besides does not answer', async () => {
    const { verdict } = await judged([YES, NO, NO], { mistral: { failure: 'timeout' } });
    expect(verdict).toMatchObject({ score: 1 / 3, pass: false, combined: { quorum: 3, degraded: true } });
  });

  it('is asked about alone: other criteria of the call group are not', async () => {
    const { other, asked } = await judged([YES, NO, NO], { others: [criterion('polite')] });
    expect(asked).toEqual([['helpful']]);
    expect(other).toMatchObject({ panel: PANEL });
    expect(other?.ensemble).toHaveLength(3);
  });

  it('costs nothing where the ensemble agrees, and is of the same series there', async () => {
    const { verdict, asked } = await judged([NO, NO, NO]);
    expect(asked).toEqual([]);
    expect(verdict).toMatchObject({ panel: `${PANEL}?mistral`, score: 0 });
    const kept = await judged([NO, NO, NO], { failedChecks: [] });
    expect(kept.verdict.panel).toBe(`${PANEL}?mistral`);
  });
});
