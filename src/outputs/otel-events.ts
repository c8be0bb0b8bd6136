import type * as OtelApi from '@opentelemetry/api';
import type { logs as sdkLogs } from '@opentelemetry/sdk-node';
import type { CriterionVerdict, Verdict } from '../domain/verdict';
import { EXPORT_TIMEOUT_MS, resourceAttributes, type TracingSetup } from './otel';

/** Name and attributes are those of the GenAI conventions; any backend that knows them shows our verdicts beside its traces. */
const EVENT = 'gen_ai.evaluation.result';
const SEVERITY_INFO = 9;

export interface EventsSetup extends Pick<TracingSetup, 'instance' | 'version' | 'logger'> {
  readonly otlpLogsEndpoint?: string | undefined;
  /** Instead of the OTLP exporter. For tests. */
  readonly exporter?: sdkLogs.LogRecordExporter;
}

export interface EvaluationEvents {
  /** One event per criterion that was scored or stayed unjudged; must be cheap, as it is called for every verdict. */
  onVerdict(verdict: Verdict): void;
  /** Sends what is buffered. Idempotent. */
  shutdown(): Promise<void>;
}

const NONE: EvaluationEvents = { onVerdict: () => {}, shutdown: () => Promise.resolve() };

/**
 * Verdicts as OpenTelemetry events over OTLP/HTTP logs, each in the trace of the call it is about where that is known. No text of the
 * interaction and no rationale goes into one. Without an endpoint nothing of OpenTelemetry is loaded.
 */
export async function startEvaluationEvents(setup: EventsSetup): Promise<EvaluationEvents> {
  if (setup.otlpLogsEndpoint === undefined && setup.exporter === undefined) return NONE;
  const [api, { logs, resources }, { OTLPLogExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-logs-otlp-http'),
  ]);
  const exporter =
    setup.exporter ?? new OTLPLogExporter({ url: setup.otlpLogsEndpoint ?? '', timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new logs.LoggerProvider({
    resource: resources.resourceFromAttributes(resourceAttributes(setup)),
    processors: [new logs.BatchLogRecordProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
  });
  const events = provider.getLogger('plumbline', setup.version);
  let stopping: Promise<void> | null = null;
  return {
    onVerdict(verdict) {
      const context = contextOf(api, verdict);
      for (const criterion of verdict.criteria) {
        if (criterion.result !== 'scored' && criterion.result !== 'unjudged') continue;
        events.emit({
          eventName: EVENT,
          severityNumber: SEVERITY_INFO,
          timestamp: verdict.scoredAt,
          attributes: attributesOf(verdict, criterion),
          ...(context === null ? {} : { context }),
        });
      }
    },
    shutdown: () =>
      (stopping ??= provider.shutdown().catch(() => setup.logger.warn({}, 'telemetry: the last events were not sent'))),
  };
}

function attributesOf(verdict: Verdict, criterion: CriterionVerdict): Record<string, string | number | boolean> {
  const { score, pass, unjudgedReason, panel } = criterion;
  return {
    'gen_ai.evaluation.name': criterion.criterion,
    'gen_ai.response.id': verdict.interactionId,
    'gen_ai.conversation.id': verdict.conversationId,
    'plumbline.verdict.id': verdict.verdictId,
    ...(panel === null ? {} : { 'plumbline.panel': panel }),
    ...(score === null ? {} : { 'gen_ai.evaluation.score.value': score }),
    ...(pass === null ? {} : { 'gen_ai.evaluation.score.label': pass ? 'pass' : 'fail' }),
    ...(unjudgedReason === null ? {} : { 'error.type': unjudgedReason }),
  };
}

function contextOf(api: typeof OtelApi, { interaction }: Verdict): OtelApi.Context | null {
  const trace = interaction?.trace ?? null;
  if (trace === null) return null;
  return api.trace.setSpanContext(api.ROOT_CONTEXT, { ...trace, traceFlags: api.TraceFlags.SAMPLED, isRemote: true });
}
