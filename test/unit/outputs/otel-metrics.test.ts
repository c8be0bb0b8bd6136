import fc from 'fast-check';
import type { metrics as sdk } from '@opentelemetry/sdk-node';
import { readOpenMetrics } from '../../../src/outputs/open-metrics';
import { startMetricsExport } from '../../../src/outputs/otel-metrics';
import { createMetrics } from '../../../src/outputs/prometheus';
import { systemClock } from '../../../src/platform/clock';
import { silentLogger } from '../../../src/platform/logger';

const COMMON = { instance: 'test', version: '0.1.0', logger: silentLogger, otlpMetricsSeconds: 3600 };

function exporterInto(batches: sdk.ResourceMetrics[]): sdk.PushMetricExporter {
  return {
    export: (batch, done) => {
      batches.push(batch);
      done({ code: 0 });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

const PAGE = `# HELP plumbline_calls Calls.
# TYPE plumbline_calls counter
plumbline_calls_total{judge="a"} 3
plumbline_calls_total{judge="b\\"{},\\\\\\n"} 4
# HELP plumbline_lag Lag.
# TYPE plumbline_lag gauge
plumbline_lag 7.5
# HELP plumbline_seconds Time.
# TYPE plumbline_seconds histogram
plumbline_seconds_bucket{le="0.5",stage="cheap"} 2 # {trace_id="ab"} 0.4 17
plumbline_seconds_bucket{le="1",stage="cheap"} 5
plumbline_seconds_bucket{le="+Inf",stage="cheap"} 6
plumbline_seconds_sum{stage="cheap"} 4.25
plumbline_seconds_count{stage="cheap"} 6
# EOF
`;

describe('metrics over OTLP', () => {
  it('tell sums, gauges and histograms as the page has them', async () => {
    const batches: sdk.ResourceMetrics[] = [];
    const sent = await startMetricsExport({ ...COMMON, render: async () => PAGE, exporter: exporterInto(batches) });
    await Promise.all([sent.shutdown(), sent.shutdown()]);
    expect(batches).toHaveLength(1);
    expect(batches[0]!.resource.attributes).toMatchObject({
      'service.name': 'plumbline',
      'service.instance.id': 'test',
    });
    const told = batches[0]!.scopeMetrics.flatMap(({ metrics }) => metrics);
    const short = told.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }) => [attributes, value]),
    ]);
    expect(short).toEqual([
      [
        'plumbline_calls',
        [
          [{ judge: 'a' }, 3],
          [{ judge: 'b"{},\\\n' }, 4],
        ],
      ],
      ['plumbline_lag', [[{}, 7.5]]],
      [
        'plumbline_seconds',
        [[{ stage: 'cheap' }, { buckets: { boundaries: [0.5, 1], counts: [2, 3, 1] }, sum: 4.25, count: 6 }]],
      ],
    ]);
    expect(told.map((one) => 'isMonotonic' in one && one.isMonotonic)).toEqual([true, false, false]);
  });

  it('leave out nothing of the real page but summaries and information', async () => {
    const batches: sdk.ResourceMetrics[] = [];
    const metrics = createMetrics({ version: '0.1.0', configHash: 'h', clock: systemClock, maxSegments: 10 });
    const render = async (): Promise<string> => (await metrics.render()).body;
    await (await startMetricsExport({ ...COMMON, render, exporter: exporterInto(batches) })).shutdown();
    const told = batches.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const wanted = readOpenMetrics(await render()).filter(
      ({ samples, type }) => samples.length > 0 && ['counter', 'gauge', 'histogram'].includes(type),
    );
    expect(told.map(({ descriptor }) => descriptor.name)).toEqual(wanted.map(({ name }) => name));
    expect(told.length).toBeGreaterThan(10);
  });

  it('are nothing without an endpoint', async () => {
    const render = jest.fn(async () => PAGE);
    await (await startMetricsExport({ ...COMMON, render })).shutdown();
    expect(render).not.toHaveBeenCalled();
  });

  it('read back every label value that a page can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), (text, value) => {
        const label = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
        const page = `# HELP a b\n# TYPE a gauge\na{x="${label}",y="z"} ${value}\n`;
        expect(readOpenMetrics(page)).toEqual([
          {
            name: 'a',
            type: 'gauge',
            help: 'b',
            samples: [{ name: 'a', labels: { x: text, y: 'z' }, value: value + 0 }],
          },
        ]);
      }),
    );
  });
});
