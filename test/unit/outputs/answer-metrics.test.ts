import { answerResult, tokenSeconds } from '../../../src/outputs/answer-metrics';
import { createMetrics } from '../../../src/outputs/prometheus';
import type { CheckResult } from '../../../src/domain/check';
import { buildInteraction } from '../../support/builders/interaction';

const fails = (...names: string[]): CheckResult[] =>
  ['non_empty', 'refusal', 'output_schema', 'truncated'].map((check) => ({
    check,
    version: 1,
    result: names.includes(check) ? 'fail' : 'pass',
    span: null,
    detail: null,
  }));

const SETUP = {
  version: '0.1.0',
  configHash: 'abc',
  clock: { now: () => 1_000_000, monotonicMs: () => 0 },
  maxSegments: 3,
  processMetrics: false,
  segmentsOf: () => [],
};

const usage = { inputTokens: 10, outputTokens: 101, costUsd: null, latencyMs: 2500, ttftMs: 500 };

describe('how providers answer', () => {
  it('is one word, the first that applies', () => {
    expect(answerResult(fails())).toBe('ok');
    expect(answerResult(fails('truncated'))).toBe('truncated');
    expect(answerResult(fails('truncated', 'output_schema'))).toBe('malformed');
    expect(answerResult(fails('truncated', 'refusal'))).toBe('refused');
    expect(answerResult(fails('refusal', 'non_empty'))).toBe('empty');
  });

  it('has a time per token after the first, where its producer measured both', () => {
    expect(tokenSeconds(usage)).toBeCloseTo(0.02, 12);
    expect(tokenSeconds({ ...usage, ttftMs: null })).toBeNull();
    expect(tokenSeconds({ ...usage, outputTokens: 1 })).toBeNull();
    // A clock that went backwards makes no negative time.
    expect(tokenSeconds({ ...usage, latencyMs: 100 })).toBe(0);
  });

  it('is told by provider, version and route, so that an episode of failover shows as it begins', async () => {
    const metrics = createMetrics(SETUP);
    const { pipelineListener } = metrics;
    const producer = {
      ...buildInteraction().producer,
      provider: 'openai',
      model: 'gpt-4o',
      modelVersion: '2024-08-06',
    };
    pipelineListener.answered(buildInteraction({ producer: { ...producer, route: 'primary' }, usage }), fails());
    pipelineListener.answered(
      buildInteraction({ producer: { ...producer, route: 'failover' }, usage }),
      fails('refusal'),
    );
    pipelineListener.answered(
      buildInteraction({ producer: { ...producer, route: 'failover' }, usage }),
      fails('refusal'),
    );
    const { body } = await metrics.render('text/plain');
    const lines = body.split('\n').filter((line) => /^plumbline_answer/.test(line));
    const own = 'producer="openai/gpt-4o/2024-08-06"';
    expect(lines).toContain(`plumbline_answers_total{${own},route="primary",result="ok"} 1`);
    expect(lines).toContain(`plumbline_answers_total{${own},route="failover",result="refused"} 2`);
    expect(lines).toContain(`plumbline_answer_ttft_seconds_sum{${own},route="failover"} 1`);
    expect(lines).toContain(`plumbline_answer_token_seconds_count{${own},route="failover"} 2`);
  });

  it('costs no memory when producers make up names', async () => {
    const metrics = createMetrics(SETUP);
    for (let n = 0; n < 5000; n++) {
      const producer = { ...buildInteraction().producer, model: `model-${n}` };
      metrics.pipelineListener.answered(buildInteraction({ producer }), fails());
    }
    const { body } = await metrics.render('text/plain');
    expect(body.match(/^plumbline_answers_total/gm)?.length).toBeLessThanOrEqual(201);
    expect(body).toContain('plumbline_answers_total{producer="__other__"');
  });
});
