import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

export const serverOptions = z.strictObject({
  host: z
    .string()
    .default('0.0.0.0')
    .describe('Address of the telemetry port (/metrics, /healthz, /readyz), which holds no text.'),
  port: z.int().min(0).max(65535).default(9464).describe('Telemetry port; 0 takes a free one.'),
  apiHost: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of console and JSON API (`/api/v1/`); loopback only unless `server.auth` is set.'),
  apiPort: z.int().min(0).max(65535).default(9465).describe('Port of console and JSON API; 0 takes a free one.'),
});

export const telemetryOptions = z.strictObject({
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  otlpEndpoint: z
    .url()
    .optional()
    .describe('OTLP/HTTP traces endpoint, e.g. `http://collector:4318/v1/traces`; absent = no traces.'),
  otlpLogsEndpoint: z
    .url()
    .optional()
    .describe(
      'OTLP/HTTP logs endpoint for verdicts as `gen_ai.evaluation.result` events, e.g. `http://collector:4318/v1/logs`; absent = none.',
    ),
  otlpMetricsEndpoint: z
    .url()
    .optional()
    .describe(
      'OTLP/HTTP metrics endpoint, for those who do not scrape, e.g. `http://collector:4318/v1/metrics`; absent = none. The same figures as on /metrics.',
    ),
  otlpMetricsSeconds: z.number().min(1).max(3600).default(60).describe('How often metrics are sent there.'),
  traceRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of interactions traced; a record whose `traceparent` header is not sampled never is.'),
});
export type TelemetryOptions = DeepReadonly<z.infer<typeof telemetryOptions>>;

export const metricsOptions = z.strictObject({
  maxSegments: z.int().min(1).default(200).describe('Segments exported one by one; the rest is `__other__`.'),
});
