import { buildInteraction } from '../../support/builders/interaction';
import { createLabelGuard, toLabelValue } from '../../../src/outputs/label-guard';
import { OTHER } from '../../../src/outputs/metric-catalogue';
import { createMetrics } from '../../../src/outputs/prometheus';
import { systemClock } from '../../../src/platform/clock';
import { outcomeCriterion, outcomeItem, outcomeRecord } from '../../support/outcome-records';

const VALUES = 100_000;
const SHAPES: readonly ((index: number) => string)[] = [
  (index) => `<img src=x onerror=alert(${index})>`,
  (index) => `"} 1\nplumbline_records_total{outcome="judged"} ${index}`,
  (index) => `user-${index}@example.org`,
  (index) => `plain-${index}`,
  (index) => `\u202e\u0000\u009b${index}`,
  (index) => `${'x'.repeat(200)}${index}`,
  (index) => `__proto__${index % 2 === 0 ? '' : index}`,
  () => 'constructor',
  () => '',
  (index) => `\ud800${index}`,
];

function valueOf(index: number): string {
  return (SHAPES[index % SHAPES.length] ?? String)(index);
}

describe('hostile label values', () => {
  it(`leave a bounded page without markup (${VALUES} values in every label that producers reach)`, async () => {
    const metrics = createMetrics({
      version: '0.1.0',
      configHash: 'abc',
      clock: systemClock,
      maxSegments: 200,
      processMetrics: false,
      foldHere: false,
      segmentsOf: (item) => [
        { dimension: 'all', value: '' },
        { dimension: 'product', value: item.segments['product'] ?? '' },
      ],
    });
    const interaction = buildInteraction();
    for (let index = 0; index < VALUES; index += 1) {
      const value = valueOf(index);
      const item = outcomeItem({
        segments: { product: value },
        checks: [{ check: value, result: 'fail' }],
        criteria: [outcomeCriterion({ criterion: value })],
      });
      metrics.pipelineListener.recordDone(outcomeRecord(item), null, 1, value);
      if (index % 10 === 0) {
        const producer = { ...interaction.producer, provider: value, model: value, modelVersion: value };
        metrics.pipelineListener.answered({ ...interaction, producer }, []);
      }
      const call = { ms: 1, inputTokens: 1, outputTokens: 1, costUsd: 0, attempts: 1 };
      if (index % 10 === 0) metrics.onJudgeCall({ judge: value, family: value, outcome: 'scored', ...call });
    }
    const { body } = await metrics.render();
    expect(body.length).toBeLessThan(2_000_000);
    expect(body).not.toMatch(/[<>\u0000\u009b\u202e]|@|\ud800/);
    expect(body).toMatch(/plumbline_label_overflow_total\{label="segment"\} [1-9]/);
    // Nobody wrote a line of his own: every line is a comment or one of our samples.
    for (const line of body.split('\n')) expect(line === '' || /^(# |plumbline_[a-z_]+(\{| ))/.test(line)).toBe(true);
    expect(body).toContain(`plumbline_records_total{outcome="judged"} ${VALUES}\n`);
  }, 60_000);

  it('stay apart after sanitising, and plain ones stay readable', () => {
    expect(toLabelValue('product=support')).toBe('product=support');
    expect(toLabelValue('<a>')).not.toBe(toLabelValue('<b>'));
    expect(toLabelValue('x'.repeat(65))).toMatch(/^hash:[0-9a-f]{16}$/);
  });

  it('are capped, pinned values never', () => {
    let overflows = 0;
    const guard = createLabelGuard(2, () => (overflows += 1), ['pinned']);
    expect(['a', 'b', 'c', 'pinned', 'a'].map(guard)).toEqual(['a', 'b', OTHER, 'pinned', 'a']);
    expect(overflows).toBe(1);
  });
});
