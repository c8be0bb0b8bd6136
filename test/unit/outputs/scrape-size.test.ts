import { createMetrics, type Metrics } from '../../../src/outputs/prometheus';
import { createSegmenter } from '../../../src/watch/segments';
import { segmentOptions } from '../../../src/watch/options';
import { at, buildOutcome } from '../../support/builders/ledger-record';

const SEGMENTS = 200;

let nowMs = 0;
function create(): Metrics {
  return createMetrics({
    version: 'test',
    configHash: 'c',
    clock: { now: () => 0, monotonicMs: () => nowMs },
    maxSegments: SEGMENTS,
    segmentsOf: createSegmenter(segmentOptions.parse({ maxValues: SEGMENTS, producer: [] })),
    processMetrics: false,
  });
}

/** Values that a producer made up: a new one each time, some of them huge or full of markup. */
function feed(metrics: Metrics, from: number, count: number): void {
  for (let index = from; index < from + count; index += 1) {
    const name = `${index}-<script>"\n${'x'.repeat(index % 40)}`;
    const record = buildOutcome(at(index), {
      segments: { product: name },
      checks: [{ check: `c${name}`, result: 'pass' }],
    });
    metrics.pipelineListener.recordDone(record, null, 5, null);
    metrics.onJudgeCall({
      judge: name,
      family: name,
      outcome: 'scored',
      ms: 1,
      costUsd: 0,
      inputTokens: 1,
      outputTokens: 1,
      attempts: 1,
    });
  }
}

async function pageOf(metrics: Metrics): Promise<string> {
  // A page is kept for a second.
  nowMs += 2_000;
  return (await metrics.render()).body;
}

/** What it costs in time is a bench: `npm run bench:scrape`. */
describe('a scrape at the cap of every label', () => {
  it('is at most 1 MB', async () => {
    const metrics = create();
    feed(metrics, 0, 5_000);
    expect(Buffer.byteLength(await pageOf(metrics))).toBeLessThanOrEqual(1_000_000);
  });

  it('does not grow with values that nobody has seen before', async () => {
    const metrics = create();
    feed(metrics, 0, 5_000);
    const before = (await pageOf(metrics)).split('\n').length;
    feed(metrics, 5_000, 100_000);
    const body = await pageOf(metrics);
    expect(body.split('\n').length).toBe(before);
    expect(body).toContain('__other__');
    expect(body).not.toContain('<script>');
  }, 60_000);
});
