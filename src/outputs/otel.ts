import type * as OtelApi from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import type { tracing as sdkTracing } from '@opentelemetry/sdk-node';
import type { JudgeClient } from '../judge/port';
import type { Logger } from '../platform/logger';
import { silentObserver } from '../platform/observer';
import type { ActiveSpan, Observer } from '../platform/observer';
import type { SpanOrigin } from '../platform/trace-parent';
import type { TelemetryOptions } from './options';

export interface TracingSetup extends Pick<TelemetryOptions, 'otlpEndpoint' | 'traceRatio'> {
  /** Becomes `service.instance.id`. */
  readonly instance: string;
  readonly version: string;
  readonly logger: Logger;
  /** Instead of the OTLP exporter; `otlpEndpoint` is then not needed. For tests. */
  readonly exporter?: sdkTracing.SpanExporter;
}

export interface JudgeIdentity {
  readonly judge: string;
  readonly model: string;
  /** `gen_ai.provider.name`, e.g. `openai`. */
  readonly provider: string;
  readonly family: string;
}

export interface Tracing {
  readonly observer: Observer;
  /** The same client with a `chat {model}` span round each call. No prompt and no answer goes into a span. */
  observeJudgeClient(client: JudgeClient, identity: JudgeIdentity): JudgeClient;
  /** Sends what is buffered, within five seconds. Idempotent. */
  shutdown(): Promise<void>;
}

type Api = typeof OtelApi;

export const EXPORT_TIMEOUT_MS = 5000;

/** Who all that leaves by OpenTelemetry is from. */
export function resourceAttributes({ instance, version }: Pick<TracingSetup, 'instance' | 'version'>): {
  readonly [name: string]: string;
} {
  return { 'service.name': 'plumbline', 'service.version': version, 'service.instance.id': instance };
}

const SILENT: Tracing = {
  observer: silentObserver,
  observeJudgeClient: (client) => client,
  shutdown: () => Promise.resolve(),
};

/**
 * Traces to an OTLP/HTTP collector; the only place where the OpenTelemetry API is set. Without an endpoint nothing of
 * OpenTelemetry is even loaded: that is 30 MB and 0.2 s of start-up that most installations do not need.
 */
export async function startTracing(setup: TracingSetup): Promise<Tracing> {
  if (setup.otlpEndpoint === undefined && setup.exporter === undefined) return SILENT;
  const [api, { NodeSDK, resources, tracing }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const exporter =
    setup.exporter ?? new OTLPTraceExporter({ url: setup.otlpEndpoint ?? '', timeoutMillis: EXPORT_TIMEOUT_MS });
  const ratio = new tracing.TraceIdRatioBasedSampler(setup.traceRatio);
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes(resourceAttributes(setup)),
    // Everything is named here: left out, the SDK would add exporters of its own from OTEL_* variables.
    autoDetectResources: false,
    textMapPropagator: null,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    // A producer that traces everything must not make us trace everything: its sampled traces are thinned by trace id.
    sampler: new tracing.ParentBasedSampler({ root: ratio, remoteParentSampled: ratio }),
    spanProcessors: [new tracing.BatchSpanProcessor(exporter, { exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
  });
  reportLosses(api, setup.logger);
  sdk.start();
  const tracer = api.trace.getTracer('plumbline', setup.version);
  let stopping: Promise<void> | null = null;
  return {
    observer: createObserver(api, tracer),
    observeJudgeClient: (client, identity) => observeClient(api, tracer, client, identity),
    shutdown: () => (stopping ??= stop(api, sdk, setup.logger)),
  };
}

function createObserver(api: Api, tracer: Tracer): Observer {
  return {
    inSpan: (name, attributes, work, origin) =>
      tracer.startActiveSpan(name, { attributes }, contextOf(api, origin ?? null), (span) => {
        const active = toActiveSpan(api, span);
        const abandon = (error: unknown): void => {
          active.fail(error instanceof Error ? error.name : 'error');
          active.end();
        };
        try {
          const result = work(active);
          if (result instanceof Promise) result.catch(abandon);
          return result;
        } catch (error) {
          abandon(error);
          throw error;
        }
      }),
  };
}

/** The running context, or that of the producer's span. */
function contextOf(api: Api, origin: SpanOrigin | null): OtelApi.Context {
  if (origin === null) return api.context.active();
  const { traceId, spanId, isSampled, traceState } = origin;
  return api.trace.setSpanContext(api.ROOT_CONTEXT, {
    traceId,
    spanId,
    isRemote: true,
    traceFlags: isSampled ? api.TraceFlags.SAMPLED : api.TraceFlags.NONE,
    ...(traceState === '' ? {} : { traceState: api.createTraceState(traceState) }),
  });
}

function toActiveSpan(api: Api, span: Span): ActiveSpan {
  let running = true;
  return {
    set: (attributes) => void span.setAttributes(attributes),
    fail: (reason) => {
      span.setAttribute('error.type', reason);
      span.setStatus({ code: api.SpanStatusCode.ERROR, message: reason });
    },
    link: ({ traceId, spanId }) =>
      void span.addLink({ context: { traceId, spanId, traceFlags: api.TraceFlags.SAMPLED } }),
    end: () => {
      if (running) span.end();
      running = false;
    },
    // A trace that is not sampled exists nowhere, so nothing may link to it.
    traceId: span.isRecording() ? span.spanContext().traceId : null,
    spanId: span.isRecording() ? span.spanContext().spanId : null,
  };
}

function observeClient(api: Api, tracer: Tracer, client: JudgeClient, identity: JudgeIdentity): JudgeClient {
  const options = {
    kind: api.SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': identity.provider,
      'gen_ai.request.model': identity.model,
      'plumbline.judge.name': identity.judge,
      'plumbline.judge.family': identity.family,
    },
  };
  return {
    ...client,
    complete: (request, signal) =>
      tracer.startActiveSpan(`chat ${identity.model}`, options, async (span) => {
        try {
          const reply = await client.complete(request, signal);
          span.setAttributes({
            'gen_ai.usage.input_tokens': reply.inputTokens,
            'gen_ai.usage.output_tokens': reply.outputTokens,
            'plumbline.judge.attempts': reply.attempts,
          });
          if (reply.reportedVersion !== null) span.setAttribute('gen_ai.response.model', reply.reportedVersion);
          if (reply.failure !== null) {
            span.setAttribute('error.type', reply.failure);
            span.setStatus({ code: api.SpanStatusCode.ERROR, message: reply.failureDetail ?? reply.failure });
          }
          return reply;
        } catch (error) {
          span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
          span.setStatus({ code: api.SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      }),
    close: () => client.close(),
  };
}

/** The SDK drops spans silently when the collector is away; once a minute is enough to know. */
function reportLosses(api: Api, logger: Logger): void {
  let quietUntil = -Infinity;
  const report = (message: string): void => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + 60_000;
    logger.warn({ detail: message.slice(0, 300) }, 'tracing: spans may be lost');
  };
  const ignore = (): void => {};
  const sink = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
  api.diag.setLogger(sink, { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true });
}

async function stop(api: Api, sdk: { shutdown(): Promise<void> }, logger: Logger): Promise<void> {
  try {
    await sdk.shutdown();
  } catch {
    logger.warn({}, 'tracing: the last spans were not sent');
  }
  api.trace.disable();
  api.context.disable();
  api.diag.disable();
}
