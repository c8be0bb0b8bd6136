import type { metrics as sdkMetrics } from '@opentelemetry/sdk-node';
import { type MetricFamily, readOpenMetrics, type Sample } from './open-metrics';
import { EXPORT_TIMEOUT_MS, resourceAttributes, type TracingSetup } from './otel';

export interface MetricsExportSetup extends Pick<TracingSetup, 'instance' | 'version' | 'logger'> {
  readonly otlpMetricsEndpoint?: string | undefined;
  readonly otlpMetricsSeconds: number;
  /** The page that scrapers get: both ways tell the same figures. */
  readonly render: () => Promise<string>;
  /** Instead of the OTLP exporter. For tests. */
  readonly exporter?: sdkMetrics.PushMetricExporter;
}

export interface MetricsExport {
  /** Sends the last figures. Idempotent. */
  shutdown(): Promise<void>;
}

type Sdk = typeof sdkMetrics;
type HrTime = [seconds: number, nanoseconds: number];

/**
 * The metrics of the page over OTLP/HTTP, for those who do not scrape: cumulative sums, gauges and histograms under the same names
 * (counters without `_total`, as OpenTelemetry has it) and labels. Without an endpoint nothing of OpenTelemetry is loaded.
 */
export async function startMetricsExport(setup: MetricsExportSetup): Promise<MetricsExport> {
  if (setup.otlpMetricsEndpoint === undefined && setup.exporter === undefined)
    return { shutdown: () => Promise.resolve() };
  const [{ metrics, resources }, { OTLPMetricExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  const exporter =
    setup.exporter ??
    new OTLPMetricExporter({ url: setup.otlpMetricsEndpoint ?? '', timeoutMillis: EXPORT_TIMEOUT_MS });
  const resource = resources.resourceFromAttributes(resourceAttributes(setup));
  const scope = { name: 'plumbline', version: setup.version };
  const startTime = toHrTime(Date.now());
  const ours: sdkMetrics.MetricProducer = {
    async collect() {
      const times = { startTime, endTime: toHrTime(Date.now()) };
      const data = readOpenMetrics(await setup.render()).flatMap((family) => toMetric(metrics, family, times) ?? []);
      return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics: data }] }, errors: [] };
    },
  };
  const intervalMs = setup.otlpMetricsSeconds * 1000;
  const reader = new metrics.PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(EXPORT_TIMEOUT_MS, intervalMs),
    metricProducers: [ours],
  });
  const provider = new metrics.MeterProvider({ resource, readers: [reader] });
  let stopping: Promise<void> | null = null;
  return {
    shutdown: () =>
      (stopping ??= provider
        .shutdown()
        .catch((err: unknown) => setup.logger.warn({ err }, 'telemetry: the last metrics were not sent'))),
  };
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** Null for kinds that have no counterpart (summaries, information), and where there is nothing yet. */
function toMetric(sdk: Sdk, { name, type, help, samples }: MetricFamily, times: Times): sdkMetrics.MetricData | null {
  if (samples.length === 0) return null;
  const common = {
    descriptor: { name, description: help, unit: '', valueType: 1 },
    aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
  };
  const points = (): sdkMetrics.DataPoint<number>[] =>
    samples.map(({ labels, value }) => ({ ...times, attributes: labels, value }));
  if (type === 'counter')
    return { ...common, dataPointType: sdk.DataPointType.SUM, isMonotonic: true, dataPoints: points() };
  if (type === 'gauge') return { ...common, dataPointType: sdk.DataPointType.GAUGE, dataPoints: points() };
  if (type !== 'histogram') return null;
  const dataPoints = childrenOf(samples).map((child) => ({ ...times, ...toHistogram(child) }));
  return { ...common, dataPointType: sdk.DataPointType.HISTOGRAM, dataPoints };
}

/** Samples of one histogram by its labels without the bound; they stand together on the page. */
function childrenOf(samples: readonly Sample[]): Sample[][] {
  const children = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...own } = sample.labels;
    const key = JSON.stringify(own);
    const child = children.get(key);
    if (child === undefined) children.set(key, [sample]);
    else child.push(sample);
  }
  return [...children.values()];
}

/** The page's buckets are cumulative and end with infinity; those of OTLP are each their own, infinity unnamed. */
function toHistogram(
  child: readonly Sample[],
): Pick<sdkMetrics.DataPoint<sdkMetrics.Histogram>, 'attributes' | 'value'> {
  const ended = (suffix: string): Sample[] => child.filter(({ name }) => name.endsWith(suffix));
  const buckets = ended('_bucket');
  const { le: _, ...attributes } = child[0]!.labels;
  return {
    attributes,
    value: {
      buckets: {
        boundaries: buckets.slice(0, -1).map(({ labels }) => Number(labels['le'])),
        counts: buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0)),
      },
      sum: ended('_sum')[0]?.value ?? 0,
      count: ended('_count')[0]?.value ?? 0,
    },
  };
}

function toHrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}
