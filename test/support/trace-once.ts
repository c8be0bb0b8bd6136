import { startTracing } from '../../src/outputs/otel';
import { startEvaluationEvents } from '../../src/outputs/otel-events';
import { startMetricsExport } from '../../src/outputs/otel-metrics';
import { createMetrics } from '../../src/outputs/prometheus';
import { systemClock } from '../../src/platform/clock';
import { silentLogger } from '../../src/platform/logger';
import { buildCriterionVerdict, buildVerdict } from './builders/verdict';

/**
 * Sends one span, the events of one verdict and a page of metrics to the endpoint given as argument, then prints what was loaded and which warnings came. A process of
 * its own, because the exporter loads `http` by a dynamic import, which the test runner's sandbox refuses.
 */
async function main(otlpEndpoint: string | undefined): Promise<void> {
  const warnings: string[] = [];
  const tracing = await startTracing({
    instance: 'test',
    version: '0.1.0',
    traceRatio: 1,
    logger: { ...silentLogger, warn: (_fields, message) => void warnings.push(message) },
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
  });
  tracing.observer.inSpan('plumbline.item', { 'messaging.system': 'kafka' }, (span) => span.end());
  const events = await startEvaluationEvents({
    instance: 'test',
    version: '0.1.0',
    logger: silentLogger,
    otlpLogsEndpoint: otlpEndpoint?.replace('/v1/traces', '/v1/logs'),
  });
  events.onVerdict(buildVerdict({ criteria: [buildCriterionVerdict({ criterion: 'helpful', result: 'scored' })] }));
  const metrics = createMetrics({ version: '0.1.0', configHash: 'h', clock: systemClock, maxSegments: 10 });
  metrics.setLag([{ topic: 'interactions', partition: 0, lagRecords: 12 }]);
  const exported = await startMetricsExport({
    instance: 'test',
    version: '0.1.0',
    logger: silentLogger,
    otlpMetricsSeconds: 3600,
    otlpMetricsEndpoint: otlpEndpoint?.replace('/v1/traces', '/v1/metrics'),
    render: async () => (await metrics.render()).body,
  });
  await Promise.all([tracing.shutdown(), tracing.shutdown()]);
  await events.shutdown();
  await exported.shutdown();
  // The API alone comes with the metrics library.
  const loaded = Object.keys(require.cache).filter((path) => /@opentelemetry\/(?!api\/)/.test(path)).length;
  console.log(JSON.stringify({ loaded, warnings, rssMb: Math.round(process.memoryUsage.rss() / 1e6) }));
}

void main(process.argv[2]);
