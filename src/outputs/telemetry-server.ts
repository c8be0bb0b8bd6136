import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type HttpReply, type HttpServer, JSON_TEXT, PLAIN_TEXT, startHttpServer } from '../platform/http-server';
import type { Logger } from '../platform/logger';
import type { RenderedMetrics } from './page';

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
  const pack = createPacker();
  return startHttpServer({
    host,
    port,
    keys: { host: 'server.host', port: 'server.port' },
    answer: async (path, { headers }) => {
      const reply = await answerTelemetry(pages, path, headers.accept ?? '');
      if (reply === null) return { status: 404, type: PLAIN_TEXT, body: 'try /metrics, /healthz or /readyz\n' };
      return /\bgzip\b/.test(String(headers['accept-encoding'] ?? '')) ? pack(reply) : reply;
    },
    logger,
  });
}

const LEAST_PACKED = 1_000;
const zipped = promisify(gzip);

/** Replies as gzip, which scrapers ask for: a page at the label cap has 1.3 MB, and 80 kB so. A page is packed once. */
export function createPacker(): (reply: HttpReply) => Promise<HttpReply> {
  let last: { readonly body: string; readonly packed: Promise<Buffer> } | null = null;
  return async (reply) => {
    const { body } = reply;
    if (typeof body !== 'string' || body.length < LEAST_PACKED) return reply;
    // The fastest level: the page changes every second, and most of it is the same few words.
    if (last?.body !== body) last = { body, packed: zipped(body, { level: 1 }) };
    const headers = { ...reply.headers, 'Content-Encoding': 'gzip', Vary: 'Accept, Accept-Encoding' };
    return { ...reply, body: await last.packed, headers };
  };
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
