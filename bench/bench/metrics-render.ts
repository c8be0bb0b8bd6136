import { createMetrics } from '../../src/outputs/prometheus';
import { createSegmenter } from '../../src/watch/segments';
import { segmentOptions } from '../../src/watch/options';
import { at, buildOutcome } from '../../test/support/builders/ledger-record';
import { type Spread, spreadOf } from './measure';
import type { RowResult } from './row';

export interface RenderFigures {
  readonly lines: number;
  readonly cpu_ms: number;
}

const SEGMENTS = 1_000;
const CHECKS = Array.from({ length: 14 }, (_, index) => `check_${index}`);

/** One page of metrics of a thousand segments with fourteen checks each. */
export async function benchRender({ quick }: { readonly quick: boolean }): Promise<RowResult<RenderFigures>> {
  let nowMs = 0;
  const metrics = createMetrics({
    version: 'bench',
    configHash: 'c',
    clock: { now: () => 0, monotonicMs: () => nowMs },
    maxSegments: SEGMENTS,
    segmentsOf: createSegmenter(segmentOptions.parse({ maxValues: SEGMENTS, producer: [] })),
    processMetrics: false,
  });
  for (let index = 0; index < SEGMENTS; index++) {
    const checks = CHECKS.map((check) => ({ check, result: 'pass' as const }));
    const record = buildOutcome(at(index), { segments: { product: `product-${index}` }, checks });
    metrics.pipelineListener.recordDone(record, null, 5, null);
  }
  const costs: number[] = [];
  let lines = 0;
  for (let round = 0; round < (quick ? 10 : 40); round++) {
    // A page is kept for a second.
    nowMs += 2_000;
    const before = process.cpuUsage();
    const { body } = await metrics.render();
    const { user, system } = process.cpuUsage(before);
    if (round > 2) costs.push((user + system) / 1000);
    lines = body.split('\n').length;
  }
  const value: Spread = spreadOf(costs);
  return {
    figures: { lines, cpu_ms: value.median },
    rows: [{ name: `a page of metrics, ${lines} lines`, unit: 'ms CPU', value, reference: null, goal: null }],
  };
}
