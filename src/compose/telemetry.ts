import type { LoadedConfig } from '../config/load';
import { type EvaluationEvents, startEvaluationEvents } from '../outputs/otel-events';
import { startMetricsExport } from '../outputs/otel-metrics';
import type { Metrics } from '../outputs/prometheus';
import { startTracing, type Tracing } from '../outputs/otel';
import type { Logger } from '../platform/logger';
import type { Closers } from './closers';
import { programVersion } from './version';

/** What leaves by OpenTelemetry: traces, and verdicts as events. */
export interface Telemetry extends Omit<Tracing, 'shutdown'>, Pick<EvaluationEvents, 'onVerdict'> {}

/** Both, each silent and not even loaded where its endpoint is not configured; `closers` sends what is buffered. */
export async function startTelemetry({ config }: LoadedConfig, logger: Logger, closers: Closers): Promise<Telemetry> {
  const setup = { ...config.telemetry, instance: config.instance.name, version: programVersion(), logger };
  const tracing = await startTracing(setup);
  closers.add(() => tracing.shutdown());
  const events = await startEvaluationEvents(setup);
  closers.add(() => events.shutdown());
  return {
    observer: tracing.observer,
    observeJudgeClient: (client, identity) => tracing.observeJudgeClient(client, identity),
    onVerdict: (verdict) => events.onVerdict(verdict),
  };
}

/** Metrics to where `telemetry.otlpMetricsEndpoint` says, beside the page that is scraped. */
export async function exportMetrics(
  { config }: LoadedConfig,
  metrics: Metrics,
  logger: Logger,
  closers: Closers,
): Promise<void> {
  const sent = await startMetricsExport({
    ...config.telemetry,
    instance: config.instance.name,
    version: programVersion(),
    logger,
    render: async () => (await metrics.render()).body,
  });
  closers.add(() => sent.shutdown());
}
