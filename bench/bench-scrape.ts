import { createPacker } from '../src/outputs/telemetry-server';
import { buildInteraction } from '../test/support/builders/interaction';
import { createMetrics, type Metrics } from '../src/outputs/prometheus';
import { segmentOptions } from '../src/watch/options';
import { createSegmenter } from '../src/watch/segments';
import { at, buildOutcome, buildOutcomeCriterion } from '../test/support/builders/ledger-record';
import { finish, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s bench:scrape -- [--json] [--quick] [--seed N]
 *
 * What a scrape costs when every label holds as many values as it may (a thousand label sets of histograms, all of which have
 * changed since the page before), and what a million hostile values change. Processor time of rendering and packing one page;
 * a scraper asks for gzip, so that is its body. `--quick`: a tenth of the values, fewer pages.
 */
const SEGMENTS = 200;
const BEYOND_EVERY_CAP = 5_000;
const CHECKS = 12;
const EVERY_SET = 240;
const WARM_UP = 10;
const INTERACTION = buildInteraction();

runScript(async () => {
  const flags = scriptFlags();
  const hostile = flags.quick ? 100_000 : 1_000_000;
  const clock = { ms: 0 };
  const metrics = createMetrics({
    version: 'bench',
    configHash: 'bench',
    clock: { now: () => 0, monotonicMs: () => clock.ms },
    maxSegments: SEGMENTS,
    segmentsOf: createSegmenter(segmentOptions.parse({ maxValues: SEGMENTS, producer: [] })),
    processMetrics: false,
  });
  const pageOf = async (): Promise<{ body: string; packedBytes: number; cpuMs: number }> => {
    clock.ms += 2_000;
    const before = process.cpuUsage();
    const { body, contentType } = await metrics.render();
    const packed = await createPacker()({ status: 200, type: contentType, body });
    const { user, system } = process.cpuUsage(before);
    return { body, packedBytes: packed.body.length, cpuMs: (user + system) / 1000 };
  };
  for (let i = 0; i < BEYOND_EVERY_CAP; i += 1) feed(metrics, i, `value-${i}`);
  const pages: Awaited<ReturnType<typeof pageOf>>[] = [];
  for (let round = 0; round < (flags.quick ? 110 : 310); round += 1) {
    // No line of the last page can be used again.
    for (let i = 0; i < EVERY_SET; i += 1) feed(metrics, i, `value-${i}`);
    pages.push(await pageOf());
  }
  pages.splice(0, WARM_UP);
  const costs = pages.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b);
  const quantile = (q: number): number => Number((costs[Math.ceil(q * costs.length) - 1] ?? NaN).toFixed(1));
  const { body, packedBytes } = pages.at(-1)!;

  for (let i = 0; i < hostile; i += 1) feed(metrics, i, `${i}<script>"\n${'x'.repeat(i % 60)}`);
  const after = await pageOf();
  const figures = {
    histogram_label_sets: (body.match(/_bucket\{le="\+Inf"/g) ?? []).length,
    bucket_lines: (body.match(/_bucket\{/g) ?? []).length,
    lines: body.split('\n').length,
    cpu_ms: { p50: quantile(0.5), p99: quantile(0.99) },
    body_bytes: { plain: Buffer.byteLength(body), gzip: packedBytes },
    hostile_values: hostile,
    lines_added_by_hostile_values: after.body.split('\n').length - body.split('\n').length,
  };
  const readable = Object.entries(figures).map(([name, value]) => `${name.padEnd(30)} ${JSON.stringify(value)}`);
  finish(flags, readable.join('\n'), figures);
});

function feed(metrics: Metrics, i: number, value: string): void {
  const criteria = [
    buildOutcomeCriterion({ criterion: value, escalated: true, ensembleScore: 0.5, disagreement: 0.3 }),
  ];
  const checks = [{ check: `check_${i % CHECKS}`, result: 'pass' as const }];
  const record = buildOutcome(at(i), { segments: { product: value }, checks, criteria });
  metrics.pipelineListener.recordDone(record, null, 5, null);
  for (const route of ['primary', 'failover'] as const) {
    const producer = { ...INTERACTION.producer, model: value, route };
    metrics.pipelineListener.answered({ ...INTERACTION, producer }, []);
  }
  const usage = { ms: 1, costUsd: 0, inputTokens: 1, outputTokens: 1, attempts: 1 };
  metrics.onJudgeCall({ judge: value, family: value, outcome: 'scored', ...usage });
}
