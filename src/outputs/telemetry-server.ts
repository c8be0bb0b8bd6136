import { type HttpReply, type HttpServer, JSON_TEXT, PLAIN_TEXT, startHttpServer } from '../platform/http-server';
import type { Logger } from '../platform/logger';
import type { RenderedMetrics } from './prometheus';

export interface Readiness {
  readonly ready: boolean;
  /** Why not; empty when ready. Shown to anyone who asks, so they never hold text of an interaction. */
  readonly reasons: readonly string[];
}

export interface TelemetryServerSetup {
  readonly host: string;
  readonly port: number;
  readonly render: (accept: string) => Promise<RenderedMetrics>;
  readonly readiness: () => Readiness;
  /** Why only a restart can help; null while that is not so. */
  readonly stall: () => string | null;
  readonly logger: Logger;
}

/**
 * `/metrics`, `/healthz` (the process turns over, and what is in flight moves) and `/readyz` (the consumer's real state). Rejects as
 * `startHttpServer`.
 */
export function startTelemetryServer({ host, port, logger, ...pages }: TelemetryServerSetup): Promise<HttpServer> {
  return startHttpServer({
    host,
    port,
    keys: { host: 'server.host', port: 'server.port' },
    answer: async (path, { headers }) =>
      (await answerTelemetry(pages, path, headers.accept ?? '')) ?? {
        status: 404,
        type: PLAIN_TEXT,
        body: 'try /metrics, /healthz or /readyz\n',
      },
    logger,
  });
}

/** The telemetry pages for a server that serves others too; null for any other path. */
export async function answerTelemetry(
  { render, readiness, stall }: Pick<TelemetryServerSetup, 'render' | 'readiness' | 'stall'>,
  path: string,
  accept: string,
): Promise<HttpReply | null> {
  switch (path) {
    case '/healthz': {
      const why = stall();
      return { status: why === null ? 200 : 503, type: PLAIN_TEXT, body: `${why ?? 'ok'}\n` };
    }
    case '/readyz': {
      const { ready, reasons } = readiness();
      return { status: ready ? 200 : 503, type: JSON_TEXT, body: `${JSON.stringify({ ready, reasons })}\n` };
    }
    case '/metrics': {
      const { contentType, body } = await render(accept);
      return { status: 200, type: contentType, body };
    }
    default:
      return null;
  }
}
