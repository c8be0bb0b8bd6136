import { segmentLabel } from '../../../src/domain/segment';
import { METRIC_CATALOGUE, metricName } from '../../../src/outputs/metric-catalogue';
import { createMetrics } from '../../../src/outputs/prometheus';
import type { Metrics, MetricsSetup } from '../../../src/outputs/prometheus';
import type { WatchSnapshot } from '../../../src/outputs/fold-metrics';
import type { SegmentEstimate } from '../../../src/domain/estimate';
import { outcomeCriterion, outcomeItem, outcomeRecord } from '../../support/outcome-records';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

function setUp(part: Partial<MetricsSetup> = {}): { metrics: Metrics; clock: { ms: number } } {
  const clock = { ms: 0 };
  const metrics = createMetrics({
    version: '0.1.0',
    configHash: 'abc',
    clock: { now: () => 1_000_000 + clock.ms, monotonicMs: () => clock.ms },
    maxSegments: 3,
    processMetrics: false,
    segmentsOf: (item) => [
      { dimension: 'all', value: '' },
      ...Object.entries(item.segments).map(([dimension, value]) => ({ dimension, value })),
    ],
    ...part,
  });
  return { metrics, clock };
}

async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  const { body } = await metrics.render();
  return body.split('\n').filter((line) => line.startsWith(`plumbline_${name}`));
}

function estimate(part: Partial<SegmentEstimate>): SegmentEstimate {
  return {
    segment: { dimension: 'product', value: 'support' },
    criterion: 'helpful',
    panel: 'p',
    mean: 0.6,
    lower: 0.5,
    upper: 0.7,
    cheapMean: 0.65,
    escalatedMean: 0.4,
    items: 10,
    escalated: 2,
    effectiveSampleSize: 2,
    judgedRatio: 0.98,
    unjudged: 0,
    ...part,
  };
}

function snapshot(estimates: readonly SegmentEstimate[]): WatchSnapshot {
  return {
    accounting: {
      recordsIn: 7,
      records: { judged: 3, checked_only: 1, filtered: 0, behaviour: 2, dead_lettered: 1, duplicate: 0 },
      interactions: 4,
      criteria: {
        helpful: {
          results: { scored: 2, not_applicable: 0, not_sampled: 1, unjudged: 1 },
          unjudged: { timeout: 1 },
          pass: 1,
          fail: 1,
        },
      },
      escalations: { borderline: 1, audit: 0, safety: 0, check: 0, disagreement: 0, floor: 0 },
      replays: { judged: 2 },
    },
    estimates,
  };
}

describe('createMetrics', () => {
  it('exports every metric of the catalogue and no other', async () => {
    const { metrics } = setUp();
    const { body } = await metrics.render('text/plain');
    const exported = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(exported.sort()).toEqual(
      (Object.keys(METRIC_CATALOGUE) as (keyof typeof METRIC_CATALOGUE)[]).map(metricName).sort(),
    );
  });

  it('counts checks and criteria per segment', async () => {
    const { metrics } = setUp();
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem()), null, 10, null);
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem()), null, 10, null);
    expect(await linesOf(metrics, 'checks_total')).toEqual([
      'plumbline_checks_total{check="non_empty",result="pass",segment="all"} 2',
      'plumbline_checks_total{check="non_empty",result="pass",segment="product=support"} 2',
    ]);
    expect(await linesOf(metrics, 'criterion_results_total')).toEqual([
      'plumbline_criterion_results_total{criterion="helpful",segment="product=support",result="pass"} 2',
    ]);
  });

  it('takes the figures of the whole stream from the fold alone', async () => {
    const { metrics } = setUp();
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem()), null, 10, null);
    expect(await linesOf(metrics, 'records_total')).toEqual([]);
    metrics.publishWatch(snapshot([]));
    const { metrics: later } = setUp();
    later.publishWatch(snapshot([]));
    const lines = await linesOf(later, 'records_total');
    expect(lines).toContain('plumbline_records_total{outcome="judged"} 3');
    expect(lines.map((line) => Number(line.split(' ')[1])).reduce((a, b) => a + b)).toBe(7);
    const results = await linesOf(later, 'criterion_results_total{criterion="helpful",segment="all"');
    expect(results.map((line) => Number(line.split(' ')[1])).reduce((a, b) => a + b)).toBe(4);
    expect(await linesOf(later, 'unjudged_total')).toEqual([
      'plumbline_unjudged_total{criterion="helpful",reason="timeout"} 1',
    ]);
  });

  it('counts the whole stream itself where the ledger is not folded', async () => {
    const { metrics } = setUp({ foldHere: false });
    const unjudged = outcomeCriterion({ result: 'unjudged', unjudgedReason: 'timeout', cheapScore: null, pass: null });
    const escalated = outcomeCriterion({
      escalated: true,
      escalationReason: 'borderline',
      ensembleScore: 0.2,
      pass: false,
    });
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem({ criteria: [unjudged] })), null, 1, null);
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem({ criteria: [escalated] })), null, 1, null);
    expect(await linesOf(metrics, 'records_total{outcome="judged"}')).toEqual([
      'plumbline_records_total{outcome="judged"} 2',
    ]);
    expect(await linesOf(metrics, 'unjudged_total{')).toEqual([
      'plumbline_unjudged_total{criterion="helpful",reason="timeout"} 1',
    ]);
    expect(await linesOf(metrics, 'cascade_escalations_total{reason="borderline"}')).toEqual([
      'plumbline_cascade_escalations_total{reason="borderline"} 1',
    ]);
    expect(await linesOf(metrics, 'criterion_results_total{criterion="helpful",segment="all"')).toHaveLength(2);
  });

  it('does not count checks and scores of a duplicate again', async () => {
    const { metrics } = setUp();
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem(), { outcome: 'duplicate' }), null, 10, null);
    expect(await linesOf(metrics, 'checks_total')).toEqual([]);
    expect(await linesOf(metrics, 'score_count')).toEqual([]);
  });

  it('counts dead letters, redactions, judges that stood alone and unknown conversations', async () => {
    const { metrics } = setUp();
    const lost = outcomeRecord(null, { outcome: 'dead_lettered', deadLetterReason: 'too_large' });
    metrics.pipelineListener.recordDone(lost, null, 10, null);
    const verdict = {
      checks: [{ check: 'injection', result: 'fail', detail: 'class=override,plea field=answer' }],
      redactions: [{ kind: 'email', count: 3 }],
      criteria: [{ combined: { outlierJudge: 'qwen' } }, { combined: { outlierJudge: null } }, { combined: null }],
    } as unknown as Parameters<Metrics['pipelineListener']['recordDone']>[1];
    const alone = outcomeRecord(outcomeItem({ conversationKnown: false }));
    metrics.pipelineListener.recordDone(alone, verdict, 10, null);
    const { body } = await metrics.render();
    expect(body).toContain('plumbline_dead_letters_total{reason="too_large"} 1');
    expect(body).toContain('plumbline_injection_suspected_total{class="plea"} 1');
    expect(body).toContain('plumbline_dead_letters_total{reason="undecodable"} 0');
    expect(body).toContain('plumbline_redactions_total{kind="email"} 3');
    expect(body).toContain('plumbline_judge_outlier_total{judge="qwen"} 1');
    expect(body).toContain('plumbline_conversations_unknown_total 1');
    expect(body).toContain('plumbline_last_progress_timestamp_seconds 1000');
  });

  it('tells objectives, and after a reload those of the new configuration', async () => {
    const { metrics, clock } = setUp({ objectives: { helpful: 0.9 } });
    expect(await linesOf(metrics, 'quality_objective')).toEqual([
      'plumbline_quality_objective{criterion="helpful"} 0.9',
    ]);
    metrics.setConfig('def', { safe: 0.99 });
    clock.ms += 2_000;
    expect(await linesOf(metrics, 'quality_objective')).toEqual(['plumbline_quality_objective{criterion="safe"} 0.99']);
    expect(await linesOf(metrics, 'config_info')).toEqual(['plumbline_config_info{hash="def"} 1']);
  });

  it('links exemplars to traces, within 128 characters, and only to well-formed ids', async () => {
    const { metrics, clock } = setUp();
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem()), null, 120, TRACE);
    const [line = ''] = (await linesOf(metrics, 'processing_delay_seconds_bucket')).filter((one) => one.includes('#'));
    expect(line).toMatch(new RegExp(`trace_id="${TRACE}",verdict_id="[0-9a-f-]{36}"} 0.12 \\d+`));
    expect((await linesOf(metrics, 'score_bucket')).filter((one) => one.includes(TRACE))).toHaveLength(1);
    clock.ms += 2000;
    const hostile = outcomeItem({ verdictId: 'x'.repeat(500) });
    metrics.pipelineListener.recordDone(outcomeRecord(hostile), null, 5000, TRACE);
    metrics.pipelineListener.recordDone(outcomeRecord(hostile), null, 50_000, '<script>');
    expect((await metrics.render()).body).not.toMatch(/xxxx|script/);
  });

  it('survives delays that make no sense', async () => {
    const { metrics } = setUp();
    for (const delay of [NaN, Infinity, -5]) {
      metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem()), null, delay, null);
    }
    expect(await linesOf(metrics, 'processing_delay_seconds_count')).toEqual([
      'plumbline_processing_delay_seconds_count 1',
    ]);
  });

  it('counts calls to judges', async () => {
    const { metrics } = setUp();
    const call = { judge: 'one', family: 'mistral', outcome: 'scored', attempts: 1 } as const;
    metrics.onJudgeCall({ ...call, ms: 300, inputTokens: 10, outputTokens: 2, costUsd: 0.5 });
    metrics.onJudgeCall({ ...call, outcome: 'timeout', ms: 9000, inputTokens: NaN, outputTokens: -1, costUsd: NaN });
    const { body } = await metrics.render();
    expect(body).toContain('plumbline_judge_requests_total{judge="one",family="mistral",outcome="scored"} 1');
    expect(body).toContain('plumbline_judge_requests_total{judge="one",family="mistral",outcome="timeout"} 1');
    expect(body).toContain('plumbline_judge_cost_usd_total{judge="one"} 0.5');
    expect(body).toContain('plumbline_judge_tokens_total{judge="one",kind="input"} 10');
    expect(body).toContain('plumbline_judge_request_duration_seconds_count{judge="one"} 2');
    expect(metrics.totals()).toMatchObject({ judgeCalls: 2 });
  });

  it('replaces the lag of all partitions, so that lost ones vanish', async () => {
    const { metrics, clock } = setUp();
    metrics.setLag([
      { topic: 't', partition: 0, lagRecords: 5 },
      { topic: 't', partition: 1, lagRecords: 0 },
    ]);
    expect(await linesOf(metrics, 'consumer_lag{')).toHaveLength(2);
    clock.ms += 1001;
    metrics.setLag([{ topic: 't', partition: 1, lagRecords: 7 }]);
    expect(await linesOf(metrics, 'consumer_lag{')).toEqual(['plumbline_consumer_lag{topic="t",partition="1"} 7']);
  });
});

describe('published estimates', () => {
  it('show the estimate with its interval and the raw means beside it', async () => {
    const { metrics } = setUp();
    metrics.publishWatch(snapshot([estimate({})]));
    const { body } = await metrics.render();
    for (const line of [
      'quality_estimate{segment="product=support",criterion="helpful"} 0.6',
      'quality_lower{segment="product=support",criterion="helpful"} 0.5',
      'quality_upper{segment="product=support",criterion="helpful"} 0.7',
      'quality_cheap_mean{segment="product=support",criterion="helpful"} 0.65',
      'quality_escalated_mean{segment="product=support",criterion="helpful"} 0.4',
      'judged_ratio{segment="product=support",criterion="helpful"} 0.98',
    ]) {
      expect(body).toContain(`plumbline_${line}\n`);
    }
  });

  it('leave out what is not known instead of exporting zero', async () => {
    const { metrics } = setUp();
    metrics.publishWatch(snapshot([estimate({ mean: null, lower: null, upper: NaN, escalatedMean: null })]));
    expect(await linesOf(metrics, 'quality_')).toEqual([
      'plumbline_quality_cheap_mean{segment="product=support",criterion="helpful"} 0.65',
    ]);
  });

  it('speak for the panel with most items', async () => {
    const { metrics } = setUp();
    metrics.publishWatch(
      snapshot([estimate({ panel: 'a', items: 5, mean: 0.1 }), estimate({ panel: 'b', items: 50, mean: 0.9 })]),
    );
    expect(await linesOf(metrics, 'quality_estimate{')).toEqual([
      'plumbline_quality_estimate{segment="product=support",criterion="helpful"} 0.9',
    ]);
  });

  it('keep the whole stream and the worst segments when there are more than the cap', async () => {
    const { metrics } = setUp();
    const segments = Array.from({ length: 10 }, (_, index) => ({ dimension: 'product', value: `p${index}` }));
    const estimates = segments.map((segment, index) => estimate({ segment, mean: 1 - index / 10 }));
    metrics.publishWatch(snapshot([...estimates, estimate({ segment: { dimension: 'all', value: '' }, mean: 1 })]));
    const { body } = await metrics.render();
    const kept = [...body.matchAll(/quality_estimate\{segment="([^"]+)"/g)].map(([, segment]) => segment);
    expect(kept.sort()).toEqual(['all', 'product=p7', 'product=p8', 'product=p9']);
    expect(body).toContain('plumbline_label_overflow_total{label="segment"} 7');
  });

  it('vanish when the ledger goes to another owner', async () => {
    const { metrics } = setUp();
    metrics.publishWatch(snapshot([estimate({})]));
    metrics.withdrawWatch();
    expect(await linesOf(metrics, 'quality_')).toEqual([]);
    expect(await linesOf(metrics, 'records_total')).toEqual([]);
  });
});

describe('rendering', () => {
  it('happens once for twenty readers and once per second', async () => {
    const { metrics, clock } = setUp();
    const pages = await Promise.all(Array.from({ length: 20 }, () => metrics.render()));
    expect(new Set(pages.map(({ body }) => body)).size).toBe(1);
    metrics.setLag([{ topic: 't', partition: 0, lagRecords: 5 }]);
    clock.ms += 999;
    expect((await metrics.render()).body).toBe(pages[0]?.body);
    clock.ms += 1;
    expect((await metrics.render()).body).toContain('consumer_lag{topic="t"');
  });

  it('speaks OpenMetrics to those who ask for it and the older format to others', async () => {
    const { metrics } = setUp();
    metrics.pipelineListener.recordDone(outcomeRecord(outcomeItem()), null, 120, TRACE);
    const asked = await metrics.render('application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
    expect(asked.contentType).toMatch(/^application\/openmetrics-text/);
    expect(asked.body).toMatch(/# EOF\n$/);
    expect(asked.body).toContain('# TYPE plumbline_checks counter');
    const plain = await metrics.render('*/*');
    expect(plain.contentType).toMatch(/^text\/plain/);
    expect(plain.body).toContain('# TYPE plumbline_checks_total counter');
    expect(plain.body).not.toMatch(/# EOF|trace_id/);
  });

  it('keeps process metrics that follow the naming rules', async () => {
    const { metrics } = setUp({ processMetrics: true });
    const { body } = await metrics.render('text/plain');
    expect(body).toContain('plumbline_process_resident_memory_bytes ');
    expect(body).not.toContain('active_handles');
    expect(segmentLabel({ dimension: 'all', value: '' })).toBe('all');
  });
});
