import { createCascade } from '../../../src/judge/cascade';
import { readFencedFields } from '../../../src/judge/fence';
import { cascadeOptions } from '../../../src/judge/options';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildInteraction } from '../../support/builders/interaction';
import { seededRandom } from '../../support/builders/random';
import { buildSampling } from '../../support/builders/verdict';
import { criterion, fakeJudge } from '../../unit/judge/fake-judge';

describe('the estimator value', () => {
  it.each([
    // The unsure 30 % for certain, a tenth of the others by audit.
    ['band and audit', [], 0.37],
    // A quarter of the sure fails and half of the sure passes besides.
    ['residual spread', [{ criterion: 'helpful', upTo: [0.5, 1], probability: [0.25, 0.5] }], 0.3 + 0.7 * 0.4],
  ])(
    'has the mean of the ensemble’s score over all items under %s, though many are never escalated and the cheap judge is biased',
    async (_name, spread, share) => {
      const random = seededRandom(11);
      const items = Array.from({ length: 6000 }, (_, i) => {
        const good = random.chance(0.85);
        // Sure of itself and wrong on a third of the good answers: the mean of escalated items and of cheap scores mislead.
        const cheapPasses = good ? random.chance(0.67) : random.chance(0.2);
        return { id: `i-${i}`, good, cheapPasses, cheapConfidence: random.chance(0.7) ? 95 : 60 };
      });
      const say = (passes: boolean, confidence: number) => ({
        all: { verdict: passes ? ('pass' as const) : ('fail' as const), confidence },
      });
      const itemOf = (user: string) => items[Number(readFencedFields(user)['answer']?.slice(2))];
      const member = (name: string, model: string) =>
        fakeJudge(name, model, ({ user }) => say(itemOf(user)?.good ?? false, 100));
      const cascade = createCascade({
        criteria: [criterion('helpful')],
        judges: [
          fakeJudge('mini', 'gpt-4.1-mini', ({ user }) => {
            const item = itemOf(user);
            return say(item?.cheapPasses ?? false, item?.cheapConfidence ?? 50);
          }),
          member('claude', 'claude-4'),
          member('gemini', 'gemini-2'),
          member('qwen', 'qwen3'),
        ],
        cascade: cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini', 'qwen']], spread }),
        models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
        salt: 'salt',
        clock: { monotonicMs: () => 0 },
        randomId: () => String(random.next()),
        onCall: () => undefined,
      });
      const values: number[] = [];
      let escalated = 0;
      let cheapSum = 0;
      for (const { id } of items) {
        const { criteria } = await cascade.judge({
          interaction: buildInteraction({
            interactionId: id,
            output: { text: id, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
          }),
          sampling: buildSampling(),
          failedChecks: [],
          policy: INITIAL_POLICY,
          signal: new AbortController().signal,
        });
        const [verdict] = criteria;
        values.push(verdict?.estimatorValue ?? NaN);
        if (verdict?.escalation?.escalated === true) escalated++;
        cheapSum += verdict?.cheap[0]?.score ?? NaN;
        expect(Math.abs(verdict?.estimatorValue ?? NaN)).toBeLessThanOrEqual(1 / 0.1);
      }
      const truth = items.filter(({ good }) => good).length / items.length;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      expect(Math.abs(mean - truth)).toBeLessThan(4 * Math.sqrt(variance / values.length));
      expect(Math.abs(cheapSum / items.length - truth)).toBeGreaterThan(0.15);
      expect(escalated / items.length).toBeCloseTo(share, 1);
    },
    60_000,
  );
});
